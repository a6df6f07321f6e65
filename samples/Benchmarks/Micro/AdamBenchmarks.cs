using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>One Adam step.</summary>
public class AdamBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("adam_step/1048576", "adam_step/1000003")]
    public override string Name { get; set; } = "";
}
