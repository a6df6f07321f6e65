namespace SeqCore.Models;

/// <summary>
/// Trains a <see cref="TextClassifier"/> on batches of texts of similar length, each text once in an epoch, in an order that
/// depends only on the seed.
/// </summary>
public sealed class TextClassifierTask : ScoredTask<ClassificationScore>
{
    private readonly TextClassifier model;
    private readonly EncodedText[] training;
    private readonly EncodedText[] validation;

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
        IReadOnlyList<LabelledText> validation, int batchSize, ulong seed) : base(model)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        Argument.AtLeast(batchSize, nameof(TextClassifierTask), nameof(batchSize));
        TrainingExamples.RequireSome(training.Count, validation.Count, "text");
        this.model = model;
        (this.training, this.validation) = (model.Encode(training), model.Encode(validation));
        Examples = new TrainingExamples([.. this.training.Select(t => t.Tokens.Length)], batchSize, seed,
            nameof(TextClassifierTask));
    }

    /// <summary>The SHA-256 hash of the texts for training and for validation.</summary>
    public override string? DataHash => Models.DataHash.Of(Hash(training), Hash(validation));

    private protected override TrainingExamples Examples { get; }

    /// <inheritdoc/>
    public override Variable NextLoss()
    {
        RequireOpen();
        return model.LossOf([.. Examples.Next().Select(i => training[i])]);
    }

    private protected override ClassificationScore ScoreValidation(CancellationToken cancellation) =>
        model.Score(validation, cancellation);

    private protected override double LossIn(ClassificationScore score) => score.Loss;

    private protected override double AccuracyIn(ClassificationScore score) => score.MicroF1 ?? score.Accuracy;

    private static string Hash(EncodedText[] texts) =>
        Models.DataHash.Of(texts.SelectMany(t => (int[][])[t.Tokens, t.Labels]));
}
