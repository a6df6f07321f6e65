using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>How far predictions are from targets. A target is never broadcast: its shape has to be the prediction's.</summary>
public static class Loss
{
    /// <summary>
    /// Softmax cross-entropy in nats, as PyTorch's cross_entropy; <see cref="Backend.CrossEntropy"/> has the formula.
    /// </summary>
    /// <param name="logits">Shape (..., V).</param>
    /// <param name="targets">Shape (...): a class in [0, V) or the ignored index.</param>
    /// <param name="reduction">Mean: over the tokens not ignored, by the weights of tokens and of their classes.</param>
    /// <param name="ignoreIndex">Tokens with this target count neither in the loss nor in the mean.</param>
    /// <param name="labelSmoothing">Share of the target's probability spread over all classes, in [0, 1).</param>
    /// <param name="tokenWeights">Shape (...): weight of each token; null for 1.</param>
    /// <param name="classWeights">Shape (V,): weight of each class, PyTorch's <c>weight</c>; null for 1.</param>
    /// <returns>A scalar; shape (...) without a reduction.</returns>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public static Variable CrossEntropy(Variable logits, IndexTensor targets, LossReduction reduction = LossReduction.Mean,
        int ignoreIndex = -100, float labelSmoothing = 0f, Tensor? tokenWeights = null, Tensor? classWeights = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        return logits.CrossEntropy(targets, reduction, ignoreIndex, labelSmoothing, tokenWeights, classWeights);
    }

    /// <summary>(p - y)^2</summary>
    /// <param name="prediction">p, any shape.</param>
    /// <param name="target">y, of the same shape.</param>
    /// <param name="reduction">What becomes of the elements' losses; the mean is by the weights.</param>
    /// <param name="weights">
    /// Weight of each element, broadcast to the prediction's shape; null for 1. An element of weight 0 is left out, even where it
    /// is NaN, as padding may be.
    /// </param>
    /// <exception cref="ShapeException">The shapes differ, or the weights do not broadcast.</exception>
    /// <exception cref="ArgumentException">
    /// The mean is over no element, or the weights do not add up to a finite number above 0 (noticed on the CPU).
    /// </exception>
    public static Variable MeanSquaredError(Variable prediction, Variable target, LossReduction reduction = LossReduction.Mean,
        Tensor? weights = null) =>
        Reduce(new SquaredErrorOperation(), prediction, target, weights, reduction, nameof(MeanSquaredError));

    /// <summary>|p - y|</summary>
    /// <param name="prediction">p, any shape.</param>
    /// <param name="target">y, of the same shape.</param>
    /// <param name="reduction">What becomes of the elements' losses; the mean is by the weights.</param>
    /// <param name="weights">
    /// Weight of each element, broadcast to the prediction's shape; null for 1. An element of weight 0 is left out, even where it
    /// is NaN, as padding may be.
    /// </param>
    /// <exception cref="ShapeException">The shapes differ, or the weights do not broadcast.</exception>
    /// <exception cref="ArgumentException">
    /// The mean is over no element, or the weights do not add up to a finite number above 0 (noticed on the CPU).
    /// </exception>
    public static Variable L1(Variable prediction, Variable target, LossReduction reduction = LossReduction.Mean,
        Tensor? weights = null) =>
        Reduce(new AbsoluteErrorOperation(), prediction, target, weights, reduction, nameof(L1));

    /// <summary>(p - y)^2 / 2 where |p - y| is at most delta, else delta (|p - y| - delta / 2) (Huber, 1964).</summary>
    /// <param name="prediction">p, any shape.</param>
    /// <param name="target">y, of the same shape.</param>
    /// <param name="delta">Where the square becomes a line, above 0.</param>
    /// <param name="reduction">What becomes of the elements' losses; the mean is by the weights.</param>
    /// <param name="weights">
    /// Weight of each element, broadcast to the prediction's shape; null for 1. An element of weight 0 is left out, even where it
    /// is NaN, as padding may be.
    /// </param>
    /// <exception cref="ShapeException">The shapes differ, or the weights do not broadcast.</exception>
    /// <exception cref="ArgumentException">
    /// The mean is over no element, or the weights do not add up to a finite number above 0 (noticed on the CPU).
    /// </exception>
    public static Variable Huber(Variable prediction, Variable target, float delta = 1f,
        LossReduction reduction = LossReduction.Mean, Tensor? weights = null)
    {
        if (!(delta > 0f))
            throw new ArgumentOutOfRangeException(nameof(delta), delta, $"{nameof(Huber)}: delta should be above 0.");
        return Reduce(new HuberOperation(delta), prediction, target, weights, reduction, nameof(Huber));
    }

    /// <summary>
    /// -(y log s + (1 - y) log(1 - s)) with s = sigmoid(x), computed as max(x, 0) - x y + log(1 + e^-|x|), which neither
    /// overflows nor loses digits.
    /// </summary>
    /// <param name="logits">x, any shape.</param>
    /// <param name="target">
    /// y in [0, 1], of the same shape. Differs from PyTorch, which takes any: with such as -1 and 1 the loss has no minimum. On
    /// the CPU they are refused; on a GPU, where to look would wait for it, they are not noticed.
    /// </param>
    /// <param name="reduction">What becomes of the elements' losses; the mean is by the weights.</param>
    /// <param name="weights">
    /// Weight of each element, broadcast to the prediction's shape; null for 1. An element of weight 0 is left out, even where it
    /// is NaN, as padding may be.
    /// </param>
    /// <exception cref="ShapeException">The shapes differ, or the weights do not broadcast.</exception>
    /// <exception cref="ArgumentException">
    /// A target is not in [0, 1] (noticed on the CPU); the mean is over no element; or the weights do not add up to a finite
    /// number above 0 (noticed on the CPU).
    /// </exception>
    public static Variable BinaryCrossEntropyWithLogits(Variable logits, Variable target,
        LossReduction reduction = LossReduction.Mean, Tensor? weights = null) =>
        Reduce(new BinaryCrossEntropyOperation(), Argument.NotNull(logits), target, weights, reduction,
            nameof(BinaryCrossEntropyWithLogits));

    private static Variable Reduce<TOperation>(TOperation operation, Variable prediction, Variable target, Tensor? weights,
        LossReduction reduction, string name)
        where TOperation : struct, IBinaryOperation
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        if (!prediction.Shape.Equals(target.Shape))
        {
            throw ShapeException.Wrong(name, "target", prediction.Shape.ToString(), target.Shape,
                "that is the prediction's shape and a target is never broadcast", "Reshape or expand it to say what is meant");
        }

        if (reduction == LossReduction.Mean && prediction.Shape.ElementCount == 0)
        {
            throw new ArgumentException($"{name}: the mean is over nothing, because the prediction has shape {prediction.Shape}."
                + " Leave such a batch out, or sum the losses.", nameof(prediction));
        }

        if (weights is not null)
        {
            // What is left out becomes an error of nothing: 0 times NaN would be NaN.
            weights = Spread(weights, prediction.Shape, name);
            var counts = weights.NotEqualTo(0f);
            var nothing = Tensor.Zeros(Shape.Scalar, weights.Backend);
            (prediction, target) = (Variable.Where(counts, prediction, nothing), Variable.Where(counts, target, nothing));
        }

        if (operation is BinaryCrossEntropyOperation)
            RequireShares(target.Value, name);
        var losses = Variable.Map(operation, prediction, target, name);
        if (weights is not null)
            losses *= weights;
        return reduction switch
        {
            LossReduction.Mean when weights is not null => losses.Sum() / Total(weights, name),
            LossReduction.Mean => losses.Mean(),
            LossReduction.Sum => losses.Sum(),
            LossReduction.None => losses,
            _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, $"{name}: there is no such reduction."),
        };
    }

    private static Tensor Spread(Tensor weights, Shape shape, string name) =>
        Shape.Broadcast(weights.Shape, shape, name).Equals(shape)
            ? weights.BroadcastTo(shape)
            : throw ShapeException.Wrong(name, nameof(weights), $"what broadcasts to the prediction's {shape}", weights.Shape);

    // To look would wait for a GPU.
    private static void RequireShares(Tensor target, string name)
    {
        if (target.Backend.Device.Kind != DeviceKind.Cpu || target.ElementCount == 0)
            return;
        using Tensor least = target.Min(), most = target.Max();
        if (!(least.Item() >= 0f && most.Item() <= 1f))
        {
            throw new ArgumentException($"{name}: targets should lie in [0, 1]; got some from {least.Item()} to {most.Item()}."
                + " Hint: classes of -1 and 1 are (y + 1) / 2 here.", nameof(target));
        }
    }

    // To look would wait for a GPU, where a mean over nothing is NaN.
    private static Tensor Total(Tensor weights, string name)
    {
        var total = weights.Sum();
        if (weights.Backend.Device.Kind != DeviceKind.Cpu || total.Item() is > 0f and < float.PositiveInfinity)
            return total;
        throw new ArgumentException(total.Item() == 0f
            ? $"{name}: the mean is over nothing, because the weights add up to 0. Leave such a batch out, or sum the losses."
            : $"{name}: there is no mean, because the weights add up to {total.Item()}. Look for NaN, infinite or negative ones"
                + " among them, or sum the losses.", nameof(weights));
    }
}
