using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>Elman network over whole sequences, forward and backward.</summary>
public class RnnBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("rnn_fwdbwd/64x64x128x256", "rnn_fwdbwd/7x33x100x250")]
    public override string Name { get; set; } = "";
}
