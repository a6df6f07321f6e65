using Spectre.Console;

namespace SeqCore.Samples.Common;

/// <summary>A table for the page and the terminal.</summary>
/// <param name="Title">The title above the table.</param>
/// <param name="Head">Names of the columns.</param>
/// <param name="Rows">The cells of each row, one for each column.</param>
public sealed record Table(string Title, IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<Cell>> Rows)
{
    /// <summary>Cells longer than this get a line of their own in plain text.</summary>
    private const int Long = 60;

    /// <summary>The name of the table in JSON; by default the title.</summary>
    public string Name { get; init; } = Title;

    /// <summary>The names of the columns in JSON, in snake case; by default those of the head.</summary>
    public IReadOnlyList<string> Keys { get; init; } = Head;

    /// <summary>The unit of the cells' values in JSON, such as seconds; null if they have none or several.</summary>
    public string? Unit { get; init; }

    /// <summary>Whether the lines of the table are whole on this terminal.</summary>
    public bool Fits(Terminal terminal) =>
        Head.Select((h, c) => Rows.Select(r => r[c].Text.Length).Append(h.Length).Max() + 3).Sum() < terminal.Width;

    /// <summary>
    /// Prints the table: framed on a terminal, unless it is wider than that, as plain text elsewhere, and as JSON lines where
    /// requested.
    /// </summary>
    public void Print(Terminal terminal)
    {
        foreach (var row in Rows)
        {
            terminal.Result([("event", "table"), ("table", Name),
                .. Unit is null ? [] : new (string, object?)[] { ("unit", Unit) },
                .. Keys.Zip(row, (head, cell) => (head, cell.Value))]);
        }

        if (terminal.IsLive && !Fits(terminal))
            return;
        if (terminal.IsLive)
            terminal.Console.Write(Live());
        else
            terminal.Line(string.Join('\n', ["", Title, .. Lines()]));
    }

    private Spectre.Console.Table Live()
    {
        var live = new Spectre.Console.Table().Title(Markup.Escape(Title)).Border(TableBorder.Rounded);
        foreach (var head in Head)
            live.AddColumn(new TableColumn(Markup.Escape(head)));
        foreach (var row in Rows)
            live.AddRow([.. row.Select(c => Markup.Escape(c.Text))]);
        return live;
    }

    /// <summary>Head and rows as aligned text, the first column to the left; long cells follow on lines of their own.</summary>
    public IEnumerable<string> Lines()
    {
        var columns = Enumerable.Range(0, Head.Count).ToArray();
        var isLong = Array.ConvertAll(columns, c => Rows.Any(r => r[c].Text.Length > Long));
        var widths = Array.ConvertAll(columns, c => Rows.Select(r => r[c].Text.Length).Append(Head[c].Length).Max());
        yield return Line(Head);
        foreach (var row in Rows)
        {
            yield return Line([.. row.Select(c => c.Text)]);
            foreach (var c in columns.Where(c => isLong[c]))
                yield return $"    {Head[c]}: {row[c].Text}";
        }

        string Line(IReadOnlyList<string> row) => "  " + string.Join("  ", columns.Where(c => !isLong[c])
            .Select(c => c == 0 ? row[c].PadRight(widths[c]) : row[c].PadLeft(widths[c]))).TrimEnd();
    }
}

/// <summary>A cell of a table.</summary>
/// <param name="Text">What people read, such as "12.3 ms".</param>
/// <param name="Value">The same for JSON: a number in the table's unit, a text, or null if there is none.</param>
public readonly record struct Cell(string Text, object? Value)
{
    /// <summary>A number with the text that shows it.</summary>
    public static Cell Of(double? value, Func<double, string> format) =>
        value is { } number && !double.IsNaN(number) ? new Cell(format(number), number) : "-";

    /// <summary>A text, or a dash for what does not exist.</summary>
    public static implicit operator Cell(string text) => new(text, text == "-" ? null : text);
}
