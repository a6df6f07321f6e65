namespace SeqCore.Models;

/// <summary>
/// Trains a <see cref="TextClassifier"/> on batches of texts of similar length, each text once in an epoch, in an order that
/// depends only on the seed.
/// </summary>
public sealed class TextClassifierTask : TrainingTask
{
    private readonly TextClassifier model;
    private readonly EncodedText[] training;
    private readonly EncodedText[] validation;
    private readonly TrainingTexts<EncodedText> batches;
    private readonly RandomGenerator[] generators;

    /// <summary>Makes a training task.</summary>
    /// <param name="model">The model to be trained.</param>
    /// <param name="training">The texts to train on, at least one.</param>
    /// <param name="validation">The texts that the model is evaluated on, at least one.</param>
    /// <param name="batchSize">The number of texts in a batch, at least 1; the last batch of an epoch may be smaller.</param>
    /// <param name="seed">The seed of the random orders.</param>
    /// <exception cref="DataSourceException">There is no text for training or for validation.</exception>
    /// <exception cref="ArgumentException">
    /// A label is unknown to the model, or a text does not have the number of labels that the model gives.
    /// </exception>
    public TextClassifierTask(TextClassifier model, IReadOnlyList<LabelledText> training,
        IReadOnlyList<LabelledText> validation, int batchSize, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        Argument.AtLeast(batchSize, nameof(TextClassifierTask), nameof(batchSize));
        TrainingTexts<EncodedText>.RequireSome(training.Count, validation.Count, "text");
        this.model = model;
        (this.training, this.validation) = (model.Encode(training), model.Encode(validation));
        batches = new TrainingTexts<EncodedText>(this.training, t => t.Tokens.Length, batchSize, seed,
            nameof(TextClassifierTask));
        generators = RandomStates.Of(model);
    }

    /// <inheritdoc/>
    public override Module Model => model;

    /// <summary>
    /// Whether the evaluation is the accuracy, or the micro F1 if texts can have several labels, to maximize; of equal ones, the
    /// one with the lower loss is better. False, the default, for the loss, to minimize. Accuracy chooses the best model of a
    /// small set by chance more often, but it is what is asked for in the end.
    /// </summary>
    public bool EvaluatesAccuracy { get; init; }

    /// <summary>To minimize the loss, or to maximize the accuracy or the micro F1 (<see cref="EvaluatesAccuracy"/>).</summary>
    public override EvaluationGoal? Goal => EvaluatesAccuracy ? EvaluationGoal.Maximize : EvaluationGoal.Minimize;

    /// <summary>The loss of the last evaluation if that was an accuracy or an F1.</summary>
    public override double? TieBreaker => EvaluatesAccuracy ? LastScore?.Loss : null;

    /// <summary>The number of batches in an epoch.</summary>
    public int BatchesPerPass => batches.BatchesPerPass;

    /// <inheritdoc/>
    public override int TokensPerBatch => batches.BatchSize;

    /// <summary>The SHA-256 hash of the texts for training and for validation.</summary>
    public override string? DataHash => Models.DataHash.Of(Hash(training), Hash(validation));

    /// <summary>
    /// The score of the last evaluation, which is not that of an earlier and better model that was restored; null before the
    /// first.
    /// </summary>
    public ClassificationScore? LastScore { get; private set; }

    /// <inheritdoc/>
    public override Variable NextLoss()
    {
        RequireOpen();
        return model.LossOf(batches.Next());
    }

    /// <inheritdoc/>
    public override double Evaluate(CancellationToken cancellation)
    {
        var score = Score(cancellation);
        return EvaluatesAccuracy ? score.MicroF1 ?? score.Accuracy : score.Loss;
    }

    /// <summary>Scores the validation texts, without a tape; it does not affect training.</summary>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public ClassificationScore Score(CancellationToken cancellation = default)
    {
        RequireOpen();
        var score = model.Score(validation, cancellation);
        LastScore = score;
        return score;
    }

    /// <inheritdoc/>
    public override void Save(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        batches.Save(checkpoint);
        RandomStates.Save(checkpoint, generators);
    }

    /// <inheritdoc/>
    public override void Restore(CheckpointData checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        batches.Restore(checkpoint);
        RandomStates.Restore(checkpoint, generators);
    }

    private static string Hash(EncodedText[] texts) =>
        Models.DataHash.Of(texts.SelectMany(t => (int[][])[t.Tokens, t.Labels]));
}
