using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>One step of an LSTM.</summary>
public class LstmStepBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("lstm_step/1x256x1024", "lstm_step/3x100x250")]
    public override string Name { get; set; } = "";
}
