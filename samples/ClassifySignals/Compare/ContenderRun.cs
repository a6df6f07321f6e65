using System.Diagnostics;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>What a method predicted for the series of one fold, or of a test; a line of the results.</summary>
/// <param name="Row">The name of the method.</param>
/// <param name="Seed">The seed of the folds and of the method.</param>
/// <param name="Options">Everything else that the predictions depend on, as texts.</param>
/// <param name="Labels">The predicted label of each series.</param>
/// <param name="Scores">The score of each label for the first series, then for the second, and so on.</param>
/// <param name="Parameters">The number of parameters that were fitted.</param>
/// <param name="Seconds">The seconds that it took to fit and predict.</param>
internal sealed record ContenderRun(string Row, ulong Seed, IReadOnlyDictionary<string, string> Options,
    IReadOnlyList<string> Labels, IReadOnlyList<double> Scores, long Parameters, double Seconds) : IResultRow
{
    /// <summary>The name of the file in which earlier versions kept their runs.</summary>
    public const string EarlierFile = "compare.jsonl";

    // More digits than a float32 has, and far fewer than a double's.
    private const int Digits = 9;

    /// <inheritdoc/>
    public IEnumerable<(string Name, object? Value)> Values =>
    [
        ("event", "row"), ("row", Row), ("seed", Seed), ("options", ResultsFile.Sorted(Options)), ("labels", Labels),
        ("scores", Scores), ("parameters", Parameters), ("seconds", Seconds),
    ];

    /// <summary>The prediction of each series.</summary>
    public IEnumerable<SignalPrediction> Predictions
    {
        get
        {
            var each = Scores.Count / Math.Max(1, Labels.Count);
            return Labels.Select((l, i) => new SignalPrediction(l, [.. Scores.Skip(i * each).Take(each)]));
        }
    }

    /// <summary>Fits a method and predicts.</summary>
    /// <param name="method">The method.</param>
    /// <param name="options">The options of networks, and the seed.</param>
    /// <param name="recorded">Everything but the seed that the predictions depend on, as texts; empty for a test.</param>
    /// <param name="training">The series to fit to.</param>
    /// <param name="test">The series to predict.</param>
    /// <param name="labels">The different labels.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <returns>The predictions; null if it was stopped.</returns>
    public static ContenderRun? Of(Contender method, TrainOptions options, IReadOnlyDictionary<string, string> recorded,
        IReadOnlyList<LabelledSeries> training, IReadOnlyList<LabelledSeries> test, IReadOnlyList<string> labels,
        CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        if (method.Fit(new Fitting(training, labels, options, cancellation)) is not { } fitted)
            return null;
        try
        {
            var predictions = fitted.Predict([.. test.Select(s => s.Series)]);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            return new ContenderRun(method.Name, options.Seed, recorded, [.. predictions.Select(p => p.Label)],
                [.. predictions.SelectMany(p => p.Scores).Select(s => Math.Round(s, Digits))], fitted.Parameters,
                Math.Round(seconds, 2));
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
