using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>A residual added and the sum normalised, in one pass.</summary>
public class AddLayerNormBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("add_layernorm/4096x1024", "add_layernorm/1001x777", "add_layernorm_fwdbwd/4096x1024")]
    public override string Name { get; set; } = "";
}
