using System.Runtime.InteropServices;

namespace SeqCore.Models;

/// <summary>
/// Trains a <see cref="SeriesClassifier"/> on batches of series of similar length, each series once in an epoch, in an order that
/// depends only on the seed.
/// </summary>
public sealed class SeriesClassifierTask : ScoredTask<ClassificationScore>
{
    private readonly SeriesClassifier model;
    private readonly EncodedSeries[] training, validation;

    /// <summary>
    /// Makes a training task. The classifier takes its scaling from the series for training, unless it scales each by itself.
    /// </summary>
    /// <param name="model">The model to be trained.</param>
    /// <param name="training">The series to train on, at least one each of two labels.</param>
    /// <param name="validation">The series that the model is evaluated on, at least one.</param>
    /// <param name="batchSize">The number of series in a batch, at least 1; the last batch of an epoch may be smaller.</param>
    /// <param name="seed">The seed of the random orders.</param>
    /// <exception cref="DataSourceException">
    /// There is no series for training or for validation, or all series for training have the same label.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// A series has no label or one that is unknown to the model, other channels than the model, a missing value, or fewer steps
    /// than the least number.
    /// </exception>
    public SeriesClassifierTask(SeriesClassifier model, IReadOnlyList<LabelledSeries> training,
        IReadOnlyList<LabelledSeries> validation, int batchSize, ulong seed) : base(model)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        Argument.AtLeast(batchSize, nameof(SeriesClassifierTask), nameof(batchSize));
        TrainingExamples.RequireSome(training.Count, validation.Count, "series");
        this.model = model;
        (this.training, this.validation) = model.Begin(training, validation);
        Examples = new TrainingExamples([.. this.training.Select(s => s.Length)], batchSize, seed,
            nameof(SeriesClassifierTask), mixesEqual: true);
    }

    /// <summary>The SHA-256 hash of the scaled series for training and for validation.</summary>
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

    private protected override double AccuracyIn(ClassificationScore score) => score.Accuracy;

    private static string Hash(EncodedSeries[] series) =>
        Models.DataHash.Of(series.SelectMany(s => (int[][])[[s.Label], MemoryMarshal.Cast<float, int>(s.Values).ToArray()]));
}
