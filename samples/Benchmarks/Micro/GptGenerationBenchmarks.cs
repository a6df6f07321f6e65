using BenchmarkDotNet.Attributes;

namespace SeqCore.Benchmarks.Micro;

/// <summary>Tokens sampled one by one from a GPT with cached keys and values.</summary>
public class GptGenerationBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("generate_gpt/256x65x128x4x4", "generate_gpt/99x61x60x3x2")]
    public override string Name { get; set; } = "";
}
