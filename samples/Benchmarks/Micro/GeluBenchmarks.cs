using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>GELU in its tanh form.</summary>
public class GeluBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("gelu/4096x1024", "gelu/1001x777")]
    public override string Name { get; set; } = "";
}
