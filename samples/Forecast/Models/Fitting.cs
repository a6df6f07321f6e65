using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>Fits forecasters to the part of a series for training.</summary>
internal static class Fitting
{
    /// <summary>Makes a forecaster, which is to be fitted.</summary>
    /// <exception cref="UserException">It does not suit the series.</exception>
    public static Forecaster New(ForecastModel model, ForecastOptions options, SeriesData data, RandomGenerator random)
    {
        if (model.NeedsSeason && data.Season < 2)
        {
            throw new UserException($"{model.Name} is for series with a season, and this one has none that is known. Give its"
                + " steps with --season, or choose another forecaster.", isUsage: true);
        }

        if (options.Calendar.Count > 0 && model.ReadsCalendar && data.Whole.Start is null)
            throw new UserException("--calendar needs times, and the rows of the series have none; leave it out.", isUsage: true);
        return model.Own is { } own
            ? own(data, options, random)
            : new NetworkForecaster(data.Whole.ChannelCount, options.NetworkOptions(model, data.Season), random);
    }

    /// <summary>
    /// Trains a network on the windows of the part for training; those for validation choose its best weights, unless it keeps
    /// the last ones. It has seen the steps for training afterwards.
    /// </summary>
    /// <param name="forecaster">The forecaster.</param>
    /// <param name="options">The options.</param>
    /// <param name="data">The series.</param>
    /// <param name="settings">Makes the options of the trainer from complete options.</param>
    /// <param name="run">Runs the trainer of complete options: with a display, or without.</param>
    /// <returns>What <paramref name="run"/> returns.</returns>
    /// <exception cref="DataSourceException">No window fits into a part.</exception>
    public static T Train<T>(NetworkForecaster forecaster, ForecastOptions options, SeriesData data,
        Func<ForecastOptions, TrainerOptions> settings, Func<Trainer, ForecastTask, ForecastOptions, T> run)
    {
        // The first windows for validation read the last steps for training.
        var (lookBack, training) = (options.LookBack, data.Training);
        _ = new SlidingWindows(training, lookBack, options.Horizon, skipsGaps: false);
        var validation = data.Whole.Slice(training.Length - lookBack, lookBack + data.Validation.Length);

        // Where every window has a hole, the value before it stands there, as it does when the network forecasts.
        if (!HasWholeWindow(training, lookBack + options.Horizon) || !HasWholeWindow(validation, lookBack + options.Horizon))
            (training, validation) = (training.Fill(GapFilling.Previous), validation.Fill(GapFilling.Previous));

        // Each step draws windows, records the squared error of their forecasts on a tape, back-propagates and updates.
        using var task = new ForecastTask(forecaster, training, validation, options.Batch, options.Seed);
        var complete = options.WithSteps(task.BatchesPerPass);
        using var optimizer = complete.NewOptimizer(forecaster.Network);
        var trainer = settings(complete) with { RestoreBest = !complete.KeepsLast };
        return run(new Trainer(task, optimizer, trainer, complete.NewSchedule()), task, complete);
    }

    private static bool HasWholeWindow(TimeSeries series, int width)
    {
        var whole = 0;
        for (var step = 0; step < series.Length && whole < width; step++)
            whole = Enumerable.Range(0, series.ChannelCount).Any(c => float.IsNaN(series[step, c])) ? 0 : whole + 1;
        return whole >= width;
    }

    /// <summary>Fits any forecaster to the steps for training, without a display.</summary>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public static void Fit(Forecaster forecaster, ForecastOptions options, SeriesData data, CancellationToken cancellation)
    {
        if (forecaster is not NetworkForecaster network)
        {
            forecaster.Fit(data.Training, cancellation);
            return;
        }

        Train(network, options, data, o => o.NewTrainerOptions("") with { Folder = null, CheckpointEvery = 0 },
            (trainer, _, _) => trainer.Run(cancellation));
        cancellation.ThrowIfCancellationRequested();
        network.Evaluate();
    }
}
