using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>How to train, and what.</summary>
internal sealed record TrainingSettings
{
    /// <summary>rnn, lstm or gru.</summary>
    public string Model { get; init; } = "lstm";

    /// <summary>Width of the embedding.</summary>
    public int Embedding { get; init; } = 128;

    /// <summary>Units of each layer.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>Recurrent layers.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Probability of dropout.</summary>
    public float Dropout { get; init; }

    /// <summary>Training steps.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Windows in a batch.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Characters in a window.</summary>
    public int Sequence { get; init; } = 128;

    /// <summary>random or stream.</summary>
    public string Windows { get; init; } = "random";

    /// <summary>Of Adam.</summary>
    public float LearningRate { get; init; } = 0.002f;

    /// <summary>constant or cosine.</summary>
    public string Schedule { get; init; } = "constant";

    /// <summary>Steps during which the learning rate rises.</summary>
    public int Warmup { get; init; }

    /// <summary>Global norm that gradients are clipped to; 0 for none.</summary>
    public float Clip { get; init; } = 1;

    /// <summary>Decides weights, batches and samples.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Steps between evaluations; 0 for a tenth of the iterations.</summary>
    public int EvalEvery { get; init; }

    /// <summary>Steps between checkpoints; 0 for a tenth of the iterations.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Where checkpoints, metrics and the loss curve go; null for a new folder under runs.</summary>
    public string? Out { get; init; }

    /// <summary>Whether to go on from the newest checkpoint.</summary>
    public bool Resume { get; init; }
}

/// <summary>Options for <see cref="TrainingSettings"/>.</summary>
/// <param name="defaults">What is taken where an option is left out.</param>
internal sealed class TrainingOptions(TrainingSettings defaults)
{
    private const int Most = 65_536;
    private readonly Option<string> model = OptionKinds.Choice("--model", "Kind of recurrent layers.", defaults.Model, "rnn", "lstm", "gru");
    private readonly Option<int> embedding = OptionKinds.Whole("--embedding", "Width of the embedding.", defaults.Embedding, 1, Most);
    private readonly Option<int> hidden = OptionKinds.Whole("--hidden", "Units of each layer.", defaults.Hidden, 1, Most);
    private readonly Option<int> layers = OptionKinds.Whole("--layers", "Recurrent layers.", defaults.Layers, 1, 64);
    private readonly Option<float> dropout = OptionKinds.Real("--dropout", "Probability of dropout.", defaults.Dropout, "from 0, below 1", p => p is >= 0 and < 1);
    private readonly Option<int> iterations = OptionKinds.Whole("--iterations", "Training steps.", defaults.Iterations, 1, 1_000_000_000);
    private readonly Option<int> batch = OptionKinds.Whole("--batch", "Windows in a batch.", defaults.Batch, 1, Most);
    private readonly Option<int> sequence = OptionKinds.Whole("--sequence", "Characters in a window.", defaults.Sequence, 1, Most);
    private readonly Option<string> windows = OptionKinds.Choice("--windows", "Windows from anywhere, or streams that carry the state on.", defaults.Windows, "random", "stream");
    private readonly Option<float> learningRate = OptionKinds.Real("--learning-rate", "Step size of Adam.", defaults.LearningRate, "above 0, at most 10", r => r is > 0 and <= 10);
    private readonly Option<string> schedule = OptionKinds.Choice("--schedule", "What becomes of the learning rate: nothing, or a tenth along a cosine.", defaults.Schedule, "constant", "cosine");
    private readonly Option<int> warmup = OptionKinds.Whole("--warmup", "Steps during which the learning rate rises.", defaults.Warmup, 0, 1_000_000_000);
    private readonly Option<float> clip = OptionKinds.Real("--clip", "Global norm that gradients are clipped to; 0 for none.", defaults.Clip, "of at least 0", c => c >= 0 && float.IsFinite(c));
    private readonly Option<ulong> seed = OptionKinds.Seed("--seed", "Decides everything random: the same command gives the same bits.", defaults.Seed);
    private readonly Option<int> evalEvery = OptionKinds.Whole("--eval-every", "Steps between evaluations; 0 for a tenth of the iterations.", defaults.EvalEvery, 0, 1_000_000_000);
    private readonly Option<int> checkpointEvery = OptionKinds.Whole("--checkpoint-every", "Steps between checkpoints; 0 for a tenth of the iterations.", defaults.CheckpointEvery, 0, 1_000_000_000);
    private readonly Option<string?> outFolder = OptionKinds.Text("--out", "Folder for checkpoints, metrics and the loss curve. [default: a folder under runs]", "DIR");
    private readonly Option<bool> resume = new("--resume") { Description = "Go on from the newest checkpoint as if never stopped." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [model, embedding, hidden, layers, dropout, iterations, batch, sequence, windows, learningRate, schedule, warmup, clip,
            seed, evalEvery, checkpointEvery, outFolder, resume];
        foreach (var option in all)
            command.Options.Add(option);
    }

    /// <summary>The values given, or the defaults.</summary>
    public TrainingSettings Read(ParseResult result) => new()
    {
        Model = result.GetValue(model)!,
        Embedding = result.GetValue(embedding),
        Hidden = result.GetValue(hidden),
        Layers = result.GetValue(layers),
        Dropout = result.GetValue(dropout),
        Iterations = result.GetValue(iterations),
        Batch = result.GetValue(batch),
        Sequence = result.GetValue(sequence),
        Windows = result.GetValue(windows)!,
        LearningRate = result.GetValue(learningRate),
        Schedule = result.GetValue(schedule)!,
        Warmup = result.GetValue(warmup),
        Clip = result.GetValue(clip),
        Seed = result.GetValue(seed),
        EvalEvery = result.GetValue(evalEvery),
        CheckpointEvery = result.GetValue(checkpointEvery),
        Out = result.GetValue(outFolder),
        Resume = result.GetValue(resume),
    };
}
