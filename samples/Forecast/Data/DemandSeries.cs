using SeqCore.Models;

namespace SeqCore.Samples.Forecast;

/// <summary>
/// The built-in series: the hourly demand of a made-up town over sixteen weeks, in megawatts. It has a daily and a weekly cycle,
/// a slow rise, weather that changes over days, and noise.
/// </summary>
internal static class DemandSeries
{
    /// <summary>The name of the series.</summary>
    public const string Name = "demand";

    private const int Hours = 16 * 7 * 24;
    private const ulong Seed = 0x64656D61;

    // The shape of a day, hour by hour, in megawatts above the night.
    private static readonly float[] working =
        [0, -2, -3, -3, -2, 2, 9, 18, 24, 25, 24, 24, 25, 24, 23, 22, 23, 27, 31, 32, 28, 21, 12, 5];

    private static readonly float[] weekend =
        [1, -1, -2, -3, -3, -3, -1, 2, 7, 12, 15, 17, 18, 17, 15, 14, 14, 16, 20, 22, 20, 16, 10, 5];

    /// <summary>Makes the series, which is always the same.</summary>
    public static TimeSeries Make()
    {
        var random = new RandomGenerator(Seed);
        var start = new DateTime(2024, 1, 1);
        var values = new float[Hours];
        var (weather, noise) = (0f, 0f);
        for (var t = 0; t < Hours; t++)
        {
            var day = start.AddHours(t).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? weekend : working;
            weather += (-0.01f * weather) + (0.35f * Normal(random));
            noise = (0.6f * noise) + (0.9f * Normal(random));
            values[t] = MathF.Round(60f + (4f * t / Hours) + day[t % 24] + weather + noise, 2);
        }

        return new TimeSeries(values, ["demand"], start, SamplingInterval.Of(TimeSpan.FromHours(1)));
    }

    /// <summary>A number that is nearly normally distributed: twelve uniform ones have the variance 1 together.</summary>
    private static float Normal(RandomGenerator random) => Enumerable.Range(0, 12).Sum(_ => random.NextSingle()) - 6f;
}
