namespace SeqCore.Models;

/// <summary>
/// Scales each channel of a series by numbers that were fitted to another one, usually the part for training: z = (x - shift) /
/// scale. Missing values stay missing and do not count.
/// </summary>
/// <example>
/// <code>
/// var series = new TimeSeries([2f, 4f, 6f, 8f, 30f]);
/// var scaler = ChannelScaler.Fit(series.Slice(0, 4), ScalingKind.MinMax);
/// Console.WriteLine(string.Join(" ", scaler.Apply(series).ChannelValues(0)));      // 0 0.33333334 0.6666667 1 4.6666665
/// </code>
/// </example>
public sealed class ChannelScaler
{
    private readonly double[] shifts, scales;

    /// <summary>Makes a scaler from numbers that were fitted before.</summary>
    /// <param name="shifts">What is subtracted from each channel, finite.</param>
    /// <param name="scales">What each channel is divided by, finite and above 0; as many as shifts.</param>
    /// <exception cref="ArgumentException">A number is out of range, or there are not as many scales as shifts.</exception>
    public ChannelScaler(IReadOnlyList<double> shifts, IReadOnlyList<double> scales)
    {
        ArgumentNullException.ThrowIfNull(shifts);
        ArgumentNullException.ThrowIfNull(scales);
        if (shifts.Count == 0 || shifts.Count != scales.Count)
        {
            throw new ArgumentException($"ChannelScaler: each channel needs a shift and a scale; got {shifts.Count} shifts and"
                + $" {scales.Count} scales.", nameof(scales));
        }

        this.shifts = [.. shifts.Select(s => Argument.Finite(s, nameof(ChannelScaler), nameof(shifts)))];
        this.scales = [.. scales.Select(s => Argument.Positive(s, nameof(ChannelScaler), nameof(scales)))];
    }

    /// <summary>What is subtracted from each channel.</summary>
    public IReadOnlyList<double> Shifts => shifts;

    /// <summary>What each channel is divided by.</summary>
    public IReadOnlyList<double> Scales => scales;

    /// <summary>Fits a scaler. A channel without spread, or without values, gets a scale of 1.</summary>
    /// <param name="series">The series to fit to: only the part for training, or else later values leak into it.</param>
    /// <param name="kind">How the values are scaled.</param>
    public static ChannelScaler Fit(TimeSeries series, ScalingKind kind = ScalingKind.Standard)
    {
        ArgumentNullException.ThrowIfNull(series);
        Argument.Defined(kind, nameof(ChannelScaler), nameof(kind));
        var fits = Enumerable.Range(0, series.ChannelCount)
            .Select(c => FitChannel([.. series.ChannelValues(c).Where(v => !float.IsNaN(v))], kind)).ToList();
        return new ChannelScaler([.. fits.Select(f => f.Shift)], [.. fits.Select(f => f.Scale)]);
    }

    /// <summary>Returns a scaled series.</summary>
    /// <param name="series">A series of as many channels.</param>
    public TimeSeries Apply(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        float[] scaled = [.. series.Values];
        Apply(scaled);
        return new TimeSeries(scaled, series.Channels, series.Start, series.Interval);
    }

    /// <summary>Scales values of all channels at one step after the other, in place.</summary>
    /// <param name="values">The values, whose number is a multiple of the number of channels.</param>
    public void Apply(Span<float> values)
    {
        Check(values);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((values[i] - shifts[i % shifts.Length]) / scales[i % shifts.Length]);
    }

    /// <summary>Scales values back, in place: x = z scale + shift.</summary>
    /// <param name="values">The values, whose number is a multiple of the number of channels.</param>
    public void Invert(Span<float> values)
    {
        Check(values);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((values[i] * scales[i % shifts.Length]) + shifts[i % shifts.Length]);
    }

    private void Check(ReadOnlySpan<float> values)
    {
        if (values.Length % shifts.Length != 0)
        {
            throw new ArgumentException($"ChannelScaler: {Counted.Of(values.Length, "value")} do not fill"
                + $" {Counted.Of(shifts.Length, "channel")} at each step.", nameof(values));
        }
    }

    private static (double Shift, double Scale) FitChannel(float[] values, ScalingKind kind)
    {
        if (values.Length == 0 || kind == ScalingKind.None)
            return (0, 1);
        var mean = values.Average(v => (double)v);
        var (shift, scale) = kind switch
        {
            ScalingKind.Standard => (mean, Math.Sqrt(values.Average(v => (v - mean) * (v - mean)))),
            ScalingKind.MinMax => (values.Min(), (double)values.Max() - values.Min()),
            _ => (0, values.Average(v => Math.Abs((double)v))),
        };

        // A spread that is only rounding would blow noise up.
        return (shift, scale > 1e-7 * Math.Abs(mean) ? scale : 1);
    }
}
