using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>Scaled dot-product attention in tiles.</summary>
public class AttentionForwardBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("sdpa_fwd_full/4x8x256x64", "sdpa_fwd_causal/4x8x256x64", "sdpa_fwd_full/3x5x333x40", "sdpa_fwd_causal/3x5x333x40")]
    public override string Name { get; set; } = "";
}
