namespace SeqCore.Samples.Common;

/// <summary>Named ratios under a common heading.</summary>
/// <param name="Name">The heading.</param>
/// <param name="Ratios">The ratios from top to bottom.</param>
public sealed record RatioGroup(string Name, IReadOnlyList<(string Name, double Ratio)> Ratios);

/// <summary>
/// Ratios as horizontal bars from a line at 1 on a logarithmic scale, drawn as SVG. The drawing is as wide as the window, and its
/// texts keep their size.
/// </summary>
public static class RatioChart
{
    private const double Edge = 8, Letter = 7.6, Row = 17, Heading = 23, Line = 18, ValueWidth = 52;
    private const int LineLength = 44, TitleLength = 38;

    /// <summary>The chart as a document of its own, on a ground that follows the reader's colour scheme.</summary>
    /// <param name="title">The title above the chart.</param>
    /// <param name="notes">Paragraphs below the title.</param>
    /// <param name="groups">The groups from top to bottom, with at least one ratio; all ratios are above 0.</param>
    public static string ToSvg(string title, IReadOnlyList<string> notes, IReadOnlyList<RatioGroup> groups)
    {
        var svg = new MarkupBuilder();
        var titles = Show.Lines(title, TitleLength);
        string[] lines = [.. notes.SelectMany(n => Show.Lines(n, LineLength))];
        var top = 14 + 22 * titles.Count + Line * lines.Length + 20;
        var height = top + groups.Sum(g => Heading + Row * g.Ratios.Count) + 34;
        var scale = new Scale(groups, Edge + Letter * groups.Max(g => g.Ratios.Max(r => r.Name.Length)) + 8);
        svg.Add($"<svg class=\"chart\" width=\"100%\" height=\"{height}\"");
        svg.Add($"role=\"img\" aria-label=\"{title}\">");
        svg.Add($"<style>.bold{{font-weight:600}}.name{{font-size:12px}}</style>");
        for (var i = 0; i < titles.Count; i++)
            svg.Add($"<text class=\"title\" x=\"{Edge}\" y=\"{24 + 22 * i}\">{titles[i]}</text>");
        for (var i = 0; i < lines.Length; i++)
            svg.Add($"<text class=\"soft\" x=\"{Edge}\" y=\"{24 + 22 * titles.Count + Line * i}\">{lines[i]}</text>");
        Grid(svg, scale, top, height - 24);
        foreach (var (y, name, ratio) in Rows(groups, top))
        {
            if (ratio is { } value)
                Bar(svg, scale, y, name, value);
            else
                svg.Add($"<text class=\"bold halo\" x=\"{Edge}\" y=\"{y + 18}\">{name}</text>");
        }

        svg.Add($"</svg>");
        return ChartStyle.Standalone(svg.ToString());
    }

    private static void Grid(MarkupBuilder svg, Scale scale, double top, double bottom)
    {
        foreach (var tick in scale.Axis.Ticks)
        {
            var (part, shift) = scale.Place(tick);
            svg.Add($"<line class=\"{(tick == 1 ? "axis" : "grid")}\" x1=\"{part}%\" x2=\"{part}%\"");
            svg.Add($"y1=\"{top}\" y2=\"{bottom}\" transform=\"translate({shift} 0)\"/>");
            foreach (var y in new[] { top - 6, bottom + 16 })
                svg.Add($"<text class=\"soft middle\" x=\"{part}%\" dx=\"{shift}\" y=\"{y}\">{scale.Axis.Label(tick)}</text>");
        }
    }

    private static void Bar(MarkupBuilder svg, Scale scale, double y, string name, double ratio)
    {
        var (start, end) = (scale.Place(Math.Min(1, ratio)), scale.Place(Math.Max(1, ratio)));
        svg.Add($"<text class=\"name end\" x=\"{scale.Left - 8}\" y=\"{y + 13}\">{name}</text>");
        svg.Add($"<rect class=\"s{(ratio < 1 ? 1 : 0)}\" x=\"{start.Part}%\" transform=\"translate({start.Shift} 0)\"");
        svg.Add($"style=\"width:calc({end.Part - start.Part}% + {end.Shift - start.Shift}px)\"");
        svg.Add($"y=\"{y + 3}\" height=\"{Row - 6}\"/>");
        svg.Add($"<text class=\"halo\" x=\"{end.Part}%\" dx=\"{end.Shift + 6}\" y=\"{y + 13}\">{ratio:0.00}</text>");
    }

    /// <summary>The headings, which have no ratio, and the ratios.</summary>
    private static IEnumerable<(double Y, string Name, double? Ratio)> Rows(IReadOnlyList<RatioGroup> groups, double top)
    {
        foreach (var group in groups)
        {
            yield return (top, group.Name, null);
            top += Heading;
            foreach (var (name, ratio) in group.Ratios)
            {
                yield return (top, name, ratio);
                top += Row;
            }
        }
    }

    /// <summary>
    /// The horizontal scale: from a distance in pixels on the left to one on the right, whatever the width between.
    /// </summary>
    private sealed class Scale(IReadOnlyList<RatioGroup> groups, double left)
    {
        internal double Left => left;

        internal LogarithmicAxis Axis { get; } = new(
            Math.Min(0.5, groups.Min(g => g.Ratios.Min(r => r.Ratio))),
            Math.Max(2, groups.Max(g => g.Ratios.Max(r => r.Ratio))));

        /// <summary>A position as per cent of the width, and pixels to add.</summary>
        internal (double Part, double Shift) Place(double value)
        {
            var place = Axis.Place(value);
            return (100 * place, left - place * (left + ValueWidth));
        }
    }
}
