using System.Runtime.InteropServices;

namespace SeqCore.Models;

/// <summary>
/// Trains a <see cref="SmoothingLstmForecaster"/> on batches of series, each once in an epoch. The loss is the mean absolute
/// error of the logarithms of all forecasts within a series, and the penalty on levels that are not smooth. The last H values of
/// each series are forecast only to evaluate.
/// </summary>
internal sealed class SmoothingLstmTask : ExampleTask
{
    private readonly SmoothingLstmForecaster model;
    private readonly SmoothingLstmOptions options;
    private readonly IReadOnlyList<float[]> series;

    internal SmoothingLstmTask(SmoothingLstmForecaster model, TimeSeries training) : base(model)
    {
        (this.model, options) = (model, model.Options);
        series = model.Begin(training);
        Examples = new TrainingExamples([.. series.Select(s => s.Length)], options.BatchSize, options.Seed,
            nameof(SmoothingLstmForecaster));
        DataHash = Models.DataHash.Of([MemoryMarshal.Cast<float, int>(training.Values).ToArray()]);
    }

    public override EvaluationGoal? Goal => EvaluationGoal.Minimize;

    public override string? DataHash { get; }

    private protected override TrainingExamples Examples { get; }

    public override Variable NextLoss()
    {
        RequireOpen();
        return LossOf([.. Examples.Next()], isEvaluation: false);
    }

    public override double Evaluate(CancellationToken cancellation)
    {
        RequireOpen();
        using var inference = InferenceScope.Open();
        var sum = 0.0;
        foreach (var rows in Enumerable.Range(0, series.Count).Chunk(options.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = new TensorScope("evaluation");
            sum += rows.Length * (double)LossOf(rows, isEvaluation: true).Value.Item();
        }

        return sum / series.Count;
    }

    /// <summary>
    /// Computes the loss of some series: of the forecasts of all steps but the last H values, or of these alone.
    /// </summary>
    private Variable LossOf(int[] rows, bool isEvaluation)
    {
        var longest = rows.Max(r => series[r].Length);
        var (values, logs) = (new float[rows.Length * longest], new float[rows.Length * longest]);
        for (var i = 0; i < rows.Length; i++)
        {
            // What is after the end of a series only has to be above 0: nothing depends on it.
            var own = series[rows[i]];
            for (var t = 0; t < longest; t++)
            {
                values[(i * longest) + t] = own[Math.Min(t, own.Length - 1)];
                logs[(i * longest) + t] = MathF.Log(values[(i * longest) + t]);
            }
        }

        var shape = new Shape(rows.Length, longest);
        var logValues = Tensor.FromSpan(logs, shape, model.Backend);
        var origins = longest - options.LookBack - options.Horizon + 1;
        var (forecasts, levels) = model.ForecastAll(Tensor.FromSpan(values, shape, model.Backend), logValues,
            IndexTensor.FromArray(rows).To(model.Backend), origins);
        var targets = new Variable[options.Horizon];
        for (var h = 0; h < targets.Length; h++)
            targets[h] = logValues.Slice(1, options.LookBack + h, origins);
        var loss = Loss.L1(forecasts, Variable.Stack(targets, 2), weights: Weights(rows, origins, isEvaluation));
        return isEvaluation || options.LevelPenalty == 0f ? loss : loss + (Roughness(rows, levels) * options.LevelPenalty);
    }

    /// <summary>Returns 1 for the origins whose forecasts count and 0 for others, shape (B, P, 1).</summary>
    private Tensor Weights(int[] rows, int origins, bool isEvaluation)
    {
        var weights = new float[rows.Length * origins];
        for (var i = 0; i < rows.Length; i++)
        {
            var last = series[rows[i]].Length - options.LookBack - options.Horizon;
            if (isEvaluation)
                weights[(i * origins) + last] = 1f;
            else
                weights.AsSpan(i * origins, last - options.Horizon + 1).Fill(1f);
        }

        return Tensor.FromSpan(weights, new Shape(rows.Length, origins, 1), model.Backend);
    }

    /// <summary>Computes the mean square of the second differences of the logarithms of levels that are trained on.</summary>
    private Variable Roughness(int[] rows, Variable levels)
    {
        var length = levels.Shape[1] - 2;
        var bends = levels.Slice(1, 2, length) - (levels.Slice(1, 1, length) * 2f) + levels.Slice(1, 0, length);
        var weights = new float[rows.Length * length];
        for (var i = 0; i < rows.Length; i++)
            weights.AsSpan(i * length, Math.Max(1, series[rows[i]].Length - options.Horizon - 2)).Fill(1f);
        return Loss.MeanSquaredError(bends, Tensor.Zeros(bends.Shape, model.Backend),
            weights: Tensor.FromSpan(weights, bends.Shape, model.Backend));
    }
}
