using SeqCore.Models;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>
/// Draws gestures as the accelerometer of a phone would record them: three channels, slower and faster hands, a phone that is
/// held at an angle, and rest before and after.
/// </summary>
/// <remarks>
/// Each pair of gestures differs in what simple methods do not see: circles in the order of the two channels, swipes in their
/// direction, taps in their number. No step has a fixed place, since gestures begin and end at different times.
/// </remarks>
internal static class Gestures
{
    /// <summary>The names of the channels.</summary>
    public static readonly IReadOnlyList<string> Channels = ["x", "y", "z"];

    private const int Count = 600, Shortest = 30, Longest = 90, LongestRest = 60;
    private const ulong Seed = 0x67657374757265;
    private const double Noise = 1, LargestTurn = 0.6;

    private static readonly string[] names = ["circle-left", "circle-right", "swipe-left", "swipe-right", "tap", "double-tap"];

    /// <summary>The gestures, always the same ones.</summary>
    public static IReadOnlyList<LabelledSeries> All()
    {
        var random = new RandomGenerator(Seed);
        return [.. Enumerable.Range(0, Count).Select(i => new LabelledSeries(
            Draw(names[i % names.Length], random), names[i % names.Length])
        {
            Name = $"gesture {i + 1}",
            Place = $"gesture {i + 1}",
        })];
    }

    private static TimeSeries Draw(string name, RandomGenerator random)
    {
        var (before, steps, after) = (Whole(0, LongestRest), Whole(Shortest, Longest), Whole(0, LongestRest));
        double strength = Between(0.7, 1.4), turn = Between(-LargestTurn, LargestTurn), phase = Between(0, Math.Tau),
            turns = Between(1, 2);
        var values = new float[3 * (before + steps + after)];
        for (var t = 0; t < before + steps + after; t++)
        {
            var at = (double)(t - before) / steps;
            var (x, y, z) = at is >= 0 and < 1 ? Motion(name, at, phase, turns) : (0, 0, 0);
            values[3 * t] = (float)(strength * ((x * Math.Cos(turn)) - (y * Math.Sin(turn))) + Shake());
            values[(3 * t) + 1] = (float)(strength * ((x * Math.Sin(turn)) + (y * Math.Cos(turn))) + Shake());
            values[(3 * t) + 2] = (float)(1 + (strength * z) + Shake());
        }

        return new TimeSeries(values, Channels);

        int Whole(int least, int most) => least + random.NextInt32(most - least + 1);

        double Between(double low, double high) => low + ((high - low) * random.NextDouble());

        double Shake() => Noise * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
    }

    /// <summary>The acceleration of a gesture at a time in [0, 1).</summary>
    private static (double X, double Y, double Z) Motion(string name, double at, double phase, double turns) => name switch
    {
        "circle-left" => (Math.Cos(phase + (turns * Math.Tau * at)), Math.Sin(phase + (turns * Math.Tau * at)), 0),
        "circle-right" => (Math.Cos(phase - (turns * Math.Tau * at)), Math.Sin(phase - (turns * Math.Tau * at)), 0),

        // A hand speeds up, and then it slows down.
        "swipe-left" => (-Math.Sin(Math.Tau * at), 0, 0),
        "swipe-right" => (Math.Sin(Math.Tau * at), 0, 0),
        "tap" => (0, 0, Knock(at, 0.2 + (0.1 * turns))),
        _ => (0, 0, Knock(at, 0.3) + Knock(at, 0.4 + (0.15 * turns))),
    };

    private static double Knock(double at, double when) => 2 * Math.Exp(-Math.Pow((at - when) / 0.04, 2));
}
