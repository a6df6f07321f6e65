using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.CopyMixture;

/// <summary>The operands of a mixture of generating and copying, and what its operations give on the CPU.</summary>
internal sealed class Mixture
{
    internal Mixture(int batch, int steps, int vocabulary, int positions, bool hasLengths)
    {
        (Batch, Steps, Vocabulary, Positions) = (batch, steps, vocabulary, positions);
        Logits = Normal(batch * steps * vocabulary, 1, 3);
        Gates = Normal(batch * steps, 2, 2);
        DY = Normal(Logits.Length, 3);
        var random = new Random(4);

        // Few different tokens, so that many positions hold the same.
        Tokens = [.. Enumerable.Range(0, batch * positions).Select(_ => random.Next(Math.Min(vocabulary, positions / 2 + 1)))];
        Lengths = hasLengths
            ? [.. Enumerable.Range(0, batch).Select(b => b % 3 == 1 ? positions : b % 3 == 2 ? 0 : (positions * 2 + 2) / 3)]
            : null;
        Weights = new float[batch * steps * positions];
        for (var r = 0; r < batch * steps; r++)
        {
            var length = LengthOf(r / steps);
            double[] row = Definition.Softmax(ToDouble(Normal(length, 5 + r, 2)));
            for (var i = 0; i < length; i++)
                Weights[r * positions + i] = (float)row[i];
        }
    }

    internal int Batch { get; }

    internal int Steps { get; }

    internal int Vocabulary { get; }

    internal int Positions { get; }

    internal float[] Logits { get; }

    internal float[] Weights { get; }

    internal float[] Gates { get; }

    internal int[] Tokens { get; }

    internal int[]? Lengths { get; }

    internal float[] DY { get; }

    internal int LengthOf(int b) => Lengths?[b] ?? Positions;

    internal Results Run(int threads)
    {
        using var arena = new Arena(threads);
        DeviceSpan<float> y = arena.Output(Logits.Length), normalizers = arena.Output(2 * Gates.Length),
            dX = arena.Output(Logits.Length), dA = arena.Output(Weights.Length), dG = arena.Output(Gates.Length);
        var arguments = new CopyMixtureArguments
        {
            Batch = Batch,
            Steps = Steps,
            Vocabulary = Vocabulary,
            SourceLength = Positions,
            Logits = arena.Put(Logits),
            Weights = arena.Put(Weights),
            Gates = arena.Put(Gates),
            Tokens = arena.PutIndices(Tokens),
            Lengths = Lengths is null ? default : arena.PutIndices(Lengths),
            LogProbabilities = y,
            Normalizers = normalizers,
        };
        arena.Backend.CopyMixture(arguments);
        var dY = arena.Put(DY);
        arena.Backend.CopyMixtureGradient(arguments, new() { DLogProbabilities = dY, DLogits = dX, DWeights = dA, DGates = dG });
        Results all = new(y.AsHostSpan().ToArray(), dX.AsHostSpan().ToArray(), dA.AsHostSpan().ToArray(),
            dG.AsHostSpan().ToArray());
        foreach (var span in (DeviceSpan<float>[])[dX, dA, dG])
            span.AsHostSpan().Clear();
        arena.Backend.CopyMixtureGradient(arguments, new() { DLogProbabilities = dY, DLogits = dX });
        arena.Backend.CopyMixtureGradient(arguments, new() { DLogProbabilities = dY, DWeights = dA });
        arena.Backend.CopyMixtureGradient(arguments, new() { DLogProbabilities = dY, DGates = dG });
        new Results(all.Y, dX.AsHostSpan().ToArray(), dA.AsHostSpan().ToArray(), dG.AsHostSpan().ToArray()).Floats
            .Should().BeEquivalentTo(all.Floats, o => o.WithStrictOrdering(), "each gradient can be computed alone");
        return all;
    }

    /// <summary>Asserts that results and gradients are those of the definition in double.</summary>
    internal void ShouldAgree(Results found, double relative, double absolute)
    {
        double[] y = new double[Logits.Length], dX = new double[Logits.Length], dA = new double[Weights.Length],
            dG = new double[Gates.Length];
        for (var r = 0; r < Gates.Length; r++)
        {
            int b = r / Steps, at = r * Vocabulary, length = LengthOf(b);
            var x = ToDouble(Logits[at..(at + Vocabulary)]);
            var a = ToDouble(Weights[(r * Positions)..(r * Positions + length)]);
            var tokens = Tokens.AsSpan(b * Positions, length);
            Definition.CopyMixture(x, a, tokens, Gates[r]).CopyTo(y, at);
            (var ofLogits, var ofWeights, dG[r]) =
                Definition.CopyMixtureGradient(x, a, tokens, Gates[r], ToDouble(DY[at..(at + Vocabulary)]));
            ofLogits.CopyTo(dX, at);
            ofWeights.CopyTo(dA, r * Positions);
        }

        ShouldBeNear(found.Y, y, relative, absolute, "y");
        ShouldBeNear(found.DX, dX, relative, absolute, "dX");
        ShouldBeNear(found.DWeights, dA, relative, absolute, "dWeights");
        ShouldBeNear(found.DGates, dG, relative, absolute, "dGates");
    }

    internal sealed record Results(float[] Y, float[] DX, float[] DWeights, float[] DGates)
    {
        internal float[][] Floats => [Y, DX, DWeights, DGates];
    }
}
