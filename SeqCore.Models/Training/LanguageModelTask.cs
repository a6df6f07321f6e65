using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Trains a language model: the loss is the mean cross-entropy of the B T next tokens. If the batches of a recurrent model
/// continue one another, the state after a batch is where the next one starts, without its gradients.
/// </summary>
public sealed class LanguageModelTask : TrainingTask
{
    private readonly LanguageModel model;
    private readonly RecurrentLanguageModel? stateful;
    private readonly TokenBatchSource batches;
    private readonly TokenWindows validation;
    private readonly RandomGenerator[] generators;
    private readonly IndexTensor inputs;
    private readonly IndexTensor targets;
    private RecurrentState? carried;
    private RecurrentState? spent;

    /// <summary>Makes a training task.</summary>
    /// <param name="model">The model to be trained.</param>
    /// <param name="batches">The batches from the training part of a text.</param>
    /// <param name="validation">The windows that the model is evaluated on.</param>
    /// <param name="generators">
    /// The generators that draw in training beside those of the model and the batches; their states are part of a checkpoint.
    /// </param>
    public LanguageModelTask(LanguageModel model, TokenBatchSource batches, TokenWindows validation,
        params RandomGenerator[] generators)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(generators);
        (this.model, this.batches, this.validation) = (model, batches, validation);
        this.generators = RandomStates.Of(model, generators);
        stateful = batches.IsContinuous ? model as RecurrentLanguageModel : null;
        var shape = new Shape(batches.BatchSize, batches.SequenceLength);
        inputs = IndexTensor.Uninitialized(shape, Backend);
        targets = IndexTensor.Uninitialized(shape, Backend);
    }

    /// <inheritdoc/>
    public override Module Model => model;

    /// <inheritdoc/>
    public override int TokensPerBatch => batches.BatchSize * batches.SequenceLength;

    /// <summary>
    /// The SHA-256 hash of the tokens for training and for validation; null if a batch source does not have one.
    /// </summary>
    public override string? DataHash => Models.DataHash.Of(batches.DataHash, validation.DataHash);

    /// <summary>To minimize: the evaluation is a loss.</summary>
    public override EvaluationGoal? Goal => EvaluationGoal.Minimize;

    /// <summary>The number of windows in a batch of an evaluation; more are faster, fewer take less memory.</summary>
    public int EvaluationBatchSize { get; init; } = 64;

    /// <summary>
    /// The fraction of each target that is spread over all tokens in training, in [0, 1) (see <see
    /// cref="Variable.CrossEntropy"/>); evaluations do not use it.
    /// </summary>
    public float LabelSmoothing { get; init; }

    private Backend Backend => model.Parameters().First().Value.Backend;

    /// <inheritdoc/>
    public override Variable NextLoss()
    {
        RequireOpen();
        var batch = batches.Next();
        Backend.Upload(batch.Inputs, inputs.Span);
        Backend.Upload(batch.Targets, targets.Span);
        return (stateful is null ? model.Predict(inputs) : PredictFromState(stateful, batch))
            .CrossEntropy(targets, labelSmoothing: LabelSmoothing);
    }

    /// <inheritdoc/>
    public override double Evaluate(CancellationToken cancellation)
    {
        RequireOpen();
        var total = 0.0;
        foreach (var batch in validation.Batches(EvaluationBatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = new TensorScope("evaluation");
            var shape = new Shape(batch.BatchSize, batch.SequenceLength);
            using var x = IndexTensor.FromSpan(batch.Inputs, shape, Backend);
            using var y = IndexTensor.FromSpan(batch.Targets, shape, Backend);
            total += model.Predict(x).CrossEntropy(y, LossReduction.Sum).Value.Item();
        }

        return total / ((double)validation.Count * validation.SequenceLength);
    }

    /// <inheritdoc/>
    public override void Save(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        RequireOpen();
        checkpoint.Set("data.position", batches.Position);
        RandomStates.Save(checkpoint, generators);
        if (carried is not null)
            checkpoint.Add("state", carried.StateDictionary());
    }

    /// <inheritdoc/>
    public override void Restore(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        RequireOpen();
        batches.Position = checkpoint.GetUInt64("data.position");
        RandomStates.Restore(checkpoint, generators);
        DisposeStates();
        var state = checkpoint.Part("state");
        carried = state.Count > 0 ? RecurrentState.FromStateDictionary(state) : null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        DisposeStates();
        inputs.Dispose();
        targets.Dispose();
    }

    private Variable PredictFromState(RecurrentLanguageModel recurrent, TokenBatch batch)
    {
        var (logits, state) = recurrent.Forward(inputs, batch.ContinuesPrevious ? carried : null);

        // The backward pass of this batch still reads the state that it started from, so that state is released a batch later.
        spent?.Dispose();
        (spent, carried) = (carried, state.Keep());
        return logits;
    }

    private void DisposeStates()
    {
        spent?.Dispose();
        carried?.Dispose();
        (spent, carried) = (null, null);
    }
}
