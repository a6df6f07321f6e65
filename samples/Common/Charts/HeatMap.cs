using System.Globalization;

namespace SeqCore.Samples.Common;

/// <summary>A matrix as coloured cells with words at its sides, drawn as SVG; a tooltip shows the value of a cell.</summary>
/// <remarks>
/// 0 has the colour of the ground, so the map is legible in light and dark. NaN leaves a cell out. Control characters and spaces
/// are made visible, and long words are shortened.
/// </remarks>
public sealed class HeatMap
{
    private const double Letter = 7, Capital = 9.5, Margin = 6;
    private const int LongestWord = 14;
    private const double LeastVisible = 0.02;

    // Where a cell is fuller than this, words have more contrast in the colour of the ground.
    private const double Full = 0.5;
    private readonly float[] values;
    private readonly string[] rows;
    private readonly string[] columns;

    /// <summary>A map of a matrix.</summary>
    /// <param name="title">The title above the map.</param>
    /// <param name="values">The values row by row; NaN for missing cells.</param>
    /// <param name="rows">A word for each row.</param>
    /// <param name="columns">A word for each column.</param>
    public HeatMap(string title, float[] values, IReadOnlyList<string> rows, IReadOnlyList<string> columns)
    {
        if (values.Length != rows.Count * columns.Count)
        {
            throw new ArgumentException($"HeatMap: {values.Length} values for {rows.Count} rows and {columns.Count} columns.",
                nameof(values));
        }

        Title = title;
        this.values = values;
        this.rows = [.. rows.Select(Visible)];
        this.columns = [.. columns.Select(Visible)];
    }

    /// <summary>The title above the map.</summary>
    public string Title { get; }

    /// <summary>The title of the rows; null for none.</summary>
    public string? RowTitle { get; init; }

    /// <summary>The title of the columns; null for none.</summary>
    public string? ColumnTitle { get; init; }

    /// <summary>The value with the full colour; negative values have another colour, which is full at minus this value.</summary>
    public float Most { get; init; } = 1;

    /// <summary>A short text in each cell, row by row, such as a count; null for none.</summary>
    public IReadOnlyList<string>? CellTexts { get; init; }

    /// <summary>Whether the scale goes below 0.</summary>
    public bool IsSigned => values.Any(v => v < 0);

    private double Cell => Math.Max(Math.Max(rows.Length, columns.Length) switch { <= 16 => 20, <= 32 => 16, _ => 13 },
        CellTexts is { Count: > 0 } ? Math.Max(26, (Letter * CellTexts.Max(t => t.Length)) + 12) : 0);

    /// <summary>The map for a page that has <see cref="ChartStyle"/>, in its colours.</summary>
    public string Draw()
    {
        var svg = new MarkupBuilder();
        var cell = Cell;
        var isUpright = columns.All(c => c.Length <= 1);
        var left = Margin + Longest(rows) + (RowTitle is null ? 4 : 22);
        var top = (ColumnTitle is null ? 4 : 20) + (isUpright ? 16 : Longest(columns) + 8);
        var (width, height) = (left + cell * columns.Length + 2, top + cell * rows.Length + 2);
        width = Math.Max(width, left + Letter * (ColumnTitle?.Length ?? 0));
        height = Math.Max(height, top + Letter * (RowTitle?.Length ?? 0));
        svg.Add($"<svg class=\"chart\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\"");
        svg.Add($"role=\"img\" aria-label=\"{Title}\">");
        if (ColumnTitle is not null)
            svg.Add($"<text class=\"soft small\" x=\"{left}\" y=\"13\">{ColumnTitle}</text>");
        if (RowTitle is not null)
            svg.Add($"<text class=\"soft small end\" transform=\"translate(13 {top}) rotate(-90)\">{RowTitle}</text>");
        for (var c = 0; c < columns.Length; c++)
        {
            var x = left + cell * (c + 0.5);
            svg.Add(isUpright
                ? (FormattableString)$"<text class=\"middle\" x=\"{x}\" y=\"{top - 5}\">{columns[c]}</text>"
                : $"<text transform=\"translate({x + 4.5} {top - 5}) rotate(-90)\">{columns[c]}</text>");
        }

        for (var r = 0; r < rows.Length; r++)
            svg.Add($"<text class=\"end\" x=\"{left - 6}\" y=\"{top + cell * (r + 0.5) + 4.5}\">{rows[r]}</text>");
        svg.Add($"<g class=\"heat\" transform=\"translate({left} {top}) scale({cell})\">");
        Cells(svg);
        var (wide, high) = (cell * columns.Length, cell * rows.Length);
        svg.Add($"</g><path class=\"frame\" d=\"M{left} {top}h{wide}v{high}h{-wide}Z\"/>");
        AddTexts(svg, left, top, cell);
        svg.Add($"</svg>");
        return svg.ToString();
    }

    /// <summary>The cells alone, without words, in a small square, for an overview of many maps.</summary>
    /// <param name="size">The length of its sides.</param>
    public string DrawThumbnail(double size)
    {
        var svg = new MarkupBuilder();
        svg.Add($"<svg class=\"chart\" viewBox=\"0 0 {size} {size}\" width=\"{size}\" height=\"{size}\" role=\"img\"");
        svg.Add($"aria-label=\"{Title}\">");
        var (wide, high) = (size / columns.Length, size / rows.Length);
        svg.Add($"<g class=\"heat\" transform=\"scale({wide:0.#####} {high:0.#####})\">");
        Cells(svg, hasTooltips: false);
        svg.Add($"</g><path class=\"frame\" d=\"M0 0h{size}v{size}h{-size}Z\"/></svg>");
        return svg.ToString();
    }

    /// <summary>The colour scale.</summary>
    public string DrawScale()
    {
        var svg = new MarkupBuilder();
        const int Steps = 8, Width = 18;
        var first = IsSigned ? -Steps : 0;
        var width = (Steps - first + 1) * Width;
        svg.Add($"<svg class=\"chart\" viewBox=\"0 0 {width + 90} 18\" width=\"{width + 90}\" height=\"18\"");
        svg.Add($"role=\"img\" aria-label=\"scale\">");
        svg.Add($"<text class=\"soft end\" x=\"40\" y=\"14\">{first * Most / Steps:0.##}</text>");
        for (var i = first; i <= Steps; i++)
        {
            svg.Add($"<rect class=\"{(i < 0 ? "cold" : "heat")}\" x=\"{46 + (i - first) * Width}\" y=\"2\" width=\"{Width}\"");
            svg.Add($"height=\"14\" fill-opacity=\"{Math.Abs(i) / (double)Steps}\"/>");
        }

        svg.Add($"<path class=\"frame\" d=\"M46 2h{width}v14h{-width}Z\"/>");
        svg.Add($"<text class=\"soft\" x=\"{52 + width}\" y=\"14\">{Most:0.##}</text></svg>");
        return svg.ToString();
    }

    /// <summary>The chart as a document of its own, on a ground that follows the reader's colour scheme.</summary>
    public string ToSvg() => ChartStyle.Standalone(Draw());

    /// <summary>
    /// A word with visible signs for spaces, line ends and other control characters, shortened if it is long.
    /// </summary>
    public static string Visible(string word)
    {
        var shown = string.Concat(word.Select(c => c switch
        {
            ' ' => '␣',
            '\n' => '⏎',
            '\t' => '⇥',
            '\u007f' => '\u2421',
            < ' ' => (char)('\u2400' + c),
            >= '\u0080' and < '\u00a0' or '\ufffe' or '\uffff' => '\ufffd',
            _ => c,
        }));
        return shown.Length == 0 ? "∅" : shown.Length > LongestWord ? $"{shown[..(LongestWord - 1)]}…" : shown;
    }

    private void Cells(MarkupBuilder svg, bool hasTooltips = true)
    {
        for (var r = 0; r < rows.Length; r++)
        {
            for (var c = 0; c < columns.Length; c++)
            {
                var value = values[r * columns.Length + c];
                if (float.IsNaN(value))
                    continue;
                var cold = new RawMarkup(value < 0 ? " class=\"cold\"" : "");
                var opacity = Math.Min(1, Math.Abs(value) / Most);
                if (!hasTooltips)
                {
                    if (opacity >= LeastVisible)
                        svg.Add($"<rect{cold} x=\"{c}\" y=\"{r}\" width=\"1\" height=\"1\" fill-opacity=\"{opacity}\"/>");
                    continue;
                }

                var exact = value.ToString("0.###", CultureInfo.InvariantCulture);
                svg.Add($"<rect{cold} x=\"{c}\" y=\"{r}\" width=\"1\" height=\"1\"");
                svg.Add($"fill-opacity=\"{opacity}\"><title>{rows[r]} – {columns[c]}: {exact}</title></rect>");
            }
        }
    }

    private void AddTexts(MarkupBuilder svg, double left, double top, double cell)
    {
        for (var i = 0; i < (CellTexts?.Count ?? 0); i++)
        {
            var (r, c) = (i / columns.Length, i % columns.Length);
            var kind = new RawMarkup(Math.Abs(values[i]) / Most > Full ? " on" : "");
            var (x, y) = (left + (cell * (c + 0.5)), top + (cell * (r + 0.5)) + 4.5);
            svg.Add($"<text class=\"middle cell{kind}\" x=\"{x}\" y=\"{y}\">{CellTexts![i]}</text>");
        }
    }

    /// <summary>The width of the longest word, about.</summary>
    private static double Longest(string[] words) =>
        words.Length == 0 ? 0 : words.Max(w => w.Sum(c => char.IsUpper(c) ? Capital : Letter));
}
