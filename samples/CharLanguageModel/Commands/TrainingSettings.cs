using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Which model, and on what.</summary>
internal sealed record TrainingSettings
{
    /// <summary>
    /// What is taken for a gpt where an option is left out: the setting that nanoGPT proposes for a processor, four blocks of 128
    /// channels trained for 2,000 steps.
    /// </summary>
    public static TrainingSettings Gpt { get; } = new()
    {
        Model = ModelForm.Gpt,
        Layers = 4,
        Sequence = 64,
        Run = new RunSettings { Iterations = 2000, Batch = 12, LearningRate = 0.001f, Schedule = "cosine", Warmup = 100, WeightDecay = 0.1f, Beta2 = 0.99f },
    };

    /// <summary>rnn, lstm, gru or gpt.</summary>
    public string Model { get; init; } = "lstm";

    /// <summary>Width of the embedding; of a gpt, its channels.</summary>
    public int Embedding { get; init; } = 128;

    /// <summary>Units of each recurrent layer.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>Recurrent layers, or blocks of a gpt.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Attention heads of each block of a gpt.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Probability of dropout.</summary>
    public float Dropout { get; init; }

    /// <summary>Characters in a window.</summary>
    public int Sequence { get; init; } = 128;

    /// <summary>random or stream.</summary>
    public string Windows { get; init; } = "random";

    /// <summary>Steps between records of every layer's gradient and update; 0 for none.</summary>
    public int LogLayers { get; init; }

    /// <summary>How long and how.</summary>
    public RunSettings Run { get; init; } = new();
}
