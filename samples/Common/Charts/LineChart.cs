namespace SeqCore.Samples.Common;

/// <summary>Lines over a common axis, each with a colour, dashes and a symbol of its own, drawn as SVG.</summary>
/// <param name="x">Across.</param>
/// <param name="y">Up.</param>
public sealed class LineChart(ChartAxis x, ChartAxis y)
{
    /// <summary>Wide enough for a page on a desk.</summary>
    public const int Wide = 760;

    /// <summary>Narrow enough for a phone.</summary>
    public const int Narrow = 348;

    /// <summary>Across.</summary>
    public ChartAxis X => x;

    /// <summary>Up.</summary>
    public ChartAxis Y => y;

    /// <summary>Stands above the picture; null for none.</summary>
    public string? Title { get; init; }

    /// <summary>The lines, in the legend's order.</summary>
    public IList<ChartSeries> Series { get; } = [];

    /// <summary>What is pointed out.</summary>
    public IList<ChartMarker> Markers { get; } = [];

    /// <summary>The picture for a page that has <see cref="ChartStyle"/>, in its colours.</summary>
    /// <param name="width">Pixels; texts keep their size, so a narrow picture is another one and not a small one.</param>
    public string Draw(int width = Wide) => new LineChartDrawing(this, width).Draw();

    /// <summary>The picture as a document of its own, on a ground that follows the reader's colour scheme.</summary>
    public string ToSvg() => ChartStyle.Standalone(Draw());
}
