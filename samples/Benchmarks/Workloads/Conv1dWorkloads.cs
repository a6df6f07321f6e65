using SeqCore.Models;

namespace SeqCore.Benchmarks;

/// <summary>Convolutions over a (B, T, C) batch.</summary>
internal static class Conv1dWorkloads
{
    internal static readonly WorkloadKind[] Kinds =
    [
        new("conv1d_fwd", "BxTxCxOxK", s => Forward(s)),
        new("conv1d_fwdbwd", "BxTxCxOxK", s => Both(s, groups: 1)),
        new("conv1d_depthwise_fwdbwd", "BxTxCxK", s => Both([s[0], s[1], s[2], s[2], s[3]], groups: s[2])),
    ];

    private static Conv1d Layer(int[] s, int groups) => new(s[2], s[3], s[4], new RandomGenerator(1),
        new() { Groups = groups, Padding = Conv1dPadding.Same });

    /// <summary>Of one forward pass; backward has twice as many.</summary>
    private static double Operations(int[] s, int groups) => 2.0 * s[0] * s[1] * s[2] / groups * s[3] * s[4];

    private static Workload Forward(int[] s)
    {
        var layer = Layer(s, 1);
        var x = Inputs.Normal(s[0], s[1], s[2]);
        return Workload.Inference(() => layer.Forward(x), Operations(s, 1));
    }

    /// <summary>Forward, then the gradients of x and of the parameters.</summary>
    private static Workload Both(int[] s, int groups)
    {
        var layer = Layer(s, groups);
        var x = new Variable(Inputs.Normal(s[0], s[1], s[2]), requiresGradient: true);
        var dY = Inputs.Normal(s[0], s[1], s[3]);
        return Workload.WithGradient(
            tape =>
            {
                layer.ZeroGradients();
                x.ZeroGradient();
                tape.Backward(layer.Forward(x), dY);
            },
            3 * Operations(s, groups));
    }
}
