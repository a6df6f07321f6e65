using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>GRU over whole sequences, forward and backward.</summary>
public class GruBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("gru_fwdbwd/64x64x128x256", "gru_fwdbwd/7x33x100x250")]
    public override string Name { get; set; } = "";
}
