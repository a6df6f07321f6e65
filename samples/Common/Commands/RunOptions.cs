using System.CommandLine;

namespace SeqCore.Samples.Common;

/// <summary>Options for <see cref="RunSettings"/>.</summary>
/// <param name="defaults">What --help shows, and what is taken where an option is left out.</param>
/// <param name="examples">What a batch consists of.</param>
public sealed class RunOptions(RunSettings defaults, string examples)
{
    private const int Long = 1_000_000_000;
    private readonly Option<int> iterations = OptionKinds.Whole("--iterations", "Training steps.", defaults.Iterations, 1, Long);
    private readonly Option<int> batch = OptionKinds.Whole("--batch", $"{examples} in a batch.", defaults.Batch, 1, 65_536);
    private readonly Option<float> learningRate = OptionKinds.Real("--learning-rate", "Step size of Adam.", defaults.LearningRate,
        "above 0, at most 10", r => r is > 0 and <= 10);
    private readonly Option<string> schedule = OptionKinds.Choice("--schedule", "What becomes of the learning rate: nothing,"
        + " or a tenth along a line or a cosine.", defaults.Schedule, "constant", "linear", "cosine");
    private readonly Option<int> warmup = OptionKinds.Whole("--warmup", "Steps during which the learning rate rises.",
        defaults.Warmup, 0, Long);
    private readonly Option<float> weightDecay = OptionKinds.Real("--weight-decay",
        "Share of each matrix taken off per unit of learning rate (AdamW).", defaults.WeightDecay, "of at least 0",
        d => d >= 0 && float.IsFinite(d));
    private readonly Option<float> beta2 = OptionKinds.Real("--beta2", "Decay of Adam's mean of squared gradients.",
        defaults.Beta2, "from 0, below 1", b => b is >= 0 and < 1);
    private readonly Option<float> clip = OptionKinds.Real("--clip", "Global norm that gradients are clipped to; 0 for none.",
        defaults.Clip, "of at least 0", c => c >= 0 && float.IsFinite(c));
    private readonly Option<ulong> seed = OptionKinds.Seed("--seed",
        "Decides everything random: the same command gives the same bits.", defaults.Seed);
    private readonly Option<int> evalEvery = OptionKinds.Whole("--eval-every",
        "Steps between evaluations; 0 for a tenth of the iterations.", defaults.EvalEvery, 0, Long);
    private readonly Option<int> checkpointEvery = OptionKinds.Whole("--checkpoint-every",
        "Steps between checkpoints; 0 for a tenth of the iterations.", defaults.CheckpointEvery, 0, Long);
    private readonly Option<string?> outFolder = OptionKinds.Path("--out",
        "Folder for checkpoints, metrics and the loss curve. [default: a folder under runs]", "DIR");
    private readonly Option<bool> resume =
        new("--resume") { Description = "Go on from the newest checkpoint as if never stopped." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [iterations, batch, learningRate, schedule, warmup, weightDecay, beta2, clip, seed, evalEvery,
            checkpointEvery, outFolder, resume];
        foreach (var option in all)
            command.Options.Add(option);
    }

    /// <summary>The values given, or the defaults.</summary>
    public RunSettings Read(ParseResult result) => Read(result, defaults);

    /// <summary>The values given, or others.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="otherwise">What is taken where an option is left out.</param>
    public RunSettings Read(ParseResult result, RunSettings otherwise) => new()
    {
        Iterations = OptionKinds.Given(result, iterations, otherwise.Iterations),
        Batch = OptionKinds.Given(result, batch, otherwise.Batch),
        LearningRate = OptionKinds.Given(result, learningRate, otherwise.LearningRate),
        Schedule = OptionKinds.Given(result, schedule, otherwise.Schedule),
        Warmup = OptionKinds.Given(result, warmup, otherwise.Warmup),
        WeightDecay = OptionKinds.Given(result, weightDecay, otherwise.WeightDecay),
        Beta2 = OptionKinds.Given(result, beta2, otherwise.Beta2),
        Clip = OptionKinds.Given(result, clip, otherwise.Clip),
        Seed = OptionKinds.Given(result, seed, otherwise.Seed),
        EvalEvery = OptionKinds.Given(result, evalEvery, otherwise.EvalEvery),
        CheckpointEvery = OptionKinds.Given(result, checkpointEvery, otherwise.CheckpointEvery),
        Out = result.GetValue(outFolder),
        Resume = result.GetValue(resume),
    };
}
