using System.Globalization;

namespace SeqCore.Samples.Common;

/// <summary>
/// One drawing of a line chart at one width: title, legend and axis title above, then the lines over a grid.
/// </summary>
internal sealed class LineChartDrawing
{
    private const double Character = 7.4, TitleCharacter = 10.2, Row = 19, Sample = 30, MarkerRows = 4;
    private readonly MarkupBuilder svg = new();
    private readonly LineChart chart;
    private readonly int width;
    private readonly Axis across, up;
    private readonly string[] title;
    private readonly (double X, int Row)[] legend;
    private readonly double left, right, top, bottom, height;

    public LineChartDrawing(LineChart chart, int width, double leastMargin)
    {
        (this.chart, this.width) = (chart, width);
        title = chart.Title is null ? [] : [.. Show.Lines(chart.Title, (int)(width / TitleCharacter))];
        legend = LayOut();
        top = 10 + 22 * title.Length + Row * (legend.Length == 0 ? 0 : legend[^1].Row + 1) + Row + 14;
        var plot = Math.Clamp(width * 0.5, 210, 340);
        bottom = top + plot;
        height = bottom + 46;
        var points = chart.Series.SelectMany(s => s.Points).ToArray();
        up = chart.Y.For([.. points.Select(p => p.Y), .. points.Select(p => p.Low), .. points.Select(p => p.High)],
            0.04, (int)(plot / 32));
        left = Math.Max(leastMargin, 14 + Character * up.Ticks.Select(t => up.Label(t).Length).DefaultIfEmpty(1).Max());
        right = width - 22;
        across = chart.X.For(points.Select(p => p.X), chart.X.LogBase is null ? 0 : 0.02,
            (int)((right - left) / (chart.X.LogBase is null ? 58 : 46)));
    }

    public string Draw()
    {
        svg.Add($"<svg class=\"chart\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\"");
        svg.Add($"role=\"img\" aria-label=\"{chart.Title ?? $"{chart.Y.Title} over {chart.X.Title}"}\">");
        for (var i = 0; i < title.Length; i++)
            svg.Add($"<text class=\"title\" x=\"4\" y=\"{20 + 22 * i}\">{title[i]}</text>");
        Legend();
        Spans();
        Axes();
        for (var i = 0; i < chart.Series.Count; i++)
            Spread(chart.Series[i], Colour(i));
        for (var i = 0; i < chart.Series.Count; i++)
            Line(i);
        Markers();
        svg.Add($"</svg>");
        return svg.ToString();
    }

    private (double X, int Row)[] LayOut()
    {
        if (chart.Series.Count < 2)
            return [];
        var places = new (double X, int Row)[chart.Series.Count];
        var (x, row) = (4.0, 0);
        for (var i = 0; i < places.Length; i++)
        {
            var length = Sample + 8 + Character * chart.Series[i].Name.Length;
            if (x > 4 && x + length > width)
                (x, row) = (4, row + 1);
            places[i] = (x, row);
            x += length + 14;
        }

        return places;
    }

    private void Legend()
    {
        for (var i = 0; i < legend.Length; i++)
        {
            var (x, row) = legend[i];
            var y = 10 + 22 * title.Length + Row * row + 10;
            svg.Add($"<path class=\"line s{Colour(i)} d{Style(i)}\" d=\"M{x} {y}h{Sample}\"/>");
            if (chart.Series[i].HasSymbols)
                Symbol(i, x + Sample / 2, y, null);
            svg.Add($"<text x=\"{x + Sample + 6}\" y=\"{y + 4.5}\">{chart.Series[i].Name}</text>");
        }
    }

    private void Spans()
    {
        foreach (var span in chart.Spans)
        {
            var (from, to) = (Math.Clamp(X(span.From), left, right), Math.Clamp(X(span.To), left, right));
            if (to > from)
                svg.Add($"<rect class=\"span\" x=\"{from}\" y=\"{top}\" width=\"{to - from}\" height=\"{bottom - top}\"/>");
        }
    }

    private void Axes()
    {
        svg.Add($"<text class=\"soft\" x=\"4\" y=\"{top - 12}\">{chart.Y.Title}</text>");
        foreach (var tick in up.Ticks)
        {
            svg.Add($"<path class=\"grid\" d=\"M{left} {Y(tick)}H{right}\"/>");
            svg.Add($"<text class=\"end\" x=\"{left - 7}\" y=\"{Y(tick) + 4.5}\">{up.Label(tick)}</text>");
        }

        foreach (var tick in across.Ticks)
        {
            svg.Add($"<path class=\"axis\" d=\"M{X(tick)} {bottom}v5\"/>");
            svg.Add($"<text class=\"middle\" x=\"{X(tick)}\" y=\"{bottom + 20}\">{across.Label(tick)}</text>");
        }

        svg.Add($"<path class=\"axis\" d=\"M{left} {top}V{bottom}H{right}\"/>");
        svg.Add($"<text class=\"soft end\" x=\"{right}\" y=\"{bottom + 38}\">{chart.X.Title}</text>");
    }

    private void Spread(ChartSeries series, int colour)
    {
        var points = series.Points.Where(p => IsInside(p.X, p.Y) && double.IsFinite(p.Low + p.High) && p.High > p.Low).ToArray();
        if (series.HasErrorBars)
        {
            foreach (var p in points)
                svg.Add($"<path class=\"symbol s{colour}\" d=\"M{X(p.X) - 3} {Edge(p.High)}h6m-3 0V{Edge(p.Low)}m-3 0h6\"/>");
        }
        else if (points.Length > 1)
        {
            var outline = points.Select(p => (X: X(p.X), Y: Edge(p.High)))
                .Concat(points.Reverse().Select(p => (X: X(p.X), Y: Edge(p.Low))));
            svg.Add($"<path class=\"band s{colour}\" d=\"{Path(outline)}Z\"/>");
        }
    }

    private void Line(int index)
    {
        var series = chart.Series[index];
        var every = Math.Max(1, (series.Points.Count + 11) / 12);
        var offset = series.Points.Count > 12 ? Style(index) * every / ChartStyle.Count : 0;
        foreach (var run in Runs(series.Points))
        {
            if (run.Count > 1)
            {
                var path = Path(run.Select(i => (X(series.Points[i].X), Y(series.Points[i].Y))));
                var thin = new RawMarkup(series.IsThin ? " style=\"stroke-width:.8;stroke-dasharray:none\"" : "");
                svg.Add($"<path class=\"line s{Colour(index)} d{Style(index)}\"{thin} d=\"{path}\"/>");
            }

            foreach (var i in run.Where(i => (series.HasSymbols && i % every == offset) || run.Count == 1))
                Symbol(index, X(series.Points[i].X), Y(series.Points[i].Y), Words(series, series.Points[i]));
        }
    }

    /// <summary>Ranges of consecutive points that are all visible.</summary>
    private List<List<int>> Runs(IReadOnlyList<ChartPoint> points)
    {
        var runs = new List<List<int>>();
        for (var i = 0; i < points.Count; i++)
        {
            if (!IsInside(points[i].X, points[i].Y))
                continue;
            if (i == 0 || runs.Count == 0 || runs[^1][^1] != i - 1)
                runs.Add([]);
            runs[^1].Add(i);
        }

        return runs;
    }

    private void Markers()
    {
        var row = 0;
        foreach (var marker in chart.Markers.Where(m => IsInside(m.X, m.Y)).OrderBy(m => m.X))
        {
            var x = X(marker.X);
            var y = marker.Y is { } value ? Y(value) : top + 14 + 17 * (row++ % MarkerRows);
            svg.Add(marker.Y is null
                ? (FormattableString)$"<path class=\"mark dotted\" d=\"M{x} {top}V{bottom}\"/>"
                : $"<circle class=\"mark\" cx=\"{x}\" cy=\"{y}\" r=\"7\"/>");
            var isLeft = x + 10 + Character * marker.Label.Length < right;
            var beside = marker.Y is null ? 6 : 11;
            var (labelX, labelY) = (x + (isLeft ? beside : -beside), marker.Y is null ? y : y - 8);
            var end = new RawMarkup(isLeft ? "" : " end");
            svg.Add($"<text class=\"halo{end}\" x=\"{labelX}\" y=\"{labelY}\">{marker.Label}</text>");
        }
    }

    private void Symbol(int index, double x, double y, string? words)
    {
        var path = Style(index) switch
        {
            0 => $"M{N(x - 3.5)} {N(y)}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0Z",
            1 => $"M{N(x - 3.2)} {N(y - 3.2)}h6.4v6.4h-6.4Z",
            2 => $"M{N(x)} {N(y - 4.4)}l4.2 7.4h-8.4Z",
            3 => $"M{N(x)} {N(y - 4.6)}l4.6 4.6l-4.6 4.6l-4.6 -4.6Z",
            4 => $"M{N(x)} {N(y + 4.4)}l4.2 -7.4h-8.4Z",
            5 => $"M{N(x - 4)} {N(y)}h8m-4 -4v8",
            6 => $"M{N(x - 3.2)} {N(y - 3.2)}l6.4 6.4m0 -6.4l-6.4 6.4",
            _ => $"M{N(x - 4)} {N(y - 2)}h8v4h-8Z",
        };
        svg.Add(words is null
            ? (FormattableString)$"<path class=\"symbol s{Colour(index)}\" d=\"{path}\"/>"
            : $"<path class=\"symbol s{Colour(index)}\" d=\"{path}\"><title>{words}</title></path>");
    }

    private string Words(ChartSeries series, ChartPoint p)
    {
        var spread = double.IsFinite(p.Low + p.High) && p.High > p.Low ? $" ({Short(p.Low)} to {Short(p.High)})" : "";
        var place = chart.X.Times?.At(p.X).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? Short(p.X);
        return $"{series.Name}: {Short(p.Y)}{spread} at {place}";
    }

    private static string Short(double value) =>
        (Math.Abs(value) is >= 0.001 and < 1e6 or 0
            ? value.ToString("#,0.####", CultureInfo.InvariantCulture)
            : value.ToString("0.##e0", CultureInfo.InvariantCulture));

    private static string Path(IEnumerable<(double X, double Y)> points) =>
        "M" + string.Join('L', points.Select(p => $"{N(p.X)} {N(p.Y)}"));

    private static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private int Colour(int index) => (int?)chart.Series[index].Colour ?? Style(index);

    private int Style(int index) => (chart.Series[index].Style ?? index) % ChartStyle.Count;

    private bool IsInside(double x, double? y) =>
        across.Place(x) is >= -1e-9 and <= 1 + 1e-9 && (y is null || up.Place(y.Value) is >= -1e-9 and <= 1 + 1e-9);

    private double X(double value) => left + across.Place(value) * (right - left);

    private double Y(double value) => bottom - up.Place(value) * (bottom - top);

    private double Edge(double value) => Math.Clamp(double.IsNaN(up.Place(value)) ? bottom : Y(value), top, bottom);
}
