namespace SeqCore.Models;

/// <summary>What a <see cref="Trainer"/> trains: a model, where its batches come from, its loss, and how it is judged.</summary>
public abstract class TrainingTask : IDisposable
{
    /// <summary>Makes a task of a loss and an evaluation.</summary>
    /// <typeparam name="TBatch">One batch.</typeparam>
    /// <param name="model">The model whose parameters are trained.</param>
    /// <param name="batches">Draws the training batches; its position is part of a checkpoint.</param>
    /// <param name="loss">The mean loss of a batch, of one element.</param>
    /// <param name="evaluate">
    /// The mean loss over the validation data; it runs in evaluation mode, without a tape, in a scope of its own.
    /// </param>
    /// <param name="generators">
    /// Generators that draw in training beside those of the model and the batches: their states are part of a checkpoint.
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

    /// <summary>Tokens (or examples) in one batch, for the rate that is shown.</summary>
    public abstract int TokensPerBatch { get; }

    /// <summary>
    /// Identifies the data, such as their SHA-256 in hexadecimal: a checkpoint keeps it, and a run is not resumed with data of
    /// another hash. Null, if it is not overridden, compares nothing. It is asked for once in a run.
    /// </summary>
    public virtual string? DataHash => null;

    /// <summary>Draws the next batch and computes its mean loss, recorded on the open tape.</summary>
    /// <returns>One element.</returns>
    public abstract Variable NextLoss();

    /// <summary>The mean loss over the validation data, without a tape; it changes nothing that training sees.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled on the way.</exception>
    public abstract double Evaluate(CancellationToken cancellation);

    /// <summary>
    /// Adds to a checkpoint all that decides the next batches and losses, but for the model's weights: positions, random states.
    /// </summary>
    public abstract void Save(CheckpointData checkpoint);

    /// <summary>Takes over what <see cref="Save"/> added.</summary>
    /// <exception cref="CheckpointException">It is not there.</exception>
    public abstract void Restore(CheckpointData checkpoint);

    /// <summary>Gives back what the task keeps between steps; the model is not its own.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what a derived task keeps.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
