using System.Collections;

namespace SeqCore.Models;

/// <summary>
/// The windows of a series: a look-back, which a model reads, and the horizon after it, which it should forecast. They share
/// the memory of the series. Windows with a missing value can be left out.
/// </summary>
/// <example>
/// <code>
/// var series = new TimeSeries([1f, 2f, 3f, 4f, 5f]);
/// var windows = new SlidingWindows(series, lookBack: 3, horizon: 1);
/// Console.WriteLine(windows.Count);                                                          // 2
/// Console.WriteLine(string.Join(" ", windows[1].Input.ToArray()));                           // 2 3 4
/// Console.WriteLine(windows[1].Target.Span[0]);                                              // 5
/// </code>
/// </example>
public sealed class SlidingWindows : IReadOnlyList<SlidingWindow>
{
    private readonly TimeSeries series;
    private readonly int[] starts;

    /// <summary>Makes the windows of a series.</summary>
    /// <param name="series">The series.</param>
    /// <param name="lookBack">The number of steps that a model reads, L, at least 1.</param>
    /// <param name="horizon">The number of steps after them, H, at least 0.</param>
    /// <param name="stride">The number of steps from one window to the next, at least 1; 1 by default.</param>
    /// <param name="skipsGaps">Whether windows with a missing value are left out; true is the default.</param>
    /// <exception cref="DataSourceException">No window fits into the series.</exception>
    public SlidingWindows(TimeSeries series, int lookBack, int horizon, int stride = 1, bool skipsGaps = true)
    {
        ArgumentNullException.ThrowIfNull(series);
        this.series = series;
        LookBack = Argument.AtLeast(lookBack, nameof(SlidingWindows), nameof(lookBack));
        Horizon = Argument.AtLeast(horizon, nameof(SlidingWindows), nameof(horizon), 0);
        Argument.AtLeast(stride, nameof(SlidingWindows), nameof(stride));
        var width = (long)lookBack + horizon;
        if (series.Length < width)
        {
            throw new DataSourceException($"A window of {width} steps ({lookBack} to read and {horizon} to forecast) does not fit"
                + $" into {Counted.Of(series.Length, "step")}. Use more data, or a shorter look-back or horizon.");
        }

        starts = [.. Starts(series, (int)width, stride, skipsGaps)];
        if (starts.Length == 0)
        {
            throw new DataSourceException($"Each window of {width} steps has a missing value. Fill the gaps, or use a shorter"
                + " look-back or horizon.");
        }
    }

    /// <summary>The number of steps that a model reads, L.</summary>
    public int LookBack { get; }

    /// <summary>The number of steps after them, H.</summary>
    public int Horizon { get; }

    /// <summary>The number of windows.</summary>
    public int Count => starts.Length;

    /// <summary>The series.</summary>
    public TimeSeries Series => series;

    /// <summary>A window, in the order of time.</summary>
    /// <param name="index">The index of the window, from 0.</param>
    public SlidingWindow this[int index] => new(series, starts[index], LookBack, Horizon);

    /// <summary>Returns the windows in the order of time.</summary>
    public IEnumerator<SlidingWindow> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static IEnumerable<int> Starts(TimeSeries series, int width, int stride, bool skipsGaps)
    {
        // The last step with a missing value among those that were looked at.
        var (missing, seen) = (-1, 0);
        for (var start = 0; start <= series.Length - width; start += stride)
        {
            for (; skipsGaps && seen < start + width; seen++)
            {
                for (var channel = 0; channel < series.ChannelCount; channel++)
                {
                    if (float.IsNaN(series[seen, channel]))
                        missing = seen;
                }
            }

            if (missing < start)
                yield return start;
        }
    }
}

/// <summary>A window of a series.</summary>
public readonly struct SlidingWindow
{
    private readonly TimeSeries series;
    private readonly int lookBack, horizon;

    internal SlidingWindow(TimeSeries series, int start, int lookBack, int horizon) =>
        (this.series, Start, this.lookBack, this.horizon) = (series, start, lookBack, horizon);

    /// <summary>The first step of the window in the series.</summary>
    public int Start { get; }

    /// <summary>The values of the look-back: all channels at its first step, then at the next one, L C in all.</summary>
    public ReadOnlyMemory<float> Input => series.Memory(Start, lookBack);

    /// <summary>The values of the horizon, H C in all.</summary>
    public ReadOnlyMemory<float> Target => series.Memory(Start + lookBack, horizon);
}
