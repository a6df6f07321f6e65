using System.Globalization;

namespace SeqCore.Samples.Common;

/// <summary>
/// A row for each of some things that were measured several times: a dot for each measurement, and a line at their mean.
/// </summary>
/// <param name="title">The title above the chart.</param>
/// <param name="axis">The measured quantity and its unit.</param>
/// <param name="rows">The rows from top to bottom, each with at least one finite measurement.</param>
public sealed class DotChart(string title, ChartAxis axis, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> rows)
{
    private const double Row = 34, Character = 7.4, Radius = 4.5;

    /// <summary>The title above the chart.</summary>
    public string Title => title;

    /// <summary>The chart for a page that has <see cref="ChartStyle"/>, in its colours.</summary>
    /// <param name="width">The width in pixels; where it is narrow for the names, they are above their rows.</param>
    public string Draw(int width = LineChart.Wide)
    {
        var svg = new MarkupBuilder();
        var names = rows.Max(r => r.Name.Length) * Character;
        var isNarrow = width <= LineChart.Narrow || names > 0.4 * width;
        var lines = Show.Lines(title, (int)(width / 10.2));
        var (left, right) = (isNarrow ? 14.0 : names + 22, width - 64.0);
        var (top, step) = (22.0 * lines.Count + 22, isNarrow ? Row + 18 : Row);
        var bottom = top + (rows.Count * step);
        var scale = axis.For(rows.SelectMany(r => r.Values), 0.06, Math.Max(2, (int)((right - left) / 70)));
        svg.Add($"<svg class=\"chart\" viewBox=\"0 0 {width} {bottom + 44}\" width=\"{width}\" height=\"{bottom + 44}\"");
        svg.Add($"role=\"img\" aria-label=\"{title}\">");
        foreach (var (i, line) in lines.Index())
            svg.Add($"<text class=\"title\" x=\"4\" y=\"{20 + (22 * i)}\">{line}</text>");
        foreach (var tick in scale.Ticks)
        {
            svg.Add($"<line class=\"grid\" x1=\"{X(tick)}\" y1=\"{top}\" x2=\"{X(tick)}\" y2=\"{bottom}\"/>");
            svg.Add($"<text class=\"soft middle\" x=\"{X(tick)}\" y=\"{bottom + 17}\">{scale.Label(tick)}</text>");
        }

        svg.Add($"<text class=\"soft middle\" x=\"{(left + right) / 2}\" y=\"{bottom + 36}\">{axis.Title}</text>");
        foreach (var (i, (name, values)) in rows.Index())
        {
            var y = top + (step * i) + step - (Row / 2);
            var mean = values.Average();
            if (isNarrow)
                svg.Add($"<text x=\"{left}\" y=\"{y - 17}\">{name}</text>");
            else
                svg.Add($"<text class=\"end\" x=\"{left - 12}\" y=\"{y + 5}\">{name}</text>");
            svg.Add($"<line class=\"axis\" x1=\"{left}\" y1=\"{y}\" x2=\"{right}\" y2=\"{y}\"/>");
            var colour = $"s{i % ChartStyle.Count}";
            svg.Add($"<line class=\"{colour} line\" x1=\"{X(mean)}\" y1=\"{y - 11}\" x2=\"{X(mean)}\" y2=\"{y + 11}\"/>");
            foreach (var value in values)
            {
                svg.Add($"<circle class=\"{colour}\" fill-opacity=\".6\" cx=\"{X(value)}\" cy=\"{y}\" r=\"{Radius}\">");
                svg.Add($"<title>{name}: {value:0.00}</title></circle>");
            }

            svg.Add($"<text x=\"{right + 10}\" y=\"{y + 5}\">{mean.ToString("0.00", CultureInfo.InvariantCulture)}</text>");
        }

        svg.Add($"</svg>");
        return svg.ToString();

        double X(double value) => left + ((right - left) * scale.Place(value));
    }
}
