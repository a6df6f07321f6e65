using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>Softmax over rows.</summary>
public class SoftmaxBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("softmax/4096x1024", "softmax/1001x777")]
    public override string Name { get; set; } = "";
}
