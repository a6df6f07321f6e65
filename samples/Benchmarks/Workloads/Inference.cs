using SeqCore.Tensors;

namespace SeqCore.Benchmarks;

/// <summary>Work without gradients.</summary>
internal static class Inference
{
    /// <summary>Runs inside a scope of its own, so that each call allocates its results and gives them back.</summary>
    internal static void Run(Action body)
    {
        using var scope = new TensorScope("workload");
        body();
    }
}
