using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>Layer normalisation of rows.</summary>
public class LayerNormBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("layernorm/4096x1024", "layernorm/1001x777")]
    public override string Name { get; set; } = "";
}
