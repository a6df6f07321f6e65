using SeqCore.Models;

namespace SeqCore.Benchmarks;

/// <summary>Classification of token sequences, as Keras' example on film reviews does it.</summary>
internal static class ClassifierWorkloads
{
    internal static readonly WorkloadKind[] Kinds =
    [
        new("train_classifier", "BxTxVxExH", s => Train(s, sparseGradient: false)),
        new("train_classifier_sparse", "BxTxVxExH", s => Train(s, sparseGradient: true)),
    ];

    /// <summary>
    /// One training step: embedding, LSTM, two classes from its last output, cross-entropy, backward, clip to 1, AdamW.
    /// </summary>
    private static Workload Train(int[] sizes, bool sparseGradient)
    {
        const int classes = 2;
        var (batch, steps, vocabularySize, embeddingSize, hiddenSize) = (sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]);
        var random = new RandomGenerator(1);
        var embedding = new Embedding(vocabularySize, embeddingSize, random, sparseGradient: sparseGradient);
        var lstm = new Lstm(embeddingSize, hiddenSize, random);
        var head = new Linear(hiddenSize, classes, random);
        var tokens = Inputs.Indices(vocabularySize, batch, steps);
        var targets = Inputs.Indices(classes, batch);
        var optimizer = new AdamW([.. embedding.Parameters(), .. lstm.Parameters(), .. head.Parameters()], 1e-3f);
        return Workload.WithGradient(tape =>
        {
            optimizer.ZeroGradients();
            var last = lstm.Forward(embedding.Forward(tokens)).Output.Select(1, steps - 1);
            tape.Backward(head.Forward(last).CrossEntropy(targets));
            optimizer.StepClipped(1f);
        });
    }
}
