using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>The product of a linear layer.</summary>
public class LinearBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("matmul_nt/32x1024x4096", "matmul_nt/1x1024x4096", "matmul_nt/33x1000x777")]
    public override string Name { get; set; } = "";
}
