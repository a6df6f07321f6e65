using System.Diagnostics;
using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Samples.LstmVsTransformer.Measuring;

namespace SeqCore.Samples.LstmVsTransformer.Speed;

/// <summary>Times single tokens, which a model reads with its state or its cached keys and values.</summary>
internal static class TokenByToken
{
    /// <summary>
    /// Seconds of one token by its position: at powers of two, the median of the eighth of all positions before.
    /// </summary>
    /// <param name="name">The model's.</param>
    /// <param name="model">What reads.</param>
    /// <param name="positions">How many tokens are read.</param>
    /// <param name="runs">How often; the least time of each position counts.</param>
    internal static Curve Measure(string name, LanguageModel model, int positions, int runs)
    {
        var random = new RandomGenerator(1);
        var least = new double[positions];
        Array.Fill(least, double.PositiveInfinity);
        using var stream = model.NewStream();
        WarmUp(stream, Math.Min(positions, 64));
        for (var run = 0; run < runs; run++)
        {
            stream.Reset();
            for (var p = 0; p < positions; p++)
            {
                var token = random.NextInt32(model.VocabularySize);
                var start = Stopwatch.GetTimestamp();
                stream.Step(token);
                Backend.Default.Synchronize();
                least[p] = Math.Min(least[p], Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        var points = new List<Point>();
        for (var p = 16; p <= positions; p *= 2)
            points.Add(new Point(p, Spread.Of(least[(p - p / 8)..p]).Median));
        return new Curve(name, points);
    }

    // The last tier of the just-in-time compiler comes some hundred milliseconds after a method's first calls.
    private static void WarmUp(TokenStream stream, int positions)
    {
        const double seconds = 0.3;
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            stream.Reset();
            for (var p = 0; p < positions; p++)
                stream.Step(p % stream.VocabularySize);
        }
    }
}
