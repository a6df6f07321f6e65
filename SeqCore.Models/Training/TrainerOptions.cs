namespace SeqCore.Models;

/// <summary>How long and how a <see cref="Trainer"/> trains, and what it writes.</summary>
public sealed record TrainerOptions
{
    /// <summary>Steps in all, those before a resumption included.</summary>
    public required long Steps { get; init; }

    /// <summary>Batches whose gradients are averaged in one step, at least 1.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>
    /// The norm that the gradients of the optimizer's parameters are clipped to together, above 0; null clips nothing. Either way
    /// a step whose loss or gradient is not finite changes nothing and ends the run with a <see
    /// cref="TrainingDivergedException"/>.
    /// </summary>
    public float? ClipNorm { get; init; } = 1f;

    /// <summary>Steps between evaluations; 0 evaluates only after the last step.</summary>
    public long EvaluateEvery { get; init; }

    /// <summary>Evaluations in a row without a new best loss after which training stops; null never stops early.</summary>
    public int? Patience { get; init; }

    /// <summary>
    /// Where checkpoints and metrics.jsonl go; null writes none. A trainer that runs locks the folder, and another one there is
    /// refused; models are read beside it. (On a file system without locks nobody is refused: see
    /// <see cref="CheckpointFolder.HasLocks"/>.)
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Steps between checkpoints; 0 saves only at the end and on cancellation.</summary>
    public long CheckpointEvery { get; init; }

    /// <summary>How many of the newest checkpoints are kept, beside the best one.</summary>
    public int KeepCheckpoints { get; init; } = 3;

    /// <summary>
    /// Steps between records of every parameter's gradient and update (see <see cref="LayersLogged"/>); 0 makes
    /// none and costs nothing.
    /// </summary>
    public long LogLayersEvery { get; init; }

    /// <summary>
    /// Called in every step between the backward pass and clipping, with all gradients in place: to reduce them over machines, to
    /// add noise, or to look at them. It may change gradients; where it throws, the step is not taken, and its batches are not
    /// used again. Null for nothing.
    /// </summary>
    public Action<GradientsReady>? AfterBackward { get; init; }

    /// <summary>Take the metrics of the run, beside metrics.jsonl in the folder.</summary>
    public IReadOnlyList<MetricsSink> Sinks { get; init; } = [];

    /// <summary>
    /// Whether a run that completed leaves the model with the weights of its best evaluation; otherwise they are those of the
    /// last step. After early stopping they are always the best ones.
    /// </summary>
    public bool RestoreBest { get; init; }

    /// <summary>Whether to name the operation that first makes NaN or infinity; slower.</summary>
    public bool DetectAnomalies { get; init; }

    /// <summary>
    /// The options that decide the result, beside those of the model: stored in every checkpoint, and a checkpoint with another
    /// configuration is not resumed. A <see cref="Model"/> adds its kind, options and tokenizers itself. An entry <c>data</c>
    /// is the name of the data: where the task knows their hash (<see cref="TrainingTask.DataHash"/>), that is compared instead.
    /// </summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Steps);
        ArgumentOutOfRangeException.ThrowIfLessThan(Accumulation, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(EvaluateEvery);
        ArgumentOutOfRangeException.ThrowIfNegative(CheckpointEvery);
        ArgumentOutOfRangeException.ThrowIfNegative(LogLayersEvery);
        ArgumentOutOfRangeException.ThrowIfLessThan(KeepCheckpoints, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Patience ?? 1, 1, nameof(Patience));
        if (ClipNorm is not (null or > 0f))
            throw new ArgumentOutOfRangeException(nameof(ClipNorm), ClipNorm, $"{nameof(TrainerOptions)}: it should be above 0.");
        Argument.NoNulls(Sinks, nameof(TrainerOptions), nameof(Sinks));
        ArgumentNullException.ThrowIfNull(Configuration);
    }
}
