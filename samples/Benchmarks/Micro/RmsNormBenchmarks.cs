using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>Root-mean-square normalisation of rows.</summary>
public class RmsNormBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("rmsnorm/4096x1024", "rmsnorm/1001x777", "rmsnorm_fwdbwd/4096x1024")]
    public override string Name { get; set; } = "";
}
