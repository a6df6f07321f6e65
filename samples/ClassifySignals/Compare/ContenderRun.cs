using System.Diagnostics;
using SeqCore.Models;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>What a method predicted for the series of one fold, or of a test.</summary>
/// <param name="Model">The name of the method.</param>
/// <param name="Seed">The seed of the folds and of the method.</param>
/// <param name="Fold">The number of the fold, from 1; 0 for a test.</param>
/// <param name="Predictions">The prediction of each series.</param>
/// <param name="Parameters">The number of parameters that were fitted.</param>
/// <param name="Seconds">The seconds that it took to fit and predict.</param>
internal sealed record ContenderRun(string Model, ulong Seed, int Fold, IReadOnlyList<SignalPrediction> Predictions,
    long Parameters, double Seconds)
{
    /// <summary>Fits a method and predicts.</summary>
    /// <param name="method">The method.</param>
    /// <param name="options">The options of networks, and the seed.</param>
    /// <param name="training">The series to fit to.</param>
    /// <param name="test">The series to predict.</param>
    /// <param name="labels">The different labels.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <returns>The predictions; null if it was stopped.</returns>
    public static ContenderRun? Of(Contender method, TrainOptions options, IReadOnlyList<LabelledSeries> training,
        IReadOnlyList<LabelledSeries> test, IReadOnlyList<string> labels, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        if (method.Fit(new Fitting(training, labels, options, cancellation)) is not { } fitted)
            return null;
        try
        {
            var predictions = fitted.Predict([.. test.Select(s => s.Series)]);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            return new ContenderRun(method.Name, options.Seed, 0, predictions, fitted.Parameters, Math.Round(seconds, 2));
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
