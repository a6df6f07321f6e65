using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore.Benchmarks;

/// <summary>Work on the rows of an R x C matrix.</summary>
internal static class RowWorkloads
{
    internal static readonly WorkloadKind[] Kinds =
    [
        new("softmax", "RxC", sizes => Softmax(sizes[0], sizes[1])),
        new("layernorm", "RxC", sizes => LayerNorm(sizes[0], sizes[1])),
        new("gelu", "RxC", sizes => Map<GeluTanhOperation>(sizes[0], sizes[1])),
        new("gelu_erf", "RxC", sizes => Map<GeluErfOperation>(sizes[0], sizes[1])),
        new("cross_entropy_fwdbwd", "RxC", sizes => CrossEntropy(sizes[0], sizes[1])),
    ];

    private static Workload Softmax(int rows, int columns)
    {
        var x = Inputs.Normal(rows, columns);
        return Workload.Inference(() => x.Softmax(), floats: 2.0 * rows * columns);
    }

    private static Workload LayerNorm(int rows, int columns)
    {
        Variable x = Inputs.Normal(rows, columns), weight = Inputs.Normal(columns), bias = Inputs.Normal(columns);
        return Workload.Inference(() => x.LayerNorm(weight, bias), floats: 2.0 * rows * columns + 2.0 * columns);
    }

    private static Workload Map<TOperation>(int rows, int columns) where TOperation : struct, IUnaryOperation
    {
        var x = Inputs.Normal(rows, columns);
        return Workload.Inference(() => x.Map(default(TOperation)), floats: 2.0 * rows * columns);
    }

    /// <summary>
    /// The mean cross-entropy over R rows of C logits, and its gradient. Must move 2 R C + R numbers: one pass over a row makes
    /// its loss and its gradient, so the logits and the targets are read once and the gradient is written once.
    /// </summary>
    private static Workload CrossEntropy(int rows, int classes)
    {
        var logits = new Variable(Inputs.Normal(rows, classes), requiresGradient: true);
        var targets = Inputs.Indices(classes, rows);
        return Workload.WithGradient(
            tape =>
            {
                logits.ZeroGradient();
                tape.Backward(logits.CrossEntropy(targets));
            },
            floats: 2.0 * rows * classes + rows);
    }
}
