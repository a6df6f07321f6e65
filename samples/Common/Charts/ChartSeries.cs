namespace SeqCore.Samples.Common;

/// <summary>A measured point and the range of its measurements.</summary>
/// <param name="X">The horizontal coordinate.</param>
/// <param name="Y">The vertical coordinate; NaN leaves a gap.</param>
/// <param name="Low">The smallest of several measurements; NaN for none.</param>
/// <param name="High">The largest of them; NaN for none.</param>
public readonly record struct ChartPoint(double X, double Y, double Low = double.NaN, double High = double.NaN)
{
    /// <summary>The median of several measurements, and the smallest and the largest of them.</summary>
    /// <param name="x">The horizontal coordinate.</param>
    /// <param name="measurements">At least one measurement.</param>
    public static ChartPoint Median(double x, params IEnumerable<double> measurements)
    {
        var sorted = measurements.Order().ToArray();
        return new ChartPoint(x, (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1]);
    }
}

/// <summary>A line of a chart.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Points">The points from left to right.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>A line through values at 0, 1, 2, ...</summary>
    public ChartSeries(string name, IEnumerable<double> values)
        : this(name, [.. values.Select((y, x) => new ChartPoint(x, y))])
    {
    }

    /// <summary>Whether the variation is drawn as bars at the points instead of a band along the line.</summary>
    public bool HasErrorBars { get; init; }

    /// <summary>Whether points have symbols (on long lines only some, evenly chosen).</summary>
    public bool HasSymbols { get; init; } = true;

    /// <summary>Whether the line is thin and without dashes, for many points that would else be a solid block.</summary>
    public bool IsThin { get; init; }

    /// <summary>
    /// The index of dashes and symbol, and of the colour unless a model's is given; null for the series' index in the chart.
    /// </summary>
    public int? Style { get; init; }

    /// <summary>The colour of the kind of model that was measured; null for none.</summary>
    public ModelColour? Colour { get; init; }
}

/// <summary>A highlighted position on the horizontal axis, or a highlighted point.</summary>
/// <param name="Label">The text beside it.</param>
/// <param name="X">The horizontal coordinate.</param>
/// <param name="Y">The vertical coordinate; null for a vertical line.</param>
public sealed record ChartMarker(string Label, double X, double? Y = null);

/// <summary>A shaded part of a chart, from one position on the horizontal axis to another.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends.</param>
public sealed record ChartSpan(double From, double To);

/// <summary>The axis of a chart.</summary>
/// <param name="Title">The measured quantity and its unit.</param>
public sealed record ChartAxis(string Title)
{
    /// <summary>Base of a logarithmic axis; null for a linear one.</summary>
    public double? LogBase { get; init; }

    /// <summary>The times of the steps along the axis, for ticks at round times; null for numbers.</summary>
    public StepTimes? Times { get; init; }

    /// <summary>Where the axis starts; null for where the data start.</summary>
    public double? Least { get; init; }

    /// <summary>Where the axis ends; points beyond it are cut off. Null for where the data end.</summary>
    public double? Most { get; init; }

    /// <summary>The axis for some values.</summary>
    /// <param name="values">All values to show.</param>
    /// <param name="margin">
    /// The fraction of the length to leave free above the highest value (and, on a logarithmic axis, the lowest).
    /// </param>
    /// <param name="mostTicks">The approximate largest number of ticks.</param>
    internal Axis For(IEnumerable<double> values, double margin, int mostTicks)
    {
        var seen = values.Where(v => double.IsFinite(v) && (LogBase is null || v > 0)).DefaultIfEmpty(1).ToArray();
        var (low, high) = (Least ?? seen.Min(), Most ?? seen.Max());
        if (Times is not null)
            return new TimeAxis(Times, low, high, mostTicks);
        if (LogBase is { } b)
        {
            var stretch = high > low ? Math.Pow(high / low, margin) : b;
            return new LogarithmicAxis(Least ?? low / stretch, Most ?? high * stretch, b, mostTicks);
        }

        return new LinearAxis(low, Most ?? high + margin * (high - low), mostTicks);
    }
}
