using SeqCore.Models;

namespace SeqCore.Tests.Documentation;

/// <summary>The examples of mixers of sequences.</summary>
public static partial class Examples
{
    public static void LinearAttentionExample()
    {
        // Example: T:SeqCore.Models.LinearAttention
        var random = new RandomGenerator(seed: 1);
        var gpt = new Gpt(new GptOptions
        {
            VocabularySize = 100,
            MaximumLength = 4096,
            ModelSize = 32,
            HeadCount = 4,
            Layers = 2,
            NewMixer = (block, r) => new LinearAttention(block.ModelSize, block.HeadCount, new EluFeatures(), r),
        }, random);
        var tokens = IndexTensor.Arange(4096).Reshape(1, 4096).Clamp(0, 99);
        Console.WriteLine(gpt.Predict(tokens).Shape);     // (1, 4096, 100)
        // End
    }

    public static void LinformerAttentionExample()
    {
        // Example: T:SeqCore.Models.LinformerAttention
        var random = new RandomGenerator(seed: 1);
        var projection = new LinformerProjection(length: 2048, rank: 64, random);      // shared by both layers
        var encoder = new TransformerStack(2, new TransformerBlockOptions
        {
            ModelSize = 32,
            HeadCount = 4,
            FeedForwardSize = 64,
            NewMixer = (block, r) => new LinformerAttention(block.ModelSize, block.HeadCount, projection, r),
        }, random);
        var x = Tensor.RandomNormal([1, 2048, 32], random);
        Console.WriteLine(encoder.Forward(x).Shape);     // (1, 2048, 32)
        // End
    }

    public static void LshAttentionExample()
    {
        // Example: T:SeqCore.Models.LshAttention
        var random = new RandomGenerator(seed: 1);
        var block = new TransformerBlock(new TransformerBlockOptions
        {
            ModelSize = 32,
            HeadCount = 4,
            FeedForwardSize = 64,
            NewMixer = (o, r) => new LshAttention(o.ModelSize, o.HeadCount, r, new LshAttentionOptions { Rounds = 2 }),
        }, random);
        Console.WriteLine(block.Forward(Tensor.RandomNormal([1, 1000, 32], random)).Shape);     // (1, 1000, 32)
        // End
    }
}
