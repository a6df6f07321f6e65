using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Benchmarks;

/// <summary>Whole language models, as nanoGPT and character LSTMs have them.</summary>
internal static class LanguageModelWorkloads
{
    internal static readonly WorkloadKind[] Kinds =
    [
        new("train_charlstm", "BxTxVxExHxL", s => Train(CharLstm(s[2], s[3], s[4], s[5]), s[0], s[1])),
        new("generate_charlstm", "NxVxExHxL", s => Generate(CharLstm(s[1], s[2], s[3], s[4]), s[0])),
        new("train_gpt", "BxTxVxCxHxL", s => Train(Gpt(s[2], s[3], s[4], s[5], s[1]), s[0], s[1])),
        new("generate_gpt", "NxVxCxHxL", s => Generate(Gpt(s[1], s[2], s[3], s[4], s[0]), s[0])),
    ];

    /// <summary>Embedding, L LSTM layers, linear.</summary>
    private static RecurrentLanguageModel CharLstm(int vocabularySize, int embeddingSize, int hiddenSize, int layers) =>
        new(
            new RecurrentLanguageModelOptions
            {
                VocabularySize = vocabularySize,
                EmbeddingSize = embeddingSize,
                HiddenSize = hiddenSize,
                Layers = layers,
            },
            new RandomGenerator(1));

    /// <summary>C channels, H heads, L blocks, learned positions, tied head.</summary>
    private static Gpt Gpt(int vocabularySize, int modelSize, int headCount, int layers, int maximumLength) => new(
        new GptOptions
        {
            VocabularySize = vocabularySize,
            MaximumLength = maximumLength,
            ModelSize = modelSize,
            HeadCount = headCount,
            Layers = layers,
            Activation = FeedForwardActivation.GeluTanh,
        },
        new RandomGenerator(1));

    /// <summary>One training step: forward, cross-entropy, backward, clip to 1, AdamW.</summary>
    private static Workload Train(LanguageModel model, int batch, int steps)
    {
        var tokens = Inputs.Indices(model.VocabularySize, batch, steps);
        var targets = Inputs.Indices(model.VocabularySize, batch, steps);
        var optimizer = new AdamW(model.Parameters(), 1e-3f);
        return Workload.WithGradient(tape =>
        {
            optimizer.ZeroGradients();
            tape.Backward(model.Predict(tokens).CrossEntropy(targets));
            optimizer.StepClipped(1f);
        });
    }

    /// <summary>N tokens sampled one by one, each drawn from the softmax of the logits before it.</summary>
    private static Workload Generate(LanguageModel model, int count)
    {
        var sampler = new Sampler(new RandomGenerator(2));
        var logits = new float[model.VocabularySize];
        return new Workload(() =>
        {
            using var stream = model.NewStream();
            var token = 0;
            for (var i = 0; i < count; i++)
            {
                Backend.Default.Download(stream.Step(token).Span, logits);
                token = sampler.Next(logits);
            }
        });
    }
}
