using SeqCore.Models;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The settings of the measurement of gradients.</summary>
/// <param name="Steps">T, which is the largest distance plus one.</param>
/// <param name="Sequences">B, the number of random sequences to average over.</param>
/// <param name="Seeds">The number of models of each kind.</param>
internal sealed record GradientSettings(int Steps, int Sequences, int Seeds)
{
    /// <summary>E and H, and D of the Transformer.</summary>
    internal const int Size = 64;

    /// <summary>The smallest T at which there is an input before the last step.</summary>
    internal const int LeastSteps = 2;
}

/// <summary>The measured gradients.</summary>
/// <param name="Steps">T, the number of steps.</param>
/// <param name="Sequences">The number of sequences that are averaged over.</param>
/// <param name="Seeds">The number of models of each kind.</param>
/// <param name="Flows">The gradient flow in each model before training.</param>
/// <param name="Clips">The effect of clipping.</param>
internal sealed record GradientResult(int Steps, int Sequences, int Seeds, IReadOnlyList<Flow> Flows, IReadOnlyList<Clip> Clips)
{
    /// <summary>How gradients flow in one model; null where it was not measured.</summary>
    internal Flow? Of(Contender model) => Flows.FirstOrDefault(f => f.Model == model);
}

/// <summary>The norm of d loss / d x_t by the distance of t from the last step, where the loss is read.</summary>
/// <param name="Model">The model.</param>
/// <param name="Median">
/// The median over the seeds; each seed has the geometric mean over its sequences, divided by that at distance 0.
/// </param>
/// <param name="Least">The smallest of the seeds.</param>
/// <param name="Most">The largest of the seeds.</param>
internal sealed record Flow(Contender Model, IReadOnlyList<double> Median, IReadOnlyList<double> Least,
    IReadOnlyList<double> Most);

/// <summary>The norm of the gradient of all parameters together.</summary>
/// <param name="Model">The model.</param>
/// <param name="Length">T, the number of steps.</param>
/// <param name="Norm">The norm before clipping, the median over the seeds.</param>
/// <param name="Clipped">The norm after clipping to 1.</param>
internal sealed record Clip(Contender Model, int Length, double Norm, double Clipped);

/// <summary>
/// Measures how gradients vanish and explode in models before training, and what gates, clipping and attention do to it.
/// </summary>
internal static class GradientStudy
{
    private const float ClipNorm = 1f;

    private static readonly Contender[] contenders =
    [
        Contender.Rnn, Contender.RnnLargeWeights, Contender.Gru, Contender.LstmForgetZero, Contender.LstmForgetOne,
        Contender.LstmForgetFour, Contender.BidirectionalLstm, Contender.AttentiveLstm, Contender.Transformer,
    ];

    /// <summary>The smallest gradient that counts: float32 ends there, and 0 has no logarithm.</summary>
    private const double Floor = 1e-45;

    /// <summary>The largest gradient in float32.</summary>
    private const double Ceiling = float.MaxValue;

    /// <summary>Runs the measurement.</summary>
    internal static GradientResult Run(GradientSettings settings, ulong seed, Progress progress, CancellationToken cancellation)
    {
        var flows = new List<Flow>();
        var clips = new List<Clip>();
        foreach (var contender in contenders)
        {
            cancellation.ThrowIfCancellationRequested();
            flows.Add(Measure(settings, contender, seed));
            if (contender is Contender.RnnLargeWeights or Contender.LstmForgetOne or Contender.Transformer)
            {
                clips.AddRange(new[] { 10, 30, 100, 200 }.Where(l => l <= settings.Steps)
                    .Select(l => MeasureClip(settings, contender, l, seed)));
            }

            progress.Done(contender.Name(), contenders.Length);
        }

        return new GradientResult(settings.Steps, settings.Sequences, settings.Seeds, flows, clips);
    }

    private static SequenceCore Create(Contender contender, RandomGenerator random) => contender.Create(GradientSettings.Size,
        GradientSettings.Size, random, new TransformerSettings(GradientSettings.Size, 2, 2));

    private static Flow Measure(GradientSettings settings, Contender contender, ulong seed)
    {
        var ofSeeds = Enumerable.Range(0, settings.Seeds).Select(i =>
        {
            var random = new RandomGenerator(seed + (ulong)i);
            using var core = Create(contender, random);
            using var inputs = Tensor.RandomNormal([settings.Sequences, settings.Steps, GradientSettings.Size], random);
            return Relative(InputGradients.Norms(core, inputs, random));
        }).ToArray();
        var spreads = Enumerable.Range(0, settings.Steps).Select(d => Spread.Of(ofSeeds.Select(s => s[d]))).ToArray();
        return new Flow(contender, [.. spreads.Select(s => s.Median)], [.. spreads.Select(s => s.Least)],
            [.. spreads.Select(s => s.Most)]);
    }

    /// <summary>The geometric mean over sequences by the distance from the last step, divided by that at distance 0.</summary>
    internal static double[] Relative(double[][] norms)
    {
        var logarithms = Enumerable.Range(0, norms[0].Length)
            .Select(d => norms.Average(n => Math.Log(Bounded(n[^(d + 1)])))).ToArray();
        return Array.ConvertAll(logarithms, l => Math.Exp(l - logarithms[0]));
    }

    private static double Bounded(double norm) => double.IsNaN(norm) ? Ceiling : Math.Clamp(norm, Floor, Ceiling);

    private static Clip MeasureClip(GradientSettings settings, Contender contender, int length, ulong seed)
    {
        var norms = Enumerable.Range(0, settings.Seeds).Select(i =>
        {
            var random = new RandomGenerator(seed + (ulong)i);
            using var core = Create(contender, random);
            using var inputs = Tensor.RandomNormal([settings.Sequences, length, GradientSettings.Size], random);
            using var tape = new Tape();
            tape.Backward(core.Last(inputs, 1).Square().Mean());
            var clipped = GradientClip.ByGlobalNorm(core.Parameters(), ClipNorm);
            core.ZeroGradients();
            return (clipped.Norm, clipped.Scale);
        }).ToArray();
        return new Clip(contender, length, Spread.Of(norms.Select(n => n.Norm)).Median,
            Spread.Of(norms.Select(n => n.Norm * n.Scale)).Median);
    }
}

/// <summary>Measures how much of a loss at the last step reaches each input.</summary>
internal static class InputGradients
{
    /// <summary>
    /// The norm of d loss / d x_t, where the loss is the last output times a random vector of norm 1, drawn for each sequence.
    /// </summary>
    /// <param name="core">The core to measure.</param>
    /// <param name="inputs">The inputs, shape (B, T, E).</param>
    /// <param name="random">Draws the vectors.</param>
    /// <returns>For each sequence, by t.</returns>
    internal static double[][] Norms(SequenceCore core, Tensor inputs, RandomGenerator random)
    {
        using var tape = new Tape();
        var x = new Variable(inputs, requiresGradient: true);
        var last = core.Last(x, 1);
        tape.Backward(last, UnitRows(Tensor.RandomNormal(last.Shape, random)));
        core.ZeroGradients();
        var (batch, steps, width) = (inputs.Shape[0], inputs.Shape[1], inputs.Shape[2]);
        var values = x.Gradient!.ToArray();
        x.ZeroGradient();

        // In double: the squares of what is left after a hundred steps are too small for float32.
        return [.. Enumerable.Range(0, batch)
            .Select(b => Enumerable.Range(0, steps).Select(t => Norm(values.AsSpan((b * steps + t) * width, width))).ToArray())];
    }

    private static double Norm(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += (double)value * value;
        return Math.Sqrt(sum);
    }

    private static Tensor UnitRows(Tensor x) => x / x.Norm(-1, keepDimensions: true);
}

/// <summary>Attributes a trained model's answer: two numbers show how much of it is due to the first token.</summary>
internal static class Attribution
{
    private const int Sequences = 16;

    /// <summary>
    /// The weight that the last step gives to the first one, averaged over sequences, in the layer and head where it is largest;
    /// null for a model without attention.
    /// </summary>
    internal static double? AttentionOnFirst(SequenceTask task, SequenceModel model, RandomGenerator random)
    {
        using var batch = task.Draw(random, Sequences);
        using var scope = new TensorScope("look");
        if (model.Core.LastWeights(model.Embed(batch)) is not { } layers)
            return null;
        var best = 0.0;
        foreach (var weights in layers)
        {
            // (B, N, T): heads are averaged over sequences one by one.
            var first = weights.Value.Select(2, 0).ToArray2D();
            for (var head = 0; head < first.GetLength(1); head++)
                best = Math.Max(best, Enumerable.Range(0, Sequences).Average(b => first[b, head]));
        }

        return best;
    }

    /// <summary>The norm of the gradient of the first input, as a fraction of the sum of the norms of all inputs.</summary>
    internal static double GradientOnFirst(SequenceTask task, SequenceModel model, RandomGenerator random)
    {
        using var batch = task.Draw(random, Sequences);
        using var embedded = Embedded(model, batch);
        var norms = InputGradients.Norms(model.Core, embedded, random);
        return norms.Average(n => n[0] / n.Sum());
    }

    private static Tensor Embedded(SequenceModel model, TaskBatch batch)
    {
        using var scope = new TensorScope("look");
        return scope.Keep(model.Embed(batch).Value.Copy());
    }
}
