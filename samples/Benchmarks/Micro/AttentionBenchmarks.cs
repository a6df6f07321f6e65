using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>Scaled dot-product attention in tiles, forward and backward.</summary>
public class AttentionBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("sdpa_fwdbwd_full/4x8x256x64", "sdpa_fwdbwd_causal/4x8x256x64", "sdpa_fwdbwd_full/3x5x333x40",
        "sdpa_fwdbwd_causal/3x5x333x40")]
    public override string Name { get; set; } = "";
}
