using SeqCore.Models;
using SeqCore.Samples.LstmVsTransformer.Contenders;
using SeqCore.Samples.LstmVsTransformer.Forms;
using SeqCore.Samples.LstmVsTransformer.Measuring;
using SeqCore.Samples.LstmVsTransformer.Results;

namespace SeqCore.Samples.LstmVsTransformer.Gradients;

/// <summary>
/// Measures how gradients vanish and explode in models before training, and what gates, clipping and attention do to it.
/// </summary>
internal static class GradientStudy
{
    internal const string LargeWeightsName = "RNN, large weights";
    internal const string ForgetFourName = "LSTM, forget bias 4";
    private const float LargeGain = 3f;
    private const float ClipNorm = 1f;

    /// <summary>Below it a gradient counts as 0: float32 ends there, and logarithms of 0 do.</summary>
    private const double Floor = 1e-45;

    /// <summary>Above it a gradient has left float32.</summary>
    private const double Ceiling = float.MaxValue;

    /// <summary>Measures.</summary>
    internal static GradientResult Run(GradientForm form, ulong seed, Progress progress, CancellationToken cancellation)
    {
        var contenders = Contenders(form.Size);
        var flows = new List<Flow>();
        var clips = new List<Clip>();
        foreach (var contender in contenders)
        {
            cancellation.ThrowIfCancellationRequested();
            flows.Add(Measure(form, contender, seed));
            if (contender.Name is LargeWeightsName or Contender.ForgetOneName or Contender.TransformerName)
            {
                clips.AddRange(new[] { 10, 30, 100, 200 }.Where(l => l <= form.Steps)
                    .Select(l => MeasureClip(form, contender, l, seed)));
            }

            progress.Done(contender.Name, contenders.Count);
        }

        return new GradientResult(form.Steps, form.Sequences, form.Seeds, flows, clips);
    }

    private static IReadOnlyList<Contender> Contenders(int size)
    {
        var form = new TransformerForm(size, 2, 2);
        return
        [
            Contender.Rnn(),
            new(LargeWeightsName, (e, h, random) => Enlarged(new RecurrentCore(new Rnn(e, h, random)), random)),
            Contender.Gru(), Contender.Lstm(Contender.ForgetZeroName, 0f), Contender.Lstm(Contender.ForgetOneName, 1f),
            Contender.Lstm(ForgetFourName, 4f),
            Contender.Bidirectional, Contender.Attentive, Contender.Transformer(Contender.TransformerName, form),
        ];
    }

    // Orthogonal weights have one singular value, here 3: a gradient grows threefold at each step that the tanh does not flatten.
    private static RecurrentCore Enlarged(RecurrentCore core, RandomGenerator random)
    {
        Initializer.Orthogonal(core.RecurrentWeight.Value, random, LargeGain);
        return core;
    }

    private static Flow Measure(GradientForm form, Contender contender, ulong seed)
    {
        var ofSeeds = Enumerable.Range(0, form.Seeds).Select(i =>
        {
            var random = new RandomGenerator(seed + (ulong)i);
            using var core = contender.Create(form.Size, form.Size, random);
            using var inputs = Tensor.RandomNormal([form.Sequences, form.Steps, form.Size], random);
            return Relative(InputGradients.Norms(core, inputs, random));
        }).ToArray();
        var spreads = Enumerable.Range(0, form.Steps).Select(d => Spread.Of(ofSeeds.Select(s => s[d]))).ToArray();
        return new Flow(contender.Name, [.. spreads.Select(s => s.Median)], [.. spreads.Select(s => s.Least)],
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

    private static Clip MeasureClip(GradientForm form, Contender contender, int length, ulong seed)
    {
        var norms = Enumerable.Range(0, form.Seeds).Select(i =>
        {
            var random = new RandomGenerator(seed + (ulong)i);
            using var core = contender.Create(form.Size, form.Size, random);
            using var inputs = Tensor.RandomNormal([form.Sequences, length, form.Size], random);
            using var tape = new Tape();
            tape.Backward(core.Last(inputs, 1).Square().Mean());
            var clipped = GradientClip.ByGlobalNorm(core.Parameters(), ClipNorm);
            core.ZeroGradients();
            return (clipped.Norm, clipped.Scale);
        }).ToArray();
        return new Clip(contender.Name, length, Spread.Of(norms.Select(n => n.Norm)).Median,
            Spread.Of(norms.Select(n => n.Norm * n.Scale)).Median);
    }
}
