using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Crf;

/// <summary>The operands of a conditional random field, and what all its operations give on the CPU.</summary>
internal sealed class Field(int batch, int steps, int tags, bool hasLengths)
{
    internal float[] Emissions { get; } = Normal(batch * steps * tags, 1, 2);

    internal float[] Transitions { get; } = Normal(tags * tags, 2);

    internal float[] Start { get; } = Normal(tags, 3);

    internal float[] End { get; } = Normal(tags, 4);

    internal int[] Targets { get; } = Draw(batch * steps, tags);

    /// <summary>Lengths from 0 to T.</summary>
    internal int[]? Lengths { get; } = hasLengths
        ? [.. Enumerable.Range(0, batch).Select(b => b % 3 == 1 ? steps : b % 3 == 2 ? 0 : (steps * 2 + 2) / 3)] : null;

    internal float[]? Scales { get; init; }

    internal float Scale { get; init; } = 1f;

    internal float[] Row(int b) => Emissions.AsSpan(b * steps * tags, (Lengths?[b] ?? steps) * tags).ToArray();

    internal double Score(double[] e, ReadOnlySpan<int> y) =>
        Definition.CrfScore(e, ToDouble(Transitions), ToDouble(Start), ToDouble(End), y);

    internal Results Run(int threads)
    {
        using var arena = new Arena(threads);
        DeviceSpan<float> losses = arena.Output(batch), again = arena.Output(batch), dE = arena.Output(Emissions.Length),
            dT = arena.Output(Transitions.Length), dStart = arena.Output(tags), dEnd = arena.Output(tags),
            marginals = arena.Output(Emissions.Length), best = arena.Output(batch);
        var found = arena.PutIndices(new int[batch * steps]);
        var arguments = new CrfArguments
        {
            Batch = batch,
            Steps = steps,
            Tags = tags,
            Emissions = arena.Put(Emissions),
            Transitions = arena.Put(Transitions),
            Start = arena.Put(Start),
            End = arena.Put(End),
            Targets = arena.PutIndices(Targets),
            Lengths = Lengths is null ? default : arena.PutIndices(Lengths),
            Scales = Scales is null ? default : arena.Put(Scales),
            Scale = Scale,
        };
        arena.Backend.Crf(arguments with { Losses = losses });
        arena.Backend.CrfGradient(arguments with { Losses = again },
            new() { DEmissions = dE, DTransitions = dT, DStart = dStart, DEnd = dEnd });
        again.AsHostSpan().ToArray().Should().Equal(losses.AsHostSpan().ToArray());
        arena.Backend.CrfGradient(arguments with { Targets = default, Scales = default, Scale = 1f },
            new() { DEmissions = marginals });
        arena.Backend.CrfDecode(arguments, found, best);
        return new(losses.AsHostSpan().ToArray(), dE.AsHostSpan().ToArray(), dT.AsHostSpan().ToArray(),
            dStart.AsHostSpan().ToArray(), dEnd.AsHostSpan().ToArray(), marginals.AsHostSpan().ToArray(),
            best.AsHostSpan().ToArray(), found.AsHostSpan().ToArray());
    }

    /// <summary>Asserts that losses, gradients and marginals are those of forward-backward in double.</summary>
    internal void ShouldAgree(Results found, double relative, double absolute)
    {
        double[] losses = new double[batch], dE = new double[Emissions.Length], dT = new double[tags * tags],
            dStart = new double[tags], dEnd = new double[tags], marginals = new double[Emissions.Length];
        for (var b = 0; b < batch; b++)
        {
            int length = Lengths?[b] ?? steps, at = b * steps * tags;
            var scale = Scale * (double)(Scales?[b] ?? 1f);
            var y = Targets.AsSpan(b * steps, length);
            var e = ToDouble(Row(b));
            var (logZ, ofTags, ofPairs) = Definition.Crf(e, ToDouble(Transitions), ToDouble(Start), ToDouble(End));
            losses[b] = logZ - Score(e, y);
            ofTags.CopyTo(marginals, at);
            for (var i = 0; i < length * tags; i++)
            {
                var change = scale * (ofTags[i] - (y[i / tags] == i % tags ? 1 : 0));
                dE[at + i] = change;
                if (i < tags)
                    dStart[i] += change;
                if (i / tags == length - 1)
                    dEnd[i % tags] += change;
            }

            for (var i = 0; i < tags * tags; i++)
                dT[i] += scale * ofPairs[i];
            for (var t = 1; t < length; t++)
                dT[y[t - 1] * tags + y[t]] -= scale;
        }

        ShouldBeNear(found.Losses, losses, relative, absolute, "losses");
        ShouldBeNear(found.DEmissions, dE, relative, absolute, "dEmissions");
        ShouldBeNear(found.DTransitions, dT, relative, absolute, "dTransitions");
        ShouldBeNear(found.DStart, dStart, relative, absolute, "dStart");
        ShouldBeNear(found.DEnd, dEnd, relative, absolute, "dEnd");
        ShouldBeNear(found.Marginals, marginals, relative, absolute, "marginals");
    }

    private static int[] Draw(int count, int limit)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(limit))];
    }

    internal sealed record Results(float[] Losses, float[] DEmissions, float[] DTransitions, float[] DStart, float[] DEnd,
        float[] Marginals, float[] BestScores, int[] Best)
    {
        internal float[][] Floats => [Losses, DEmissions, DTransitions, DStart, DEnd, Marginals, BestScores];
    }
}
