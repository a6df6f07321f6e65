namespace SeqCore.Models;

/// <summary>What a <see cref="Trainer"/> trains: a model, the source of its batches, its loss, and its evaluation.</summary>
/// <example>
/// <code>
/// using var model = new Linear(inputSize: 1, outputSize: 1, new RandomGenerator(seed: 1));
/// var batches = new ShuffledBatches&lt;float>([1f, 2f, 3f, 4f], batchSize: 2, seed: 1);
/// using var task = TrainingTask.Of(model, batches, Error, evaluate: _ => Error([5f, 6f]).Value.Item());
/// using var optimizer = new Adam(model.Parameters(), learningRate: 0.05f);
/// var result = new Trainer(task, optimizer, new TrainerOptions { Steps = 500 }).Run();
/// Console.WriteLine(result.ValidationLoss &lt; 0.01);       // True
///
/// Variable Error(IReadOnlyList&lt;float> x) => Loss.MeanSquaredError(model.Forward(Column(x, 1f)), Column(x, 2f));
///
/// Tensor Column(IReadOnlyList&lt;float> x, float factor) => Tensor.FromSpan([.. x.Select(v => factor * v)], [x.Count, 1]);
/// </code>
/// </example>
public abstract class TrainingTask : IDisposable
{
    private bool isDisposed;

    /// <summary>Makes a task from a loss and an evaluation.</summary>
    /// <typeparam name="TBatch">The type of a batch.</typeparam>
    /// <param name="model">The model whose parameters are trained.</param>
    /// <param name="batches">The source of the training batches, whose position is part of a checkpoint.</param>
    /// <param name="loss">Computes the mean loss of a batch, which has one element; null is an error.</param>
    /// <param name="evaluate">
    /// Computes the mean loss over the validation data, an accuracy, or another number; it runs in evaluation mode, without a
    /// tape, in its own scope. <see cref="TrainerOptions.Goal"/> says whether lower or higher is better. NaN ends the run with an
    /// error.
    /// </param>
    /// <param name="generators">
    /// The generators that draw in training beside those of the model and the batches; their states are part of a checkpoint.
    /// </param>
    public static TrainingTask Of<TBatch>(Module model, IBatchSource<TBatch> batches, Func<TBatch, Variable> loss,
        Func<CancellationToken, double> evaluate, params RandomGenerator[] generators)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(evaluate);
        ArgumentNullException.ThrowIfNull(generators);
        return new DelegateTask<TBatch>(model, batches, loss, evaluate, RandomStates.Of(model, generators));
    }

    /// <summary>The model whose parameters are trained.</summary>
    public abstract Module Model { get; }

    /// <summary>The number of tokens (or examples) in one batch, for the reported speed.</summary>
    public abstract int TokensPerBatch { get; }

    /// <summary>
    /// Identifies the data, such as by their SHA-256 hash in hexadecimal: a checkpoint stores it, and a run is not resumed with
    /// data of another hash. Null, the default, compares nothing. It is read once in a run.
    /// </summary>
    public virtual string? DataHash => null;

    /// <summary>
    /// Whether lower or higher results of <see cref="Evaluate"/> are better, where the task knows it; null, the default, where
    /// only the user does, who sets <see cref="TrainerOptions.Goal"/>.
    /// </summary>
    public virtual EvaluationGoal? Goal => null;

    /// <summary>
    /// A second number of the last <see cref="Evaluate"/>, such as the loss where that returned an accuracy: of two equal
    /// evaluations, the one with the lower number is better. Null, the default, if the first of equal ones is the best.
    /// </summary>
    public virtual double? TieBreaker => null;

    /// <summary>The batch of the last loss, in which an error looks for NaN; null if it is not known.</summary>
    internal virtual object? LastBatch => null;

    /// <summary>Draws the next batch and computes its mean loss, recorded on the open tape.</summary>
    /// <returns>The loss, which has one element.</returns>
    public abstract Variable NextLoss();

    /// <summary>
    /// Computes the mean loss over the validation data, or another number (see <see cref="TrainerOptions.Goal"/>), without a
    /// tape; it does not affect training. NaN ends the run with an error.
    /// </summary>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public abstract double Evaluate(CancellationToken cancellation);

    /// <summary>
    /// Adds everything to a checkpoint that determines the next batches and losses, such as positions and random states, except
    /// for the model's weights.
    /// </summary>
    public abstract void Save(CheckpointData checkpoint);

    /// <summary>Restores what <see cref="Save"/> added.</summary>
    /// <exception cref="CheckpointException">An entry is missing from the checkpoint.</exception>
    public abstract void Restore(CheckpointData checkpoint);

    /// <summary>Releases what the task keeps between steps; it does not own the model.</summary>
    public void Dispose()
    {
        isDisposed = true;
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Requires that the task has not been disposed: it may have lost what the next step begins from.</summary>
    /// <exception cref="ObjectDisposedException">The task has been disposed.</exception>
    internal void RequireOpen()
    {
        if (isDisposed)
        {
            throw new ObjectDisposedException(GetType().Name,
                $"{nameof(TrainingTask)}: the task has been disposed. Dispose it after the last step and evaluation.");
        }
    }

    /// <summary>Releases what a derived task keeps.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
