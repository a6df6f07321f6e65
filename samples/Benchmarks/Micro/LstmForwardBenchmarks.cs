using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>LSTM over whole sequences.</summary>
public class LstmForwardBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("lstm_fwd/64x64x128x256", "lstm_fwd/7x33x100x250")]
    public override string Name { get; set; } = "";
}
