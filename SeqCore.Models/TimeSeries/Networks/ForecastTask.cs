using System.Runtime.InteropServices;

namespace SeqCore.Models;

/// <summary>
/// Trains a <see cref="NetworkForecaster"/> on the windows of a series, each once in an epoch, in an order that depends only on
/// the seed. The loss is the mean squared error of scaled values, or the mean pinball loss of a forecaster of quantiles. Windows
/// with a missing value are left out.
/// </summary>
public sealed class ForecastTask : ExampleTask
{
    private const int EvaluationBatch = 256;
    private readonly NetworkForecaster model;
    private readonly ForecastWindows training, validation;
    private readonly string hash;

    /// <summary>
    /// Makes a training task. The forecaster takes its scaling and its last steps from the series for training; after training,
    /// <see cref="Forecaster.Update"/> it with the steps that follow.
    /// </summary>
    /// <param name="model">The forecaster.</param>
    /// <param name="training">The series to train on.</param>
    /// <param name="validation">
    /// The series that the forecaster is evaluated on, with a look-back in front (see <see cref="TimeSplit.Of"/>).
    /// </param>
    /// <param name="batchSize">The number of windows in a batch, at least 1; the last batch of an epoch may be smaller.</param>
    /// <param name="seed">The seed of the random orders.</param>
    /// <exception cref="DataSourceException">No window fits into a series, or each has a missing value.</exception>
    /// <exception cref="ArgumentException">The series have other channels than the forecaster.</exception>
    public ForecastTask(NetworkForecaster model, TimeSeries training, TimeSeries validation, int batchSize, ulong seed)
        : base(model)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        Argument.AtLeast(batchSize, nameof(ForecastTask), nameof(batchSize));
        this.model = model;
        var (lookBack, horizon) = (model.Options.LookBack, model.Options.Horizon);

        // Series without a window, or without a covariate, are refused before the forecaster changes.
        var windows = new SlidingWindows(training, lookBack, horizon);
        var later = new SlidingWindows(validation, lookBack, horizon);
        model.RequireChannels(validation);
        model.Begin(training);
        (this.training, this.validation) = (new ForecastWindows(model, windows), new ForecastWindows(model, later));
        (model.Network as QuantileNetwork)?.Begin(this.training);
        Examples = new TrainingExamples(new int[windows.Count], batchSize, seed, nameof(ForecastTask), mixesEqual: true);
        hash = Models.DataHash.Of([Bits(training), Bits(validation)]);
    }

    /// <summary>To minimize the loss.</summary>
    public override EvaluationGoal? Goal => EvaluationGoal.Minimize;

    /// <summary>The SHA-256 hash of the series for training and for validation.</summary>
    public override string? DataHash => hash;

    private protected override TrainingExamples Examples { get; }

    /// <inheritdoc/>
    public override Variable NextLoss()
    {
        RequireOpen();
        return LossOf(training, Examples.Next());
    }

    /// <summary>Computes the loss of the windows for validation, on scaled values, without a tape.</summary>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public override double Evaluate(CancellationToken cancellation)
    {
        RequireOpen();
        using var inference = InferenceScope.Open();
        var sum = 0.0;
        foreach (var rows in Enumerable.Range(0, validation.Count).Chunk(EvaluationBatch))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = new TensorScope("evaluation");
            sum += rows.Length * (double)LossOf(validation, rows).Value.Item();
        }

        return sum / validation.Count;
    }

    private static int[] Bits(TimeSeries series) => MemoryMarshal.Cast<float, int>(series.Values).ToArray();

    private Variable LossOf(ForecastWindows windows, IReadOnlyList<int> rows) =>
        model.Outputs.Loss(model.Network.Forward(windows.Past(rows), windows.Known(rows)), windows.Target(rows));
}
