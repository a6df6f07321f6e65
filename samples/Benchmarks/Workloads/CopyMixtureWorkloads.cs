namespace SeqCore.Benchmarks;

/// <summary>The mixture of generating one of V tokens and copying one of S positions.</summary>
internal static class CopyMixtureWorkloads
{
    internal static readonly WorkloadKind[] Kinds =
    [
        new("copy_mixture_fwdbwd", "BxTxVxS", s => CopyMixture(s[0], s[1], s[2], s[3])),
    ];

    private static Workload CopyMixture(int batch, int steps, int vocabulary, int positions)
    {
        var logits = new Variable(Inputs.Normal(batch, steps, vocabulary), requiresGradient: true);
        var weights = new Variable(Inputs.Normal(batch, steps, positions).Softmax(), requiresGradient: true);
        var gate = new Variable(Inputs.Normal(batch, steps), requiresGradient: true);
        IndexTensor tokens = Inputs.Indices(vocabulary, batch, positions), targets = Inputs.Indices(vocabulary, batch, steps);
        return Workload.WithGradient(
            tape =>
            {
                foreach (var x in (Variable[])[logits, weights, gate])
                    x.ZeroGradient();
                tape.Backward(logits.CopyMixture(weights, gate, tokens).CrossEntropy(targets));
            },
            floats: 4.0 * batch * steps * vocabulary);
    }
}
