using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>Elman network over whole sequences.</summary>
public class RnnForwardBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("rnn_fwd/64x64x128x256", "rnn_fwd/7x33x100x250")]
    public override string Name { get; set; } = "";
}
