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
    /// <param name="reduction">Mean: over the tokens not ignored, by their weights.</param>
    /// <param name="ignoreIndex">Tokens with this target count neither in the loss nor in the mean.</param>
    /// <param name="labelSmoothing">Share of the target's probability spread over all classes, in [0, 1).</param>
    /// <param name="weights">Shape (...): weight of each token; null for 1.</param>
    /// <returns>A scalar; shape (...) without a reduction.</returns>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public static Variable CrossEntropy(Variable logits, IndexTensor targets, LossReduction reduction = LossReduction.Mean,
        int ignoreIndex = -100, float labelSmoothing = 0f, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return logits.CrossEntropy(targets, reduction, ignoreIndex, labelSmoothing, weights);
    }

    /// <summary>(p - y)^2</summary>
    /// <param name="prediction">p, any shape.</param>
    /// <param name="target">y, of the same shape.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Variable MeanSquaredError(Variable prediction, Variable target, LossReduction reduction = LossReduction.Mean) =>
        Reduce(new SquaredErrorOperation(), prediction, target, reduction, nameof(MeanSquaredError));

    /// <summary>|p - y|</summary>
    /// <param name="prediction">p, any shape.</param>
    /// <param name="target">y, of the same shape.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Variable L1(Variable prediction, Variable target, LossReduction reduction = LossReduction.Mean) =>
        Reduce(new AbsoluteErrorOperation(), prediction, target, reduction, nameof(L1));

    /// <summary>(p - y)^2 / 2 where |p - y| is at most delta, else delta (|p - y| - delta / 2) (Huber, 1964).</summary>
    /// <param name="prediction">p, any shape.</param>
    /// <param name="target">y, of the same shape.</param>
    /// <param name="delta">Where the square becomes a line, above 0.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Variable Huber(Variable prediction, Variable target, float delta = 1f,
        LossReduction reduction = LossReduction.Mean)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(delta);
        return Reduce(new HuberOperation(delta), prediction, target, reduction, nameof(Huber));
    }

    /// <summary>
    /// -(y log s + (1 - y) log(1 - s)) with s = sigmoid(x), computed as max(x, 0) - x y + log(1 + e^-|x|), which neither
    /// overflows nor loses digits.
    /// </summary>
    /// <param name="logits">x, any shape.</param>
    /// <param name="target">y in [0, 1], of the same shape.</param>
    /// <param name="reduction">What becomes of the elements' losses.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Variable BinaryCrossEntropyWithLogits(Variable logits, Variable target,
        LossReduction reduction = LossReduction.Mean) =>
        Reduce(new BinaryCrossEntropyOperation(), logits, target, reduction, nameof(BinaryCrossEntropyWithLogits));

    private static Variable Reduce<TOperation>(TOperation operation, Variable prediction, Variable target,
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

        var losses = Variable.Map(operation, prediction, target, name);
        return reduction switch
        {
            LossReduction.Mean => losses.Mean(),
            LossReduction.Sum => losses.Sum(),
            LossReduction.None => losses,
            _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, $"{name}: there is no such reduction."),
        };
    }
}
