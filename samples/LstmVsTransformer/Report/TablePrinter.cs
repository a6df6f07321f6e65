using System.Text;
using SeqCore.Samples.Common;
using Spectre.Console;

namespace SeqCore.Samples.LstmVsTransformer.Report;

/// <summary>
/// Prints tables: with lines on a terminal, as aligned words elsewhere; as JSON lines where those are asked for.
/// </summary>
internal static class TablePrinter
{
    /// <summary>Cells longer than this get a line of their own in plain text.</summary>
    private const int Long = 60;

    internal static void Print(Table table, Terminal terminal)
    {
        foreach (var row in table.Rows)
            terminal.Result([("table", table.Title), .. table.Head.Zip(row, (head, cell) => (head, (object?)cell))]);
        if (terminal.IsLive)
            terminal.Console.Write(Live(table));
        else
            terminal.Line(Plain(table));
    }

    private static Spectre.Console.Table Live(Table table)
    {
        var live = new Spectre.Console.Table().Title(Markup.Escape(table.Title)).Border(TableBorder.Rounded);
        foreach (var head in table.Head)
            live.AddColumn(new TableColumn(Markup.Escape(head)));
        foreach (var row in table.Rows)
            live.AddRow([.. row.Select(Markup.Escape)]);
        return live;
    }

    private static string Plain(Table table)
    {
        var columns = Enumerable.Range(0, table.Head.Count).ToArray();
        var isLong = Array.ConvertAll(columns, c => table.Rows.Any(r => r[c].Length > Long));
        var widths = Array.ConvertAll(columns, c => table.Rows.Select(r => r[c].Length).Append(table.Head[c].Length).Max());
        var text = new StringBuilder("\n" + table.Title + "\n");
        Line(c => table.Head[c]);
        foreach (var row in table.Rows)
        {
            Line(c => row[c]);
            foreach (var c in columns.Where(c => isLong[c]))
                text.Append("    ").Append(table.Head[c]).Append(": ").Append(row[c]).Append('\n');
        }

        return text.ToString().TrimEnd('\n');

        void Line(Func<int, string> cell)
        {
            var cells = columns.Where(c => !isLong[c])
                .Select(c => c == 0 ? cell(c).PadRight(widths[c]) : cell(c).PadLeft(widths[c]));
            text.Append("  ").Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }
    }
}
