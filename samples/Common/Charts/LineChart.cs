namespace SeqCore.Samples.Common;

/// <summary>Lines over a common axis, each with its own colour, dashes and symbol, drawn as SVG.</summary>
/// <param name="x">The horizontal axis.</param>
/// <param name="y">The vertical axis.</param>
public sealed class LineChart(ChartAxis x, ChartAxis y)
{
    /// <summary>A width for pages on desktops, in pixels.</summary>
    public const int Page = 1060;

    /// <summary>A width for documents, in pixels.</summary>
    public const int Wide = 760;

    /// <summary>A width for small windows, in pixels.</summary>
    public const int Medium = 600;

    /// <summary>A width for phones, in pixels.</summary>
    public const int Narrow = 348;

    /// <summary>The horizontal axis.</summary>
    public ChartAxis X => x;

    /// <summary>The vertical axis.</summary>
    public ChartAxis Y => y;

    /// <summary>The title above the chart; null for none.</summary>
    public string? Title { get; init; }

    /// <summary>The lines, in the order of the legend.</summary>
    public IList<ChartSeries> Series { get; } = [];

    /// <summary>The highlighted positions and points.</summary>
    public IList<ChartMarker> Markers { get; } = [];

    /// <summary>The shaded parts.</summary>
    public IList<ChartSpan> Spans { get; } = [];

    /// <summary>The chart for a page that has <see cref="ChartStyle"/>, in its colours.</summary>
    /// <param name="width">The width in pixels; texts keep their size, so a narrow chart is not a scaled wide one.</param>
    /// <param name="leastMargin">
    /// The least width of what is to the left of the vertical axis, by which charts one below the other begin at the same place.
    /// </param>
    public string Draw(int width = Wide, double leastMargin = 0) => new LineChartDrawing(this, width, leastMargin).Draw();

    /// <summary>The chart as a document of its own, on a ground that follows the reader's colour scheme.</summary>
    public string ToSvg() => ToSvg(Wide);

    /// <summary>The chart as a document of its own, as wide as needed.</summary>
    /// <param name="width">The width in pixels.</param>
    public string ToSvg(int width) => ChartStyle.Standalone(Draw(width));
}
