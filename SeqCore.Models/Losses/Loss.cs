using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Computes how far predictions are from targets. A target is never broadcast: it must have the shape of the prediction.
/// </summary>
/// <example>
/// <code>
/// using var scope = new TensorScope();
/// var target = Tensor.FromArray([1f, 2f, 3f, 4f]);
/// var prediction = Tensor.FromArray([1f, 2f, 3f, 14f]);   // the last is far off
/// Console.WriteLine(Loss.MeanSquaredError(prediction, target).Value.Item());   // 25
/// Console.WriteLine(Loss.L1(prediction, target).Value.Item());                 // 2.5
/// Console.WriteLine(Loss.Huber(prediction, target, delta: 1f).Value.Item());   // 2.375
/// </code>
/// </example>
public static partial class Loss
{
    /// <summary>
    /// Computes the softmax cross-entropy in nats, as PyTorch's cross_entropy; <see cref="Backend.CrossEntropy"/> has the
    /// formula.
    /// </summary>
    /// <param name="logits">The logits, shape (..., V).</param>
    /// <param name="targets">The targets, shape (...): each is a class in [0, V) or the ignored index.</param>
    /// <param name="reduction">
    /// How the losses are reduced; the mean is over the tokens that are not ignored, weighted by tokens and classes.
    /// </param>
    /// <param name="ignoreIndex">
    /// The target of the tokens that count neither in the loss nor in the mean, by default -100 as in PyTorch: a target of -100
    /// is left out without an error, and any other negative one is an error.
    /// </param>
    /// <param name="labelSmoothing">The fraction of the target's probability that is spread over all classes, in [0, 1).</param>
    /// <param name="tokenWeights">The weight of each token, shape (...); null for 1.</param>
    /// <param name="classWeights">The weight of each class, shape (V,), PyTorch's <c>weight</c>; null for 1.</param>
    /// <returns>A scalar, or a variable of shape (...) without a reduction.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public static Variable CrossEntropy(Variable logits, IndexTensor targets, LossReduction reduction = LossReduction.Mean,
        int ignoreIndex = -100, float labelSmoothing = 0f, Tensor? tokenWeights = null, Tensor? classWeights = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        return logits.CrossEntropy(targets, reduction, ignoreIndex, labelSmoothing, tokenWeights, classWeights);
    }

    /// <summary>Computes the squared error, (p - y)^2.</summary>
    /// <param name="prediction">The predictions p, of any shape.</param>
    /// <param name="target">The targets y, of the same shape as the predictions.</param>
    /// <param name="reduction">How the losses of the elements are reduced; the mean is weighted.</param>
    /// <param name="weights">
    /// The weight of each element, broadcast to the prediction's shape; null for 1. An element of weight 0 is left out even if it
    /// is NaN, as padding may be.
    /// </param>
    /// <exception cref="ShapeException">The shapes differ, or the weights do not broadcast.</exception>
    /// <exception cref="ArgumentException">
    /// The mean is over no element, or the weights do not add up to a finite number above 0 (checked on the CPU only).
    /// </exception>
    public static Variable MeanSquaredError(Variable prediction, Variable target, LossReduction reduction = LossReduction.Mean,
        Tensor? weights = null) =>
        Reduce(new SquaredErrorOperation(), prediction, target, weights, reduction, nameof(MeanSquaredError));

    /// <summary>Computes the absolute error, |p - y|.</summary>
    /// <param name="prediction">The predictions p, of any shape.</param>
    /// <param name="target">The targets y, of the same shape as the predictions.</param>
    /// <param name="reduction">How the losses of the elements are reduced; the mean is weighted.</param>
    /// <param name="weights">
    /// The weight of each element, broadcast to the prediction's shape; null for 1. An element of weight 0 is left out even if it
    /// is NaN, as padding may be.
    /// </param>
    /// <exception cref="ShapeException">The shapes differ, or the weights do not broadcast.</exception>
    /// <exception cref="ArgumentException">
    /// The mean is over no element, or the weights do not add up to a finite number above 0 (checked on the CPU only).
    /// </exception>
    public static Variable L1(Variable prediction, Variable target, LossReduction reduction = LossReduction.Mean,
        Tensor? weights = null) =>
        Reduce(new AbsoluteErrorOperation(), prediction, target, weights, reduction, nameof(L1));

    /// <summary>
    /// Computes the Huber loss, (p - y)^2 / 2 where |p - y| is at most delta, else delta (|p - y| - delta / 2) (Huber, 1964).
    /// </summary>
    /// <param name="prediction">The predictions p, of any shape.</param>
    /// <param name="target">The targets y, of the same shape as the predictions.</param>
    /// <param name="delta">The error at which the square becomes a line, above 0.</param>
    /// <param name="reduction">How the losses of the elements are reduced; the mean is weighted.</param>
    /// <param name="weights">
    /// The weight of each element, broadcast to the prediction's shape; null for 1. An element of weight 0 is left out even if it
    /// is NaN, as padding may be.
    /// </param>
    /// <exception cref="ShapeException">The shapes differ, or the weights do not broadcast.</exception>
    /// <exception cref="ArgumentException">
    /// The mean is over no element, or the weights do not add up to a finite number above 0 (checked on the CPU only).
    /// </exception>
    public static Variable Huber(Variable prediction, Variable target, float delta = 1f,
        LossReduction reduction = LossReduction.Mean, Tensor? weights = null)
    {
        if (!(delta > 0f))
            throw new ArgumentOutOfRangeException(nameof(delta), delta, $"{nameof(Huber)}: delta should be above 0.");
        return Reduce(new HuberOperation(delta), prediction, target, weights, reduction, nameof(Huber));
    }

    /// <summary>
    /// Computes the binary cross-entropy -(y log s + (1 - y) log(1 - s)) with s = sigmoid(x), as max(x, 0) - x y + log(1 +
    /// e^-|x|), which neither overflows nor loses digits.
    /// </summary>
    /// <param name="logits">The logits x, of any shape.</param>
    /// <param name="target">
    /// The targets y in [0, 1], of the same shape. Differs from PyTorch, which accepts any: with targets such as -1 and 1 the
    /// loss has no minimum. They are rejected on the CPU, but not on a GPU, where a check would have to wait.
    /// </param>
    /// <param name="reduction">How the losses of the elements are reduced; the mean is weighted.</param>
    /// <param name="weights">
    /// The weight of each element, broadcast to the prediction's shape; null for 1. An element of weight 0 is left out even if it
    /// is NaN, as padding may be.
    /// </param>
    /// <exception cref="ShapeException">The shapes differ, or the weights do not broadcast.</exception>
    /// <exception cref="ArgumentException">
    /// A target is not in [0, 1] (checked on the CPU only), the mean is over no element, or the weights do not add up to a finite
    /// number above 0 (checked on the CPU only).
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
                "that is the prediction's shape and a target is never broadcast", "reshape or expand it first");
        }

        if (reduction == LossReduction.Mean && prediction.Shape.ElementCount == 0)
        {
            throw new ArgumentException($"{name}: the mean is over no elements, because the prediction has shape"
                + $" {prediction.Shape}. Skip such a batch, or sum the losses.", nameof(prediction));
        }

        if (weights is not null)
        {
            // An element left out becomes an error of 0, because 0 times NaN would be NaN.
            weights = Spread(weights, prediction.Shape, name);
            var counts = weights.NotEqualTo(0f);
            var nothing = Tensor.Zeros(Shape.Scalar, weights.Backend);
            (prediction, target) = (Variable.Where(counts, prediction, nothing), Variable.Where(counts, target, nothing));
        }

        if (operation is BinaryCrossEntropyOperation or BinaryFocalOperation)
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

    private static Tensor Spread(Tensor weights, Shape shape, string name, string what = "weights",
        string whose = "the prediction's") =>
        Shape.Broadcast(weights.Shape, shape, name).Equals(shape)
            ? weights.BroadcastTo(shape)
            : throw ShapeException.Wrong(name, what, $"that broadcasts to {whose} {shape}", weights.Shape);

    // Reading the result would wait for a GPU.
    private static void RequireShares(Tensor target, string name)
    {
        if (target.Backend.Device.Kind != DeviceKind.Cpu || target.ElementCount == 0)
            return;
        using Tensor least = target.Min(), most = target.Max();
        if (!(least.Item() >= 0f && most.Item() <= 1f))
        {
            throw new ArgumentException($"{name}: targets should be in [0, 1]; they range from {least.Item()} to {most.Item()}."
                + " Hint: convert classes -1 and 1 by (y + 1) / 2.", nameof(target));
        }
    }

    // Reading the result would wait for a GPU, where a mean over weights of 0 is NaN.
    private static Tensor Total(Tensor weights, string name, string what = "weights")
    {
        if (weights.ElementCount == 0)
        {
            throw new ArgumentException($"{name}: the mean is over no elements, because there are no targets. Skip such a batch,"
                + " or sum the losses.", what);
        }

        var total = weights.Sum();
        if (weights.Backend.Device.Kind != DeviceKind.Cpu || total.Item() is > 0f and < float.PositiveInfinity)
            return total;
        var isNothing = total.Item() == 0f && weights.Abs().Max().Item() == 0f;
        throw new ArgumentException(isNothing
            ? $"{name}: the mean is over no elements, because {ReasonForNothing(what)}. Skip such a batch, or sum the losses."
            : $"{name}: there is no mean, because the weights add up to {total.Item()}. Look for NaN, infinity or negative"
                + " numbers among them, or sum the losses.", what);
    }

    private static string ReasonForNothing(string what) => what switch
    {
        "targets" => "every target is ignored",
        "classWeights" => "every target is ignored or has weight 0",
        _ => "the weights add up to 0",
    };
}
