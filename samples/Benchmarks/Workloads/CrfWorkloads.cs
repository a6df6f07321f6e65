using SeqCore.Models;

namespace SeqCore.Benchmarks;

/// <summary>Conditional random fields over (B, T, K) emissions.</summary>
internal static class CrfWorkloads
{
    internal static readonly WorkloadKind[] Kinds =
    [
        new("crf_fwdbwd", "BxTxK", s => Crf(s[0], s[1], s[2])),
        new("crf_decode", "BxTxK", s => Decode(s[0], s[1], s[2])),
    ];

    private static Workload Crf(int batch, int steps, int tags)
    {
        var field = new ConditionalRandomField(tags, new RandomGenerator(1));
        var x = new Variable(Inputs.Normal(batch, steps, tags), requiresGradient: true);
        var targets = Inputs.Indices(tags, batch, steps);
        return Workload.WithGradient(
            tape =>
            {
                field.ZeroGradients();
                x.ZeroGradient();
                tape.Backward(field.Loss(x, targets));
            },
            6.0 * batch * steps * tags * tags);
    }

    private static Workload Decode(int batch, int steps, int tags)
    {
        var field = new ConditionalRandomField(tags, new RandomGenerator(1));
        Variable x = Inputs.Normal(batch, steps, tags);
        return Workload.Inference(
            () => x.CrfDecode(field.Transitions, field.StartTransitions, field.EndTransitions),
            2.0 * batch * steps * tags * tags);
    }
}
