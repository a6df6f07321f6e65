using SeqCore.Models;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>A network that is trained on all series, of which none is held out to choose weights by.</summary>
internal static class Network
{
    /// <summary>Trains it.</summary>
    /// <param name="fitting">The series and the options.</param>
    /// <param name="kind">The kind of layers.</param>
    public static FittedContender? Fit(Fitting fitting, SeriesEncoderKind kind)
    {
        var options = fitting.Options.With(kind).For(fitting.Training.Count);
        var model = options.NewModel(fitting.Training, fitting.Labels, new RandomGenerator(options.Seed));
        if (!SignalTraining.RunToTheEnd(model, options, fitting.Training, fitting.Cancellation))
            return null;
        return new FittedContender(model.ParameterCount, series => [.. model.Predict(series)
            .Select(p => new SignalPrediction(p.Label, [.. p.Probabilities.Select(v => (double)v)]))]);
    }
}
