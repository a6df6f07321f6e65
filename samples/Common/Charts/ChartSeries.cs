namespace SeqCore.Samples.Common;

/// <summary>A measured point, with how far it was seen to vary.</summary>
/// <param name="X">Across.</param>
/// <param name="Y">Up; NaN leaves a gap.</param>
/// <param name="Low">The least of several measurements; NaN for none.</param>
/// <param name="High">The greatest of them; NaN for none.</param>
public readonly record struct ChartPoint(double X, double Y, double Low = double.NaN, double High = double.NaN)
{
    /// <summary>The median of several measurements, and their least and greatest.</summary>
    /// <param name="x">Across.</param>
    /// <param name="measurements">At least one.</param>
    public static ChartPoint Median(double x, params IEnumerable<double> measurements)
    {
        var sorted = measurements.Order().ToArray();
        return new ChartPoint(x, (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1]);
    }
}

/// <summary>A line of a chart.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Points">From left to right.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>A line through values at 0, 1, 2, ...</summary>
    public ChartSeries(string name, IEnumerable<double> values)
        : this(name, [.. values.Select((y, x) => new ChartPoint(x, y))])
    {
    }

    /// <summary>Whether the variation is drawn as bars at the points instead of a band along the line.</summary>
    public bool HasErrorBars { get; init; }

    /// <summary>Whether its points have symbols (of long lines only some, evenly chosen).</summary>
    public bool HasSymbols { get; init; } = true;

    /// <summary>
    /// Which dashes and symbol, from 0, and which colour unless that of a model is given; null for the series' own place.
    /// </summary>
    public int? Style { get; init; }

    /// <summary>The colour of the kind of model that was measured; null for none.</summary>
    public ModelColour? Colour { get; init; }
}

/// <summary>Something to point out: a place on the horizontal axis, or a point.</summary>
/// <param name="Label">Stands beside it.</param>
/// <param name="X">Across.</param>
/// <param name="Y">Up; null for a vertical line.</param>
public sealed record ChartMarker(string Label, double X, double? Y = null);

/// <summary>How a side of a chart is divided.</summary>
/// <param name="Title">What is measured, and in what.</param>
public sealed record ChartAxis(string Title)
{
    /// <summary>Base of a logarithmic axis; null for a linear one.</summary>
    public double? LogBase { get; init; }

    /// <summary>Where the axis starts; null for where the data do.</summary>
    public double? Least { get; init; }

    /// <summary>Where it ends; points beyond the ends leave the picture. Null for where the data do.</summary>
    public double? Most { get; init; }

    /// <summary>The axis for some values.</summary>
    /// <param name="values">All that is to be seen.</param>
    /// <param name="margin">
    /// Share of the length to leave free beyond the highest value (and, on a logarithmic axis, the lowest).
    /// </param>
    /// <param name="mostTicks">At most about so many.</param>
    internal Axis For(IEnumerable<double> values, double margin, int mostTicks)
    {
        var seen = values.Where(v => double.IsFinite(v) && (LogBase is null || v > 0)).DefaultIfEmpty(1).ToArray();
        var (low, high) = (Least ?? seen.Min(), Most ?? seen.Max());
        if (LogBase is { } b)
        {
            var stretch = high > low ? Math.Pow(high / low, margin) : b;
            return new LogarithmicAxis(Least ?? low / stretch, Most ?? high * stretch, b, mostTicks);
        }

        return new LinearAxis(low, Most ?? high + margin * (high - low), mostTicks);
    }
}
