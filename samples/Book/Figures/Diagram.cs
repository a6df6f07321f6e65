using SeqCore.Samples.Common;

namespace SeqCore.Samples.Book;

/// <summary>A drawing of boxes, arrows and cells in the colours of the charts.</summary>
internal sealed class Diagram
{
    private const double Head = 4.5, Radius = 11;
    private readonly MarkupBuilder svg = new();

    /// <summary>Starts a drawing.</summary>
    /// <param name="title">What it shows, for those who cannot see it.</param>
    /// <param name="width">The width in pixels; phones show 348 without making it smaller.</param>
    /// <param name="height">The height in pixels.</param>
    internal Diagram(string title, double width, double height)
    {
        svg.Add($"<svg class=\"chart\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\"");
        svg.Add($"role=\"img\" aria-label=\"{title}\">");
    }

    /// <summary>A box with one or two lines of text in its middle.</summary>
    internal Diagram Box(double x, double y, double width, double height, int colour, string text, string? second = null)
    {
        svg.Add($"<rect class=\"band s{colour}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"5\"/>");
        svg.Add($"<rect class=\"line s{colour}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"5\"/>");
        var middle = y + height / 2;
        Text(x + width / 2, second is null ? middle + 4.5 : middle - 2, text, "middle");
        if (second is not null)
            Text(x + width / 2, middle + 12, second, "middle small soft");
        return this;
    }

    /// <summary>A circle around the sign of an operation.</summary>
    internal Diagram Operation(double x, double y, string sign)
    {
        svg.Add($"<circle class=\"mark\" cx=\"{x}\" cy=\"{y}\" r=\"{Radius}\"/>");
        return Text(x, y + 4.5, sign, "middle");
    }

    /// <summary>A line through points, with a head at its end.</summary>
    internal Diagram Arrow(params (double X, double Y)[] points)
    {
        Line(points);
        var (end, before) = (points[^1], points[^2]);
        var length = Math.Sqrt(Math.Pow(end.X - before.X, 2) + Math.Pow(end.Y - before.Y, 2));
        var (dx, dy) = ((end.X - before.X) / length * Head, (end.Y - before.Y) / length * Head);
        svg.Add($"<path class=\"axis\" d=\"M{end.X - dx - dy} {end.Y - dy + dx}L{end.X} {end.Y}");
        svg.Add($"L{end.X - dx + dy} {end.Y - dy - dx}\"/>");
        return this;
    }

    /// <summary>A line through points.</summary>
    internal Diagram Line(params (double X, double Y)[] points)
    {
        svg.Add($"<path class=\"axis\" d=\"M{points[0].X} {points[0].Y}");
        foreach (var (x, y) in points[1..])
            svg.Add($"L{x} {y}");
        svg.Add($"\"/>");
        return this;
    }

    /// <summary>A line of a grid.</summary>
    internal Diagram Grid((double X, double Y) from, (double X, double Y) to)
    {
        svg.Add($"<path class=\"grid\" d=\"M{from.X} {from.Y}L{to.X} {to.Y}\"/>");
        return this;
    }

    /// <summary>A text; the style is one or more classes of the charts' style sheet.</summary>
    internal Diagram Text(double x, double y, string text, string style = "")
    {
        svg.Add($"<text class=\"{style}\" x=\"{x}\" y=\"{y}\">{text}</text>");
        return this;
    }

    /// <summary>A text that runs upwards.</summary>
    internal Diagram UprightText(double x, double y, string text, string style = "")
    {
        svg.Add($"<text class=\"{style}\" transform=\"translate({x} {y}) rotate(-90)\">{text}</text>");
        return this;
    }

    /// <summary>A vertical bar in a style.</summary>
    internal Diagram Bar(double x, double bottom, double width, double height, int colour)
    {
        svg.Add($"<rect class=\"s{colour}\" x=\"{x}\" y=\"{bottom - height}\" width=\"{width}\" height=\"{height}\"/>");
        return this;
    }

    /// <summary>
    /// A matrix of square cells: 0 has the colour of the ground, 1 is full, and negative values have another colour. Values are
    /// rounded to twentieths, and equal ones are one path.
    /// </summary>
    /// <param name="x">The left edge.</param>
    /// <param name="y">The upper edge.</param>
    /// <param name="cell">The side of a cell.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="values">The values in [-1, 1], row by row.</param>
    internal Diagram Cells(double x, double y, double cell, int columns, ReadOnlySpan<float> values)
    {
        var paths = new SortedDictionary<int, string>();
        for (var i = 0; i < values.Length; i++)
        {
            var level = (int)Math.Round(values[i] * 20.0);
            if (level != 0)
                paths[level] = paths.GetValueOrDefault(level, "") + $"M{i % columns} {i / columns}h1v1h-1Z";
        }

        svg.Add($"<g transform=\"translate({x} {y}) scale({cell})\">");
        foreach (var (level, path) in paths)
            svg.Add($"<path class=\"{(level < 0 ? "cold" : "heat")}\" fill-opacity=\"{Math.Abs(level) / 20.0}\" d=\"{path}\"/>");
        var (width, height) = (cell * columns, cell * values.Length / columns);
        svg.Add($"</g><path class=\"frame\" d=\"M{x} {y}h{width}v{height}h{-width}Z\"/>");
        return this;
    }

    /// <summary>The drawing as a document of its own, in light and dark.</summary>
    internal string ToSvg()
    {
        svg.Add($"</svg>");
        return ChartStyle.Standalone(svg.ToString());
    }
}
