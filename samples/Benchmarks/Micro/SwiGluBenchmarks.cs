using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>A gated activation, gate and value side by side.</summary>
public class SwiGluBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("swiglu/4096x1024", "swiglu/1001x777", "swiglu_fwdbwd/4096x1024")]
    public override string Name { get; set; } = "";
}
