using System.CommandLine;
using System.Globalization;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>How long and how to train, whatever the model.</summary>
public sealed record RunSettings
{
    /// <summary>Training steps.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Examples in a batch.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Step size of the optimizer.</summary>
    public float LearningRate { get; init; } = 0.002f;

    /// <summary>constant, linear or cosine.</summary>
    public string Schedule { get; init; } = "constant";

    /// <summary>Steps during which the learning rate rises.</summary>
    public int Warmup { get; init; }

    /// <summary>Global norm that gradients are clipped to; 0 for none.</summary>
    public float Clip { get; init; } = 1;

    /// <summary>Decides everything random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Steps between evaluations; 0 for a tenth of the iterations.</summary>
    public int EvalEvery { get; init; }

    /// <summary>Steps between checkpoints; 0 for a tenth of the iterations.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Where checkpoints, metrics and the loss curve go; null for a new folder under runs.</summary>
    public string? Out { get; init; }

    /// <summary>Whether to go on from the newest checkpoint.</summary>
    public bool Resume { get; init; }

    /// <summary>The learning rate's course.</summary>
    public LearningRateSchedule NewSchedule()
    {
        var steps = Math.Max(1, Iterations - Warmup);
        LearningRateSchedule after = Schedule switch
        {
            "linear" => new LinearSchedule(steps, 1, 0.1),
            "cosine" => new CosineSchedule(steps, 0.1),
            _ => new ConstantSchedule(),
        };
        return Warmup > 0 ? new WarmUpSchedule(Warmup, after) : after;
    }

    /// <summary>What the trainer is told.</summary>
    /// <param name="folder">For checkpoints and metrics.</param>
    /// <param name="configuration">Form of the model and kind of the data; what these settings decide is added.</param>
    public TrainerOptions NewOptions(string folder, IDictionary<string, string> configuration)
    {
        var all = new SortedDictionary<string, string>(configuration, StringComparer.Ordinal)
        {
            ["batch"] = Text(Batch),
            ["learning_rate"] = Text(LearningRate),
            ["schedule"] = Schedule == "constant" ? Schedule : $"{Schedule} over {Text(Iterations)}",
            ["warmup"] = Text(Warmup),
            ["clip"] = Text(Clip),
            ["seed"] = Text(Seed),
        };
        var tenth = Math.Max(1, Iterations / 10);
        return new TrainerOptions
        {
            Steps = Iterations,
            ClipNorm = Clip > 0 ? Clip : null,
            EvaluateEvery = EvalEvery > 0 ? EvalEvery : tenth,
            CheckpointEvery = CheckpointEvery > 0 ? CheckpointEvery : tenth,
            Folder = folder,
            Configuration = all,
        };
    }

    /// <summary>A number as configurations hold it.</summary>
    public static string Text(IFormattable value) => value.ToString(value is float ? "R" : null, CultureInfo.InvariantCulture);
}

/// <summary>Options for <see cref="RunSettings"/>.</summary>
/// <param name="defaults">What is taken where an option is left out.</param>
/// <param name="examples">What a batch consists of.</param>
public sealed class RunOptions(RunSettings defaults, string examples)
{
    private const int Long = 1_000_000_000;
    private readonly Option<int> iterations = OptionKinds.Whole("--iterations", "Training steps.", defaults.Iterations, 1, Long);
    private readonly Option<int> batch = OptionKinds.Whole("--batch", $"{examples} in a batch.", defaults.Batch, 1, 65_536);
    private readonly Option<float> learningRate = OptionKinds.Real("--learning-rate", "Step size of Adam.", defaults.LearningRate, "above 0, at most 10", r => r is > 0 and <= 10);
    private readonly Option<string> schedule = OptionKinds.Choice("--schedule", "What becomes of the learning rate: nothing, or a tenth along a line or a cosine.", defaults.Schedule, "constant", "linear", "cosine");
    private readonly Option<int> warmup = OptionKinds.Whole("--warmup", "Steps during which the learning rate rises.", defaults.Warmup, 0, Long);
    private readonly Option<float> clip = OptionKinds.Real("--clip", "Global norm that gradients are clipped to; 0 for none.", defaults.Clip, "of at least 0", c => c >= 0 && float.IsFinite(c));
    private readonly Option<ulong> seed = OptionKinds.Seed("--seed", "Decides everything random: the same command gives the same bits.", defaults.Seed);
    private readonly Option<int> evalEvery = OptionKinds.Whole("--eval-every", "Steps between evaluations; 0 for a tenth of the iterations.", defaults.EvalEvery, 0, Long);
    private readonly Option<int> checkpointEvery = OptionKinds.Whole("--checkpoint-every", "Steps between checkpoints; 0 for a tenth of the iterations.", defaults.CheckpointEvery, 0, Long);
    private readonly Option<string?> outFolder = OptionKinds.Text("--out", "Folder for checkpoints, metrics and the loss curve. [default: a folder under runs]", "DIR");
    private readonly Option<bool> resume = new("--resume") { Description = "Go on from the newest checkpoint as if never stopped." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [iterations, batch, learningRate, schedule, warmup, clip, seed, evalEvery, checkpointEvery, outFolder, resume];
        foreach (var option in all)
            command.Options.Add(option);
    }

    /// <summary>The values given, or the defaults.</summary>
    public RunSettings Read(ParseResult result) => new()
    {
        Iterations = result.GetValue(iterations),
        Batch = result.GetValue(batch),
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
