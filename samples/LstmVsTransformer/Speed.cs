using System.Diagnostics;
using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The settings of the measurement of speed.</summary>
/// <param name="Lengths">The lengths of whole sequences.</param>
/// <param name="TrainingLengths">The lengths of whole sequences, forward and backward.</param>
/// <param name="Positions">The number of positions token by token.</param>
/// <param name="CoresLength">The length at which one thread is compared with all.</param>
/// <param name="Runs">The number of token streams of each model; the shortest time of each position counts.</param>
/// <param name="Timing">The timing of whole sequences.</param>
internal sealed record SpeedSettings(int[] Lengths, int[] TrainingLengths, int Positions, int CoresLength, int Runs,
    Timing Timing)
{
    /// <summary>The Transformer, whose number of parameters the others match.</summary>
    internal static TransformerSettings Transformer { get; } = new(128, 2, 2);

    /// <summary>Steps that the sliding window sees.</summary>
    internal const int Window = 128;

    /// <summary>V, the size of the vocabulary.</summary>
    internal const int Vocabulary = 64;
}

/// <summary>Times of models of equal parameter count, in seconds.</summary>
/// <param name="Models">The sizes of the models.</param>
/// <param name="Window">Steps that the sliding window sees.</param>
/// <param name="Whole">Inference of whole sequences of one text, by length.</param>
/// <param name="Training">Forward and backward, by length.</param>
/// <param name="Tokens">The time of one token, by its position.</param>
/// <param name="Cores">The same sequence on one thread and on all.</param>
internal sealed record SpeedResult(
    IReadOnlyList<ModelSize> Models, int Window, IReadOnlyList<Curve> Whole, IReadOnlyList<Curve> Training,
    IReadOnlyList<Curve> Tokens, CoreGains Cores);

/// <summary>The size of a model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Units">The number of units: H, or D of a Transformer.</param>
/// <param name="Parameters">The number of trained values.</param>
internal sealed record ModelSize(Contender Model, int Units, long Parameters);

/// <summary>The gain from more threads.</summary>
/// <param name="Length">T, the length of the sequence.</param>
/// <param name="Threads">The number of all threads.</param>
/// <param name="Gains">Time on one thread divided by time on all.</param>
internal sealed record CoreGains(int Length, int Threads, IReadOnlyList<Gain> Gains);

/// <summary>The gain of one model from more threads.</summary>
internal sealed record Gain(Contender Model, double Factor);

/// <summary>Times inference and training against the length of the sequence, for models of equal parameter count.</summary>
internal sealed class SpeedStudy(SpeedSettings settings, ulong seed, Progress progress, CancellationToken cancellation)
{
    private readonly SizedModels sized = new(seed);

    /// <summary>Runs the measurement.</summary>
    internal SpeedResult Run()
    {
        var whole = Curves(settings.Lengths, training: false);
        var training = Curves(settings.TrainingLengths, training: true);
        var tokens = new List<Curve>();
        foreach (var contender in SizedModels.Contenders)
        {
            cancellation.ThrowIfCancellationRequested();
            using var model = sized.Streaming(contender);
            if (model is not null)
                tokens.Add(TokenByToken.Measure(contender, model, settings.Positions, settings.Runs));
            Done(contender);
        }

        return new SpeedResult(sized.Sizes, SpeedSettings.Window, whole, training, tokens, Cores());
    }

    private List<Curve> Curves(int[] lengths, bool training)
    {
        var curves = new List<Curve>();
        foreach (var contender in SizedModels.Contenders)
        {
            using var model = sized.Model(contender);
            var points = new List<Point>();
            foreach (var length in lengths.Where(l => SizedModels.IsAffordable(contender, l, training)))
            {
                cancellation.ThrowIfCancellationRequested();
                points.Add(new Point(length, Seconds(model, length, training)));
                Backend.Default.TrimMemory();
            }

            curves.Add(new Curve(contender, points));
            Done(contender);
        }

        return curves;
    }

    private double Seconds(SequenceModel model, int length, bool training)
    {
        using var tokens = WholeSequences.Tokens(length, SpeedSettings.Vocabulary);
        return settings.Timing.Least(() =>
        {
            if (training)
                WholeSequences.Train(model, tokens);
            else
                WholeSequences.Infer(model, tokens);
        });
    }

    private CoreGains Cores()
    {
        var before = Backend.Default;
        if (before.Device.Kind != DeviceKind.Cpu)
            return new CoreGains(settings.CoresLength, 1, []);
        var all = Times();
        using var single = new Machine(new CpuBackend(1));
        var alone = before.Threads == 1 ? all : Times();
        return new CoreGains(settings.CoresLength, before.Threads,
            [.. SizedModels.Contenders.Select((c, i) => new Gain(c, alone[i] / all[i]))]);
    }

    private double[] Times() => [.. SizedModels.Contenders.Select(contender =>
    {
        cancellation.ThrowIfCancellationRequested();
        using var model = sized.Model(contender);
        return Seconds(model, settings.CoresLength, training: false);
    })];

    private void Done(Contender contender) => progress.Done(contender.Name(), 3 * SizedModels.Contenders.Count);
}

/// <summary>Times single tokens, which a model reads with its state or its cached keys and values.</summary>
internal static class TokenByToken
{
    /// <summary>
    /// Seconds of one token by its position: at powers of two, the median of the eighth of all positions before.
    /// </summary>
    /// <param name="contender">The contender.</param>
    /// <param name="model">The contender's model.</param>
    /// <param name="positions">The number of tokens to read.</param>
    /// <param name="runs">The number of runs; the shortest time of each position counts.</param>
    internal static Curve Measure(Contender contender, LanguageModel model, int positions, int runs)
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
        return new Curve(contender, points);
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
