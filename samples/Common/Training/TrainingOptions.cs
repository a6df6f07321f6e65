using System.CommandLine;
using System.Globalization;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>
/// The options that every train command has, whatever the model, with their values. A new record holds the defaults,
/// <see cref="Read"/> takes those of a command line, and the library's objects are made from them.
/// </summary>
public abstract record TrainingOptions
{
    /// <summary>The largest value of most whole-number options.</summary>
    protected const int Most = 65_536;

    private const int Long = 1_000_000_000;
    private const float UsualBeta2 = 0.999f;
    private const double UsualFinalRate = 0.1;

    /// <summary>The number of training steps.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>The number of examples in a batch.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>The step size of the optimizer.</summary>
    public float LearningRate { get; init; } = 0.002f;

    /// <summary>The learning-rate schedule: constant, linear or cosine.</summary>
    public string Schedule { get; init; } = "constant";

    /// <summary>What the learning rate falls to, as a fraction of its largest value.</summary>
    public double FinalRate { get; init; } = UsualFinalRate;

    /// <summary>Steps during which the learning rate rises.</summary>
    public int Warmup { get; init; }

    /// <summary>The weight decay: the fraction of each matrix that is subtracted per unit of learning rate; 0 for none.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Decay of Adam's mean of squared gradients.</summary>
    public float Beta2 { get; init; } = UsualBeta2;

    /// <summary>Global norm that gradients are clipped to; 0 for none.</summary>
    public float Clip { get; init; } = 1;

    /// <summary>The seed of all random numbers.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Steps between evaluations; 0 for a tenth of the iterations.</summary>
    public int EvalEvery { get; init; }

    /// <summary>Steps between checkpoints; 0 for a tenth of the iterations.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Evaluations in a row without a new best one after which training stops; 0 never stops early.</summary>
    public int Patience { get; init; }

    /// <summary>Where checkpoints, metrics and the loss curve go; null for a new folder under runs.</summary>
    public string? Out { get; init; }

    /// <summary>Whether to continue from the newest checkpoint.</summary>
    public bool Resume { get; init; }

    /// <summary>The model whose weights, sizes and tokens training starts from; null for a new one.</summary>
    public string? From { get; init; }

    /// <summary>The name that --help gives the examples of a batch.</summary>
    protected abstract string Examples { get; }

    /// <summary>The name that --help gives the tokens of a model.</summary>
    protected abstract string Units { get; }

    /// <summary>The text of --help about the number of steps.</summary>
    protected virtual string IterationsHelp => "Number of training steps.";

    /// <summary>The smallest number of steps; 0 where a program chooses it by itself then.</summary>
    protected virtual int LeastIterations => 1;

    /// <summary>Adds the options to a command, with these values as the defaults.</summary>
    public virtual void AddTo(Command command)
    {
        command.StartGroup("Training");
        command.Add(OptionKinds.Path("--from",
            $"A model's file, checkpoint or folder: start training from its weights, with its sizes and {Units}.", "MODEL"));
        command.Add(OptionKinds.Whole("--iterations", IterationsHelp, Iterations, LeastIterations, Long));
        command.Add(OptionKinds.Whole("--batch", $"{Examples} per batch.", Batch, 1, Most));
        command.Add(OptionKinds.Real("--learning-rate", "Step size of Adam.", LearningRate, "above 0, at most 10",
            r => r is > 0 and <= 10));
        command.Add(OptionKinds.Choice("--schedule",
            "Keep the learning rate constant, or let it fall along a line or a cosine.", Schedule, "constant", "linear",
            "cosine"));
        command.Add(OptionKinds.Real("--final-rate", "What the learning rate falls to, as a fraction of its largest value.",
            (float)FinalRate, "from 0 to 1", f => f is >= 0 and <= 1));
        command.Add(OptionKinds.Whole("--warmup", "Number of steps during which the learning rate rises.", Warmup, 0, Long));
        command.Add(OptionKinds.Real("--weight-decay",
            "Weight decay of AdamW: the fraction of each matrix subtracted per unit of learning rate; 0 for none.",
            WeightDecay, "of at least 0", d => d >= 0 && float.IsFinite(d)));
        command.Add(OptionKinds.Real("--beta2", "Decay of Adam's mean of squared gradients.", Beta2, "from 0, below 1",
            b => b is >= 0 and < 1));
        command.Add(OptionKinds.Real("--clip", "Clip gradients to this global norm; 0 does not clip.", Clip, "of at least 0",
            c => c >= 0 && float.IsFinite(c)));
        command.Add(OptionKinds.Seed("--seed", "Random seed; the same command with the same seed gives the same bits.", Seed));
        command.Add(OptionKinds.Whole("--eval-every", "Steps between evaluations; 0 takes a tenth of the iterations.", EvalEvery,
            0, Long));
        command.Add(OptionKinds.Whole("--patience",
            "Stop after this number of evaluations in a row without a new best one; 0 never stops early.", Patience, 0, Long));
        command.Add(OptionKinds.Whole("--checkpoint-every", "Steps between checkpoints; 0 takes a tenth of the iterations.",
            CheckpointEvery, 0, Long));
        command.Add(OptionKinds.Path("--out",
            "Folder for checkpoints, metrics and the loss curve. [default: a folder under runs]", "DIR"));
        command.Add(new Option<bool>("--resume") { Description = "Continue from the newest checkpoint as if never stopped." });
    }

    /// <summary>The option for the dropout probability of a model.</summary>
    protected static Option<float> Dropout(float value) =>
        OptionKinds.Probability("--dropout", "Dropout probability.", value);

    /// <summary>These options with the values on a command line.</summary>
    /// <exception cref="UserException">The options do not fit one another.</exception>
    public virtual TrainingOptions Read(ParseResult result) => this with
    {
        Iterations = result.Given("--iterations", Iterations),
        Batch = result.Given("--batch", Batch),
        LearningRate = result.Given("--learning-rate", LearningRate),
        Schedule = result.Given("--schedule", Schedule),
        FinalRate = (double)(decimal)result.Given("--final-rate", (float)FinalRate),
        Warmup = result.Given("--warmup", Warmup),
        WeightDecay = result.Given("--weight-decay", WeightDecay),
        Beta2 = result.Given("--beta2", Beta2),
        Clip = result.Given("--clip", Clip),
        Seed = result.Given("--seed", Seed),
        EvalEvery = result.Given("--eval-every", EvalEvery),
        Patience = result.Given("--patience", Patience),
        CheckpointEvery = result.Given("--checkpoint-every", CheckpointEvery),
        Out = result.Given("--out", Out),
        Resume = result.Given("--resume", Resume),
        From = result.Given("--from", From),
    };

    /// <summary>The optimizer for a model.</summary>
    public Adam NewOptimizer(Module model) => WeightDecay > 0
        ? new AdamW(ParameterGroup.DecayMatricesOnly(model.Parameters()), LearningRate, beta2: Beta2, weightDecay: WeightDecay)
        : new Adam(model.Parameters(), LearningRate, beta2: Beta2);

    /// <summary>The schedule of the learning rate.</summary>
    public LearningRateSchedule NewSchedule()
    {
        var steps = Math.Max(1, Iterations - Warmup);
        LearningRateSchedule after = Schedule switch
        {
            "linear" => new LinearSchedule(steps, 1, FinalRate),
            "cosine" => new CosineSchedule(steps, FinalRate),
            _ => new ConstantSchedule(),
        };
        return Warmup > 0 ? new WarmUpSchedule(Warmup, after) : after;
    }

    /// <summary>The options of the library's trainer.</summary>
    /// <param name="folder">The folder for checkpoints and metrics.</param>
    /// <param name="configuration">
    /// The data and everything else that the weights at a step depend on; these options are added, the number of steps only
    /// where the learning rate depends on it.
    /// </param>
    public TrainerOptions NewTrainerOptions(string folder, params IEnumerable<(string Name, object? Value)> configuration)
    {
        List<(string Name, object? Value)> all =
        [
            .. configuration, ("from", Runs.NameOf(From)), ("batch", Batch), ("learning_rate", LearningRate),
            ("schedule", Schedule == "constant" ? Schedule : $"{Schedule} over {Iterations}"), ("warmup", Warmup),
            ("clip", Clip), ("seed", Seed), ("weight_decay", WeightDecay > 0 ? WeightDecay : null),
            ("beta2", Beta2 != UsualBeta2 ? Beta2 : null),
            ("final_rate", Schedule != "constant" && FinalRate != UsualFinalRate ? FinalRate : null),
        ];
        var tenth = Math.Max(1, Iterations / 10);
        return new TrainerOptions
        {
            Steps = Iterations,
            ClipNorm = Clip > 0 ? Clip : null,
            Patience = Patience > 0 ? Patience : null,
            EvaluateEvery = EvalEvery > 0 ? EvalEvery : tenth,
            CheckpointEvery = CheckpointEvery > 0 ? CheckpointEvery : tenth,
            Folder = folder,
            RestoreBest = true,
            Configuration = new SortedDictionary<string, string>(all.Where(c => c.Value is not null).ToDictionary(
                c => c.Name, c => Convert.ToString(c.Value, CultureInfo.InvariantCulture)!), StringComparer.Ordinal),
        };
    }
}
