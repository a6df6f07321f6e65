using SeqCore.Models;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>Options that suit named sets, which take the place of the usual defaults.</summary>
internal static class Presets
{
    /// <summary>The defaults for some data.</summary>
    /// <param name="set">The named set; null for other data.</param>
    /// <param name="model">The name of the model on the command line; null for the usual one.</param>
    /// <param name="otherwise">The usual defaults.</param>
    public static TrainOptions For(PairSet? set, string? model, TrainOptions otherwise) =>
        set != PairSet.Multi30k ? otherwise
        : model == ModelText.Transformer ? Captions(otherwise) with
        {
            LearningRate = 0.0015f,
            Warmup = 500,
            Beta2 = 0.98f,
            FeedForward = 512,
            Recurrent = otherwise.Recurrent with { HiddenSize = 192, Layers = 3, HeadCount = 4, Dropout = 0.2f },
        }
        : Captions(otherwise) with
        {
            LearningRate = 0.002f,
            Warmup = 200,
            Recurrent = otherwise.Recurrent with { EmbeddingSize = 256, HiddenSize = 384, Dropout = 0.3f },
        };

    // Twelve passes over 28,000 pairs; the shape of the models differs, their data and the number of steps do not.
    private static TrainOptions Captions(TrainOptions otherwise) => otherwise with
    {
        Iterations = 5250,
        Batch = 64,
        Vocabulary = 4000,
        Sequence = 100,
        LabelSmoothing = 0.1f,
        EvalEvery = 250,
        CheckpointEvery = 250,
        Average = 4,
    };
}
