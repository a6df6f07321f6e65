namespace SeqCore.Samples.Common;

/// <summary>Named figures as horizontal bars on a scale from 0, drawn as SVG.</summary>
public static class BarChart
{
    private const double Width = 720, Left = 190, Row = 30, Top = 46;

    /// <summary>The chart as a document of its own, on a ground that follows the reader's colour scheme.</summary>
    /// <param name="title">The title above the chart.</param>
    /// <param name="unit">The unit of the figures.</param>
    /// <param name="bars">The bars from top to bottom.</param>
    public static string ToSvg(string title, string unit, IReadOnlyList<(string Name, double Value)> bars)
    {
        var (svg, greatest) = (new MarkupBuilder(), bars.Max(b => b.Value));
        var height = Top + Row * bars.Count + 14;
        svg.Add($"<svg class=\"chart\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\"");
        svg.Add($"role=\"img\" aria-label=\"{title}\">");
        svg.Add($"<text class=\"title\" x=\"16\" y=\"26\">{title} ({unit})</text>");
        for (var i = 0; i < bars.Count; i++)
        {
            var (y, length) = (Top + Row * i, Math.Max(1, (Width - Left - 80) * bars[i].Value / greatest));
            svg.Add($"<text class=\"end\" x=\"{Left - 10}\" y=\"{y + 15}\">{bars[i].Name}</text>");
            svg.Add($"<rect class=\"s0\" x=\"{Left}\" y=\"{y}\" width=\"{length}\" height=\"20\" rx=\"2\"/>");
            svg.Add($"<text x=\"{Left + length + 8}\" y=\"{y + 15}\">{bars[i].Value:0.0}</text>");
        }

        svg.Add($"</svg>");
        return ChartStyle.Standalone(svg.ToString());
    }
}
