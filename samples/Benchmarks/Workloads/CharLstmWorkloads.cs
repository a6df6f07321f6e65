using SeqCore.Autograd;
using SeqCore.Models;
using SeqCore.Tensors;

namespace SeqCore.Benchmarks;

/// <summary>A character language model: embedding, L LSTM layers, linear.</summary>
internal static class CharLstmWorkloads
{
    internal static readonly WorkloadKind[] Kinds =
    [
        new("train_charlstm", "BxTxVxExHxL", s => Train(Model(s[2], s[3], s[4], s[5]), s[0], s[1])),
        new("generate_charlstm", "NxVxExHxL", s => Generate(Model(s[1], s[2], s[3], s[4]), s[0])),
    ];

    private static RecurrentLanguageModel Model(int vocabularySize, int embeddingSize, int hiddenSize, int layers) =>
        new(RecurrentKind.Lstm, vocabularySize, embeddingSize, hiddenSize, layers, 0f, tieWeights: false, new RandomGenerator(1));

    /// <summary>One training step: forward, cross-entropy, backward, clip to 1, AdamW.</summary>
    private static Workload Train(RecurrentLanguageModel model, int batch, int steps)
    {
        var tokens = Inputs.Indices(model.VocabularySize, batch, steps);
        var targets = Inputs.Indices(model.VocabularySize, batch, steps);
        var optimizer = new AdamW(model.Parameters(), 1e-3f);
        return Workload.WithGradient(tape =>
        {
            optimizer.ZeroGradients();
            tape.Backward(model.Forward(tokens).Logits.CrossEntropy(targets));
            optimizer.Step(GradientClip.ByGlobalNorm(model.Parameters(), 1f).Scale);
        });
    }

    /// <summary>N characters sampled one by one, each drawn from the softmax of the logits before it.</summary>
    private static Workload Generate(RecurrentLanguageModel model, int count)
    {
        var sampler = new Sampler(new RandomGenerator(2));
        return new Workload(() =>
        {
            using var stream = new LanguageModelStream(model);
            var token = 0;
            for (var i = 0; i < count; i++)
                token = sampler.Next(stream.Step(token).Span.AsHostSpan());
        });
    }
}
