using SeqCore.Models;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>A method of the comparison.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">Its name in tables.</param>
/// <param name="Fit">Fits it to series.</param>
internal sealed record Contender(string Name, string Title, Func<Fitting, FittedContender?> Fit)
{
    /// <summary>The kind of layers of a network; null for a method without one, which no option of training changes.</summary>
    public SeriesEncoderKind? Network { get; private init; }

    /// <summary>The methods without a network, the simplest first.</summary>
    public static IReadOnlyList<Contender> Baselines { get; } =
    [
        new("majority", "most frequent label", Majority.Fit),
        new("euclidean", "nearest neighbour", f => NearestNeighbour.Fit(f, new EuclideanDistance(f.Training))),
        new("dtw", "nearest neighbour, DTW", f => NearestNeighbour.Fit(f, new WarpingDistance())),
        new("linear", "logistic regression", LogisticRegression.Fit),
    ];

    /// <summary>Every method: those without a network, then the networks.</summary>
    /// <param name="options">The options of the networks.</param>
    public static IReadOnlyList<Contender> All(TrainOptions options) =>
    [
        .. Baselines,
        .. ModelText.Names.Select(n => new Contender(n, ModelText.Title(options.With(ModelText.KindOf(n)).Model),
            f => ClassifySignals.Network.Fit(f, ModelText.KindOf(n)))
        {
            Network = ModelText.KindOf(n),
        }),
    ];
}

/// <summary>What a method is fitted to.</summary>
/// <param name="Training">The series; all of them are for training, and nothing is chosen by any.</param>
/// <param name="Labels">The different labels.</param>
/// <param name="Options">The options of networks, and the seed.</param>
/// <param name="Cancellation">Stops early.</param>
internal sealed record Fitting(IReadOnlyList<LabelledSeries> Training, IReadOnlyList<string> Labels, TrainOptions Options,
    CancellationToken Cancellation);

/// <summary>A method that has been fitted; null in its place if it was stopped.</summary>
/// <param name="Parameters">The number of parameters that were fitted.</param>
/// <param name="Predict">Predicts the label of each series.</param>
internal sealed record FittedContender(long Parameters, Func<IReadOnlyList<TimeSeries>, IReadOnlyList<SignalPrediction>> Predict);
