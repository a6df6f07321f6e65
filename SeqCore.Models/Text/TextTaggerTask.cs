namespace SeqCore.Models;

/// <summary>
/// Trains a <see cref="TextTagger"/> on batches of sentences of similar length, each sentence once in an epoch, in an order
/// that depends only on the seed.
/// </summary>
public sealed class TextTaggerTask : ScoredTask<TaggingScore>
{
    private readonly TextTagger model;
    private readonly EncodedSentence[] training;
    private readonly EncodedSentence[] validation;

    /// <summary>Makes a training task.</summary>
    /// <param name="model">The model to be trained.</param>
    /// <param name="training">The sentences to train on, at least one.</param>
    /// <param name="validation">The sentences that the model is evaluated on, at least one.</param>
    /// <param name="batchSize">The number of sentences in a batch, at least 1; the last batch of an epoch may be smaller.</param>
    /// <param name="seed">The seed of the random orders.</param>
    /// <exception cref="DataSourceException">There is no sentence for training or for validation.</exception>
    /// <exception cref="ArgumentException">A sentence has no tokens, or a tag that is none of the model's.</exception>
    public TextTaggerTask(TextTagger model, IReadOnlyList<TaggedText> training,
        IReadOnlyList<TaggedText> validation, int batchSize, ulong seed) : base(model)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        Argument.AtLeast(batchSize, nameof(TextTaggerTask), nameof(batchSize));
        TrainingExamples.RequireSome(training.Count, validation.Count, "sentence");
        this.model = model;
        (this.training, this.validation) = (model.EncodeForTraining(training), model.Encode(validation));
        Examples = new TrainingExamples([.. this.training.Select(t => t.Tokens.Length)], batchSize, seed,
            nameof(TextTaggerTask));
    }

    /// <summary>The SHA-256 hash of the sentences for training and for validation.</summary>
    public override string? DataHash => Models.DataHash.Of(Hash(training), Hash(validation));

    private protected override TrainingExamples Examples { get; }

    /// <inheritdoc/>
    public override Variable NextLoss()
    {
        RequireOpen();
        return model.LossOf([.. Examples.Next().Select(i => training[i])]);
    }

    private protected override TaggingScore ScoreValidation(CancellationToken cancellation) =>
        model.Score(validation, cancellation);

    private protected override double LossIn(TaggingScore score) => score.Loss;

    private protected override double AccuracyIn(TaggingScore score) => score.SpanF1 ?? score.Accuracy;

    private static string Hash(EncodedSentence[] texts) =>
        Models.DataHash.Of(texts.SelectMany(t => (int[][])[t.Tokens, t.Tags]));
}
