using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>LSTM over whole sequences, forward and backward.</summary>
public class LstmBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("lstm_fwdbwd/64x64x128x256", "lstm_fwdbwd/7x33x100x250")]
    public override string Name { get; set; } = "";
}
