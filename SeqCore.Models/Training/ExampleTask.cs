namespace SeqCore.Models;

/// <summary>
/// The tasks of the library whose data are a list of examples, such as texts or series: batches have examples of similar length,
/// each example once in an epoch, in an order that depends only on the seed. For a task of your own, use
/// <see cref="TrainingTask.Of"/> or derive from <see cref="TrainingTask"/>.
/// </summary>
public abstract class ExampleTask : TrainingTask
{
    private readonly RandomGenerator[] generators;

    private protected ExampleTask(Module model) => (Model, generators) = (Argument.NotNull(model), RandomStates.Of(model));

    /// <inheritdoc/>
    public sealed override Module Model { get; }

    /// <summary>The number of batches in an epoch.</summary>
    public int BatchesPerPass => Examples.BatchesPerPass;

    /// <inheritdoc/>
    public sealed override int TokensPerBatch => Examples.BatchSize;

    /// <summary>The order of the examples for training.</summary>
    private protected abstract TrainingExamples Examples { get; }

    /// <inheritdoc/>
    public sealed override void Save(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Examples.Save(checkpoint);
        RandomStates.Save(checkpoint, generators);
    }

    /// <inheritdoc/>
    public sealed override void Restore(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Examples.Restore(checkpoint);
        RandomStates.Restore(checkpoint, generators);
    }
}
