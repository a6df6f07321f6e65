namespace SeqCore.Models;

public static partial class Loss
{
    /// <summary>
    /// Computes the pinball loss of a prediction of a quantile, q (y - p) where the target is above and (1 - q) (p - y) where it
    /// is below (Koenker and Bassett, "Regression quantiles", Econometrica 46, 1978). The prediction that minimizes it is the
    /// value below which the target is with probability q. <see cref="ForecastMetrics.PinballLoss"/> is the same as a metric.
    /// </summary>
    /// <param name="prediction">The predictions p, of any shape.</param>
    /// <param name="target">The targets y, of the same shape as the predictions.</param>
    /// <param name="quantile">The probability q, in (0, 1); 0.5, the default, is for the median.</param>
    /// <param name="reduction">How the losses of the elements are reduced; the mean is weighted.</param>
    /// <param name="weights">The weight of each element, as for <see cref="Huber"/>.</param>
    /// <exception cref="ShapeException">The shapes differ, or the weights do not broadcast.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The quantile is not in (0, 1).</exception>
    /// <exception cref="ArgumentException">
    /// The mean is over no element, or the weights do not add up to a finite number above 0 (checked on the CPU only).
    /// </exception>
    public static Variable Pinball(Variable prediction, Variable target, double quantile = 0.5,
        LossReduction reduction = LossReduction.Mean, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        if (!prediction.Shape.Equals(target.Shape))
        {
            throw ShapeException.Wrong(nameof(Pinball), nameof(target), prediction.Shape.ToString(), target.Shape,
                "that is the prediction's shape and a target is never broadcast", "reshape or expand it first");
        }

        var q = (float)Argument.OpenProbability(quantile, nameof(Pinball), nameof(quantile));
        return Pinball(target - prediction, Tensor.Full(Shape.Scalar, q, prediction.Value.Backend), reduction, weights);
    }

    /// <summary>Computes the pinball losses of predictions of several quantiles of each target.</summary>
    /// <param name="predictions">The predictions, shape (B, Q, ...), those of the first quantile first.</param>
    /// <param name="target">The targets, shape (B, ...).</param>
    /// <param name="quantiles">The Q probabilities, in (0, 1).</param>
    /// <param name="reduction">
    /// How the losses of the elements are reduced; the mean is weighted, and without a reduction the shape is (B, Q, ...).
    /// </param>
    /// <param name="weights">
    /// The weight of each element, broadcast to (B, Q, ...); null for 1. An element of weight 0 is left out even if it is NaN.
    /// </param>
    /// <exception cref="ShapeException">The shapes do not belong together, or the weights do not broadcast.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A quantile is not in (0, 1).</exception>
    /// <exception cref="ArgumentException">
    /// The mean is over no element, or the weights do not add up to a finite number above 0 (checked on the CPU only).
    /// </exception>
    public static Variable Pinball(Variable predictions, Variable target, IReadOnlyList<double> quantiles,
        LossReduction reduction = LossReduction.Mean, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(quantiles);
        float[] probabilities =
            [.. quantiles.Select(q => (float)Argument.OpenProbability(q, nameof(Pinball), nameof(quantiles)))];
        int[] sizes = [.. target.Shape.Sizes];
        if (sizes.Length == 0 || !predictions.Shape.Equals(new Shape([sizes[0], probabilities.Length, .. sizes[1..]])))
        {
            throw ShapeException.Wrong(nameof(Pinball), nameof(predictions),
                $"(B, Q, ...) for {Counted.Of(probabilities.Length, "quantile")} of targets of shape {target.Shape}",
                predictions.Shape, "each quantile has a prediction of each target");
        }

        int[] places = [probabilities.Length, .. Enumerable.Repeat(1, sizes.Length - 1)];
        return Pinball(target.Unsqueeze(1) - predictions,
            Tensor.FromSpan(probabilities, new Shape(places), predictions.Value.Backend), reduction, weights);
    }

    private static Variable Pinball(Variable errors, Tensor quantiles, LossReduction reduction, Tensor? weights) => Reduce(
        new PinballOperation(), errors, quantiles.BroadcastTo(errors.Shape), weights, reduction, nameof(Pinball));
}
