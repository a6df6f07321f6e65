using SeqCore.Samples.LstmVsTransformer.Contenders;
using SeqCore.Samples.LstmVsTransformer.Gradients;
using SeqCore.Samples.LstmVsTransformer.Tasks;

namespace SeqCore.Samples.LstmVsTransformer.Recall;

/// <summary>Where a trained model looks: two numbers by which a person could tell what its answer comes from.</summary>
internal static class Looks
{
    private const int Sequences = 16;

    /// <summary>
    /// The weight that the last step gives to the first one, averaged over sequences, in the layer and head where it is greatest;
    /// null for a model without attention.
    /// </summary>
    internal static double? AttentionOnFirst(SequenceCore core, SequenceTask task, SequenceModel model, RandomGenerator random)
    {
        using var batch = task.Draw(random, Sequences);
        using var scope = new TensorScope("look");
        if (core.LastWeights(model.Embed(batch)) is not { } layers)
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

    /// <summary>The norm of the gradient to the first input, as a share of the norms to all inputs.</summary>
    internal static double GradientOnFirst(SequenceCore core, SequenceTask task, SequenceModel model, RandomGenerator random)
    {
        using var batch = task.Draw(random, Sequences);
        using var embedded = Embedded(model, batch);
        var norms = InputGradients.Norms(core, embedded, random);
        return norms.Average(n => n[0] / n.Sum());
    }

    private static Tensor Embedded(SequenceModel model, TaskBatch batch)
    {
        using var scope = new TensorScope("look");
        return scope.Keep(model.Embed(batch).Value.Copy());
    }
}
