using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>Rotary positions on all heads.</summary>
public class RotaryBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("rotary/8x512x16x64", "rotary/3x333x7x38", "rotary_fwdbwd/8x512x16x64")]
    public override string Name { get; set; } = "";
}
