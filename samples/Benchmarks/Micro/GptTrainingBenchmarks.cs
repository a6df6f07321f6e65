using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>One training step of a GPT: forward, cross-entropy, backward, clipping, AdamW.</summary>
public class GptTrainingBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("train_gpt/12x64x65x128x4x4", "train_gpt/5x33x61x60x3x2")]
    public override string Name { get; set; } = "";
}
