namespace SeqCore.Models;

/// <summary>Specifies how long and how a <see cref="Trainer"/> trains, and what it writes.</summary>
/// <example>
/// <code>
/// var options = new TrainerOptions
/// {
///     Steps = 10_000, EvaluateEvery = 500, Patience = 5,
///     Folder = "runs/first", CheckpointEvery = 1000,
/// };
/// var trial = options with { Steps = 20, Folder = null };   // the same, but short and without files
/// Console.WriteLine(trial.EvaluateEvery);                   // 500
/// </code>
/// </example>
public sealed record TrainerOptions
{
    /// <summary>The total number of steps, including those before a resumption.</summary>
    public required long Steps { get; init; }

    /// <summary>The number of batches whose gradients are averaged in one step, at least 1; 1 by default.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>
    /// The norm to which the gradients of the optimizer's parameters are clipped together, above 0, 1 by default; null for no
    /// clipping. In both cases a step whose loss or gradient is not finite changes nothing and ends the run with a
    /// <see cref="TrainingDivergedException"/>.
    /// </summary>
    public float? ClipNorm { get; init; } = 1f;

    /// <summary>The number of steps between evaluations; 0 evaluates only after the last step.</summary>
    public long EvaluateEvery { get; init; }

    /// <summary>
    /// Whether lower or higher evaluations are better: a loss is minimized, and an accuracy maximized. Early stopping, the best
    /// weights and the best checkpoint follow it; a schedule that watches the evaluations has its own
    /// (<see cref="PlateauSchedule.Goal"/>), which should be the same. Null, the default, leaves it to the task
    /// (<see cref="TrainingTask.Goal"/>): the library's tasks minimize a loss, and with one of <see cref="TrainingTask.Of"/>,
    /// which does not know what its evaluation means, a run that depends on the goal requires it here.
    /// </summary>
    public EvaluationGoal? Goal { get; init; }

    /// <summary>
    /// The number of consecutive evaluations without a new best one after which training stops; null never stops early.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>
    /// The path of the folder for checkpoints and metrics.jsonl; null writes none. A running trainer locks the folder, and
    /// another one is rejected; models can be read at the same time. (On a file system without locks no trainer is rejected: see
    /// <see cref="CheckpointFolder.HasLocks"/>.)
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>The number of steps between checkpoints; 0 saves only at the end and on cancellation.</summary>
    public long CheckpointEvery { get; init; }

    /// <summary>The number of newest checkpoints that are kept, beside the best one; 3 by default.</summary>
    public int KeepCheckpoints { get; init; } = 3;

    /// <summary>
    /// The number of last checkpoints whose weights are averaged when the run is completed or stopped early (Vaswani et al.,
    /// arXiv:1706.03762, section 6.1); 0, the default, for none. It needs a folder and a number of steps between checkpoints. The
    /// average is evaluated, and if it is better than every evaluation, it counts as the best. A completed run leaves the model
    /// with the average, or with the best weights if <see cref="RestoreBest"/> is set. These checkpoints are kept in addition to
    /// the newest.
    /// </summary>
    public int AverageCheckpoints { get; init; }

    /// <summary>
    /// The number of steps between records of every parameter's gradient and update (see <see cref="LayersLogged"/>); 0 makes
    /// none and costs nothing.
    /// </summary>
    public long LogLayersEvery { get; init; }

    /// <summary>
    /// Called in every step between the backward pass and clipping, when all gradients are computed: to reduce them over
    /// machines, to add noise, or to inspect them. It may change gradients; if it throws, the step is not taken, and its batches
    /// are not used again. Null for none.
    /// </summary>
    public Action<GradientsReady>? AfterBackward { get; init; }

    /// <summary>The receivers of the metrics of the run, in addition to metrics.jsonl in the folder.</summary>
    public IReadOnlyList<MetricsSink> Sinks { get; init; } = [];

    /// <summary>
    /// Whether a completed run leaves the model with the weights of its best evaluation; otherwise they are those of the last
    /// step. After early stopping they are always the best ones.
    /// </summary>
    public bool RestoreBest { get; init; }

    /// <summary>
    /// Whether the first step may leave parameters of the optimizer without a gradient; false by default, when it is an error
    /// that names them, as after an operation that cuts the graph. Set it where losses take turns, so that one step does not
    /// reach everything. Frozen parameters are never missed.
    /// </summary>
    public bool AllowUnreachedParameters { get; init; }

    /// <summary>Whether errors name the operation that first gave NaN or infinity, which is slower.</summary>
    public bool DetectAnomalies { get; init; }

    /// <summary>
    /// The options that determine the result, in addition to those of the model: they are stored in every checkpoint, and a
    /// checkpoint with another configuration is not resumed. A <see cref="Model"/> adds its kind, options and tokenizers itself.
    /// An entry <c>data</c> is the name of the data: if the task knows their hash (<see cref="TrainingTask.DataHash"/>), the hash
    /// is compared instead.
    /// </summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    internal void Check()
    {
        Argument.AtLeast(Steps, nameof(TrainerOptions), nameof(Steps), 0);
        Argument.AtLeast(Accumulation, nameof(TrainerOptions), nameof(Accumulation));
        Argument.AtLeast(EvaluateEvery, nameof(TrainerOptions), nameof(EvaluateEvery), 0);
        Argument.AtLeast(CheckpointEvery, nameof(TrainerOptions), nameof(CheckpointEvery), 0);
        Argument.AtLeast(LogLayersEvery, nameof(TrainerOptions), nameof(LogLayersEvery), 0);
        Argument.AtLeast(KeepCheckpoints, nameof(TrainerOptions), nameof(KeepCheckpoints));
        Argument.AtLeast(AverageCheckpoints, nameof(TrainerOptions), nameof(AverageCheckpoints), 0);
        if (AverageCheckpoints > 0 && (Folder is null || CheckpointEvery == 0))
        {
            throw new ArgumentException($"{nameof(TrainerOptions)}: {nameof(AverageCheckpoints)} averages checkpoints, so"
                + $" {nameof(Folder)} and {nameof(CheckpointEvery)} should be set.", nameof(AverageCheckpoints));
        }

        if (Goal is { } goal)
            Argument.Defined(goal, nameof(TrainerOptions), nameof(Goal));
        Argument.AtLeast(Patience ?? 1, nameof(TrainerOptions), nameof(Patience));
        if (ClipNorm is not (null or > 0f))
            throw new ArgumentOutOfRangeException(nameof(ClipNorm), ClipNorm, $"{nameof(TrainerOptions)}: it should be above 0.");
        Argument.NoNulls(Sinks, nameof(TrainerOptions), nameof(Sinks));
        ArgumentNullException.ThrowIfNull(Configuration);
    }
}
