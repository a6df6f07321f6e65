namespace SeqCore.Models;

/// <summary>
/// Trains a <see cref="TextTagger"/> on batches of sentences of similar length, each sentence once in an epoch, in an order
/// that depends only on the seed.
/// </summary>
public sealed class TextTaggerTask : TrainingTask
{
    private readonly TextTagger model;
    private readonly EncodedSentence[] training;
    private readonly EncodedSentence[] validation;
    private readonly TrainingTexts<EncodedSentence> batches;
    private readonly RandomGenerator[] generators;

    /// <summary>Makes a training task.</summary>
    /// <param name="model">The model to be trained.</param>
    /// <param name="training">The sentences to train on, at least one.</param>
    /// <param name="validation">The sentences that the model is evaluated on, at least one.</param>
    /// <param name="batchSize">The number of sentences in a batch, at least 1; the last batch of an epoch may be smaller.</param>
    /// <param name="seed">The seed of the random orders.</param>
    /// <exception cref="DataSourceException">There is no sentence for training or for validation.</exception>
    /// <exception cref="ArgumentException">A sentence has no tokens, or a tag that is none of the model's.</exception>
    public TextTaggerTask(TextTagger model, IReadOnlyList<TaggedText> training,
        IReadOnlyList<TaggedText> validation, int batchSize, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        Argument.AtLeast(batchSize, nameof(TextTaggerTask), nameof(batchSize));
        TrainingTexts<EncodedSentence>.RequireSome(training.Count, validation.Count, "sentence");
        this.model = model;
        (this.training, this.validation) = (model.EncodeForTraining(training), model.Encode(validation));
        batches = new TrainingTexts<EncodedSentence>(this.training, t => t.Tokens.Length, batchSize, seed,
            nameof(TextTaggerTask));
        generators = RandomStates.Of(model);
    }

    /// <inheritdoc/>
    public override Module Model => model;

    /// <summary>
    /// Whether the evaluation is the F1 of spans, or the accuracy of tokens if the tags are none of spans, to maximize; of equal
    /// ones, the one with the lower loss is better. False, the default, for the loss, to minimize.
    /// </summary>
    public bool EvaluatesAccuracy { get; init; }

    /// <summary>To minimize the loss, or to maximize F1 or accuracy (<see cref="EvaluatesAccuracy"/>).</summary>
    public override EvaluationGoal? Goal => EvaluatesAccuracy ? EvaluationGoal.Maximize : EvaluationGoal.Minimize;

    /// <summary>The loss of the last evaluation if that was an F1 or an accuracy.</summary>
    public override double? TieBreaker => EvaluatesAccuracy ? LastScore?.Loss : null;

    /// <summary>The number of batches in an epoch.</summary>
    public int BatchesPerPass => batches.BatchesPerPass;

    /// <inheritdoc/>
    public override int TokensPerBatch => batches.BatchSize;

    /// <summary>The SHA-256 hash of the sentences for training and for validation.</summary>
    public override string? DataHash => Models.DataHash.Of(Hash(training), Hash(validation));

    /// <summary>
    /// The score of the last evaluation, which is not that of an earlier and better model that was restored; null before the
    /// first.
    /// </summary>
    public TaggingScore? LastScore { get; private set; }

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
        return EvaluatesAccuracy ? score.SpanF1 ?? score.Accuracy : score.Loss;
    }

    /// <summary>Scores the validation sentences, without a tape; it does not affect training.</summary>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public TaggingScore Score(CancellationToken cancellation = default)
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

    private static string Hash(EncodedSentence[] texts) =>
        Models.DataHash.Of(texts.SelectMany(t => (int[][])[t.Tokens, t.Tags]));
}
