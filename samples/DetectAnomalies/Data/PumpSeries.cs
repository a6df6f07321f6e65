using SeqCore.Models;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>
/// The built-in data: the level in the tank of an invented pump, every ten minutes for five weeks. It fills slowly and empties
/// fast, in four hours, and what goes wrong in the six labelled events stays mostly within the usual levels and changes.
/// </summary>
internal static class PumpSeries
{
    /// <summary>The name of the series.</summary>
    public const string Name = "pump";

    private const int Day = 144, Length = 35 * Day, Cycle = 24;
    private const double Filling = 0.75, Low = 20, High = 60, Noise = 1;
    private const ulong Seed = 20;

    // Where each begins, and for how many steps it lasts.
    private static readonly (int Start, int Length)[] events =
    [
        ((18 * Day) + 66, 20), ((21 * Day) + 30, 48), ((24 * Day) + 100, 48), ((27 * Day) + 10, 48), ((30 * Day) + 68, 4),
        ((33 * Day) + 40, 36),
    ];

    /// <summary>Makes the series.</summary>
    public static MarkedSeries Make()
    {
        var random = new RandomGenerator(Seed);
        var values = new float[Length];
        var phase = 0.0;
        for (var t = 0; t < Length; t++)
        {
            var what = Array.FindIndex(events, e => t >= e.Start && t < e.Start + e.Length);
            phase += (1 + (0.2 * (random.NextSingle() - 0.5))) / Cycle * Speed(what);
            phase -= Math.Floor(phase);
            var part = phase < Filling ? phase / Filling : (1 - phase) / (1 - Filling);
            var height = what == 3 ? (part / 2) + 0.25 : part;
            var noise = Noise * (random.NextSingle() - 0.5) * (what == 5 ? 12 : 2);
            values[t] = (float)(Low + ((High - Low) * height) + noise + (what == 4 ? 15 : 0));
        }

        return new MarkedSeries(Name, new TimeSeries(values, ["level"], new DateTime(2024, 3, 4),
                SamplingInterval.Of(TimeSpan.FromMinutes(10))), Length / 2,
            [.. events.Select(e => new StepRange(e.Start, Math.Max(Cycle, e.Length)))], TimeSpan.FromMinutes(10));
    }

    /// <summary>
    /// How fast the cycle goes: it stops, runs twice as fast, or runs backwards. The other events are half the height, a wave,
    /// and vibration.
    /// </summary>
    private static double Speed(int what) => what switch
    {
        0 => 0,
        1 => 2,
        2 => -1,
        _ => 1,
    };
}
