using Spectre.Console;

namespace SeqCore.Samples.Common;

/// <summary>A table for the page and the terminal.</summary>
/// <param name="Title">The title above the table.</param>
/// <param name="Head">Names of the columns.</param>
/// <param name="Rows">The cells of each row, one for each column.</param>
public sealed record Table(string Title, IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Cells longer than this get a line of their own in plain text.</summary>
    private const int Long = 60;

    /// <summary>Prints the table: framed on a terminal, as plain text elsewhere, and as JSON lines where requested.</summary>
    public void Print(Terminal terminal)
    {
        foreach (var row in Rows)
            terminal.Result([("table", Title), .. Head.Zip(row, (head, cell) => (head, (object?)cell))]);
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
            live.AddRow([.. row.Select(Markup.Escape)]);
        return live;
    }

    /// <summary>Head and rows as aligned text, the first column to the left; long cells follow on lines of their own.</summary>
    public IEnumerable<string> Lines()
    {
        var columns = Enumerable.Range(0, Head.Count).ToArray();
        var isLong = Array.ConvertAll(columns, c => Rows.Any(r => r[c].Length > Long));
        var widths = Array.ConvertAll(columns, c => Rows.Select(r => r[c].Length).Append(Head[c].Length).Max());
        yield return Line(Head);
        foreach (var row in Rows)
        {
            yield return Line(row);
            foreach (var c in columns.Where(c => isLong[c]))
                yield return $"    {Head[c]}: {row[c]}";
        }

        string Line(IReadOnlyList<string> row) => "  " + string.Join("  ", columns.Where(c => !isLong[c])
            .Select(c => c == 0 ? row[c].PadRight(widths[c]) : row[c].PadLeft(widths[c]))).TrimEnd();
    }
}
