using SeqCore.Models;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>
/// Logistic regression on what can be said of a series without looking at its order much: mean, deviation, least and largest
/// value and mean change of each channel, the length, and 32 values of each channel along the way.
/// </summary>
internal static class LogisticRegression
{
    private const int Points = 32, Steps = 400, Batch = 64;
    private const float LearningRate = 0.02f, Decay = 0.01f;

    /// <summary>Fits the weights.</summary>
    public static FittedContender? Fit(Fitting fitting)
    {
        var features = fitting.Training.Select(s => Features(s.Series)).ToArray();
        var scaler = ChannelScaler.Fit(new TimeSeries([.. features.SelectMany(f => f)],
            [.. Enumerable.Range(1, features[0].Length).Select(i => $"feature {i}")]));
        var (labels, seed) = (fitting.Labels, fitting.Options.Seed);
        var model = new Linear(features[0].Length, labels.Count, new RandomGenerator(seed));
        int[] own = [.. fitting.Training.Select(s => Enumerable.Range(0, labels.Count).First(i => labels[i] == s.Label))];
        var batches = new ShuffledBatches<int>([.. Enumerable.Range(0, features.Length)], Batch, seed);
        using var task = TrainingTask.Of(model, batches, Error, _ => 0);
        using var optimizer = new AdamW(ParameterGroup.DecayMatricesOnly(model.Parameters()), LearningRate, weightDecay: Decay);
        var result = new Trainer(task, optimizer, new TrainerOptions { Steps = Steps }, new CosineSchedule(Steps))
            .Run(fitting.Cancellation);
        return result.End == TrainingEnd.Cancelled
            ? null
            : new FittedContender(model.ParameterCount, series => Predict([.. series.Select(Features)]));

        Variable Error(IReadOnlyList<int> rows) => model.Forward(Matrix([.. rows.Select(i => features[i])]))
            .CrossEntropy(IndexTensor.FromSpan([.. rows.Select(i => own[i])], [rows.Count]));

        Tensor Matrix(float[][] rows)
        {
            float[] values = [.. rows.SelectMany(r => r)];
            scaler.Apply(values);
            return Tensor.FromSpan(values, [rows.Length, rows[0].Length]);
        }

        IReadOnlyList<SignalPrediction> Predict(float[][] rows)
        {
            using var scope = new TensorScope();
            var shares = model.Forward(Matrix(rows)).Softmax().Value.ToArray2D();
            return [.. rows.Select((_, r) =>
            {
                double[] own = [.. Enumerable.Range(0, labels.Count).Select(l => (double)shares[r, l])];
                return new SignalPrediction(labels[Array.IndexOf(own, own.Max())], own);
            })];
        }
    }

    private static float[] Features(TimeSeries series)
    {
        var features = new List<float> { MathF.Log(series.Length) };
        for (var c = 0; c < series.ChannelCount; c++)
        {
            var values = series.ChannelValues(c);
            var mean = values.Average();
            var deviation = (float)Math.Sqrt(values.Average(v => ((double)v - mean) * (v - mean)));
            features.AddRange([mean, deviation, values.Min(), values.Max(),
                values.Length == 1 ? 0 : values.Zip(values.Skip(1), (a, b) => MathF.Abs(b - a)).Average()]);
        }

        return [.. features, .. Resampling.To(series, Points)];
    }
}
