using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>GRU over whole sequences.</summary>
public class GruForwardBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("gru_fwd/64x64x128x256", "gru_fwd/7x33x100x250")]
    public override string Name { get; set; } = "";
}
