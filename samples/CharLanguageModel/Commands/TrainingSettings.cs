using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Which model, and how to train it. The size of the vocabulary comes from the text.</summary>
internal sealed record TrainingSettings
{
    /// <summary>
    /// What is taken for a gpt where an option is left out: the setting that nanoGPT proposes for a processor, four blocks of 128
    /// channels trained for 2,000 steps.
    /// </summary>
    public static TrainingSettings ForGpt { get; } = new()
    {
        Gpt = new GptOptions { VocabularySize = 0, Layers = 4, HeadCount = 4, ModelSize = 128 },
        Sequence = 64,
        Run = new RunSettings
        {
            Iterations = 2000,
            Batch = 12,
            LearningRate = 0.001f,
            Schedule = "cosine",
            Warmup = 100,
            WeightDecay = 0.1f,
            Beta2 = 0.99f,
        },
    };

    /// <summary>The options of a recurrent model, which is trained unless there are those of a gpt.</summary>
    public RecurrentLanguageModelOptions Recurrent { get; init; } =
        new() { VocabularySize = 0, EmbeddingSize = 128, HiddenSize = 256 };

    /// <summary>The options of a gpt; null for a recurrent model. It looks back on a window.</summary>
    public GptOptions? Gpt { get; init; }

    /// <summary>The characters in a window.</summary>
    public int Sequence { get; init; } = 128;

    /// <summary>random or stream.</summary>
    public string Windows { get; init; } = "random";

    /// <summary>Steps between records of every layer's gradient and update; 0 for none.</summary>
    public int LogLayers { get; init; }

    /// <summary>The model whose weights, sizes and tokenizer training starts from; null for a new one.</summary>
    public string? From { get; init; }

    /// <summary>How long and how.</summary>
    public RunSettings Run { get; init; } = new();

    /// <summary>The name of the model on the command line.</summary>
    public string Model => Gpt is not null ? ModelText.Gpt : ModelText.Name(Recurrent.Kind);

    /// <summary>These settings with the sizes of a model that training starts from.</summary>
    public TrainingSettings For(LanguageModel? start) => start switch
    {
        Gpt { Options: var o } => this with { Gpt = o },
        RecurrentLanguageModel { Options: var o } => this with { Recurrent = o, Gpt = null },
        _ => this,
    };

    /// <summary>Windows in a batch of an evaluation.</summary>
    /// <param name="vocabulary">Different characters.</param>
    public int EvaluationBatch(int vocabulary)
    {
        var widest = Gpt is { } gpt ? 4 * gpt.ModelSize : 6 * Recurrent.HiddenSize;
        return WorkspaceSize.EvaluationBatch(Run.Batch, (double)Sequence * Math.Max(widest, vocabulary));
    }

    /// <summary>Makes the model.</summary>
    /// <param name="tokenizer">Of the text.</param>
    /// <param name="random">Draws the initial weights and the masks of dropout.</param>
    public LanguageModel NewModel(Tokenizer tokenizer, RandomGenerator random) => Gpt is not null
        ? new Gpt(Gpt with { VocabularySize = tokenizer.Count, MaximumLength = Sequence }, random) { Tokenizer = tokenizer }
        : new RecurrentLanguageModel(Recurrent with { VocabularySize = tokenizer.Count }, random) { Tokenizer = tokenizer };
}
