using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.SequenceToSequence.Data;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>Which model, and on what.</summary>
internal sealed record TrainingSettings
{
    /// <summary>The options of a recurrent model, which is trained unless there are those of a Transformer.</summary>
    public RecurrentEncoderDecoderOptions Recurrent { get; init; } = new()
    {
        SourceVocabularySize = 0,
        TargetVocabularySize = 0,
        Kind = RecurrentKind.Gru,
        EmbeddingSize = 128,
        HiddenSize = 256,
        Bidirectional = true,
        Dropout = 0.1f,
        Attention = AttentionScore.Additive,
    };

    /// <summary>The options of a Transformer; null for a recurrent model.</summary>
    public TransformerOptions? Transformer { get; init; }

    /// <summary>The model whose weights, sizes and tokens training starts from; null for a new one.</summary>
    public string? From { get; init; }

    /// <summary>words, characters, or auto for what suits the data.</summary>
    public string Level { get; init; } = "auto";

    /// <summary>Words at most on either side.</summary>
    public int Vocabulary { get; init; } = 10_000;

    /// <summary>Tokens of a source or target at most.</summary>
    public int Sequence { get; init; } = 64;

    /// <summary>Share of each token's probability that training spreads over all.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>Where the page of attention goes; null for the run's folder.</summary>
    public string? Attention { get; init; }

    /// <summary>How long and how.</summary>
    public RunSettings Run { get; init; } =
        new() { Iterations = 5000, Batch = 64, LearningRate = 0.001f, Schedule = "cosine", Warmup = 100 };

    /// <summary>The name of the model on the command line.</summary>
    public string Model => Transformer is not null ? ModelText.Transformer : ModelText.Name(Recurrent.Kind);

    /// <summary>The width of the layers.</summary>
    public int Width => Transformer?.Layer.ModelSize ?? Recurrent.HiddenSize;

    /// <summary>These settings with the sizes of a model that training starts from.</summary>
    public TrainingSettings For(EncoderDecoderModel? start) => start switch
    {
        Transformer { Options: var o } => this with { Transformer = o },
        RecurrentEncoderDecoder { Options: var o } => this with { Recurrent = o, Transformer = null },
        _ => this,
    };

    /// <summary>Makes the model.</summary>
    /// <param name="vocabularies">Of the pairs.</param>
    /// <param name="random">Draws the initial weights and the masks of dropout.</param>
    public EncoderDecoderModel NewModel(Vocabularies vocabularies, RandomGenerator random)
    {
        var (sources, targets) = (vocabularies.Source.Count, vocabularies.Target.Count);
        EncoderDecoderModel model = Transformer is not null
            ? new Transformer(Transformer with
            {
                SourceVocabularySize = sources,
                TargetVocabularySize = targets,
                MaximumLength = Sequence,
            }, random)
            : new RecurrentEncoderDecoder(
                Recurrent with { SourceVocabularySize = sources, TargetVocabularySize = targets }, random);
        (model.SourceTokenizer, model.TargetTokenizer) = (vocabularies.Source, vocabularies.Target);
        return model;
    }
}
