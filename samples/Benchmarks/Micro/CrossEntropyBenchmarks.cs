using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>Softmax cross-entropy, forward and backward.</summary>
public class CrossEntropyBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("cross_entropy_fwdbwd/2048x8192", "cross_entropy_fwdbwd/1001x777")]
    public override string Name { get; set; } = "";
}
