namespace SeqCore.Benchmarks;

/// <summary>Scaled dot-product attention: B sequences, N heads, L queries and keys, K elements a head.</summary>
internal static class AttentionWorkloads
{
    internal static readonly WorkloadKind[] Kinds =
    [
        .. from mask in new[] { (Name: "full", Options: AttentionOptions.Full, Share: 1.0),
            (Name: "causal", Options: AttentionOptions.Causal, Share: 0.5) }
           from kind in new[]
           {
               new WorkloadKind($"sdpa_fwd_{mask.Name}", "BxNxLxK", s => Forward(s, mask.Options, mask.Share * Operations(s))),
               new WorkloadKind($"sdpa_fwdbwd_{mask.Name}", "BxNxLxK",
                   s => Both(s, mask.Options, 3.5 * mask.Share * Operations(s))),
           }
           select kind,
    ];

    /// <summary>Of the two products of the forward pass; backward has five.</summary>
    private static double Operations(int[] sizes) => 4.0 * sizes[0] * sizes[1] * sizes[2] * sizes[2] * sizes[3];

    private static Workload Forward(int[] sizes, AttentionOptions options, double operations)
    {
        Variable q = Inputs.Normal(sizes), k = Inputs.Normal(sizes), v = Inputs.Normal(sizes);
        return Workload.Inference(() => Variable.Attention(q, k, v, options), operations);
    }

    private static Workload Both(int[] sizes, AttentionOptions options, double operations)
    {
        var inputs = new Variable[3];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = new Variable(Inputs.Normal(sizes), requiresGradient: true);
        var dY = Inputs.Normal(sizes);
        return Workload.WithGradient(
            tape =>
            {
                foreach (var input in inputs)
                    input.ZeroGradient();
                tape.Backward(Variable.Attention(inputs[0], inputs[1], inputs[2], options), dY);
            },
            operations);
    }
}
