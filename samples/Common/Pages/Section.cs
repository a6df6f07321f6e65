namespace SeqCore.Samples.Common;

/// <summary>A chapter of the page: text, charts and tables in order. The terminal gets its tables.</summary>
/// <param name="title">The heading of the chapter.</param>
public sealed class Section(string title)
{
    private readonly List<Action<HtmlPage>> parts = [];
    private readonly List<Table> tables = [];
    private readonly List<LineChart> charts = [];

    /// <summary>The heading of the chapter.</summary>
    public string Title => title;

    /// <summary>The tables in order.</summary>
    public IReadOnlyList<Table> Tables => tables;

    /// <summary>The charts in order.</summary>
    public IReadOnlyList<LineChart> Charts => charts;

    /// <summary>Adds a paragraph.</summary>
    public void Text(string words) => parts.Add(page => page.Paragraph(words));

    /// <summary>Adds a table, unless it has no rows.</summary>
    public void Add(Table table)
    {
        if (table.Rows.Count == 0)
            return;
        tables.Add(table);
        parts.Add(page =>
        {
            page.Heading(table.Title, 3);
            page.Table(table.Head, table.Rows.Select(r => (IReadOnlyList<string>)[.. r.Select(c => c.Text)]));
        });
    }

    /// <summary>Adds a chart, unless it has no points.</summary>
    public void Add(LineChart chart, string caption)
    {
        if (!chart.Series.Any(s => s.Points.Count > 0))
            return;
        charts.Add(chart);
        parts.Add(page => page.Chart(chart, caption));
    }

    /// <summary>Adds the chapter to a page.</summary>
    public void AddTo(HtmlPage page)
    {
        page.Heading(title);
        foreach (var part in parts)
            part(page);
    }

    /// <summary>Prints the tables of the chapter.</summary>
    public void Print(Terminal terminal)
    {
        terminal.Line();
        terminal.Heading(title);
        foreach (var table in tables)
            table.Print(terminal);
    }
}
