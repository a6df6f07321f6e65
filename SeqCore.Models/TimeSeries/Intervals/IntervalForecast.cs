namespace SeqCore.Models;

/// <summary>A forecast with an interval around each value.</summary>
/// <param name="Point">The forecast itself.</param>
/// <param name="Lower">The lower ends of the intervals.</param>
/// <param name="Upper">The upper ends of the intervals.</param>
/// <param name="Coverage">
/// The probability at which the intervals aim, in (0, 1); <see cref="RollingOrigin.EvaluateIntervals"/> measures what they reach.
/// </param>
public sealed record IntervalForecast(TimeSeries Point, TimeSeries Lower, TimeSeries Upper, double Coverage);

/// <summary>The values of a forecast and of the intervals of several coverages, H C each.</summary>
internal sealed record IntervalValues(float[] Point, IReadOnlyList<(float[] Lower, float[] Upper)> Bounds);
