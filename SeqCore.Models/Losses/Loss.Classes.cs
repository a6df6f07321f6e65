using System.Runtime.CompilerServices;

namespace SeqCore.Models;

public static partial class Loss
{
    /// <summary>
    /// Computes the negative log-likelihood -w_target x_target of log-probabilities x, such as those of
    /// <see cref="Variable.LogSoftmax"/>; PyTorch's nll_loss. <see cref="CrossEntropy(Variable, IndexTensor, LossReduction, int,
    /// float, Tensor?, Tensor?)"/> of logits is the same in one pass.
    /// </summary>
    /// <param name="logProbabilities">The log-probabilities x, shape (..., V).</param>
    /// <param name="targets">The targets, shape (...): each is a class in [0, V) or the ignored index.</param>
    /// <param name="reduction">
    /// How the losses are reduced; the mean divides by the sum of w_target over the tokens that are not ignored.
    /// </param>
    /// <param name="ignoreIndex">
    /// The target of the tokens that count neither in the loss nor in the mean, by default -100 as in PyTorch: a target of -100
    /// is left out without an error, and any other negative one is an error.
    /// </param>
    /// <param name="classWeights">The weight w of each class, shape (V,), PyTorch's <c>weight</c>; null for 1.</param>
    /// <returns>A scalar, or a variable of shape (...) without a reduction.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">
    /// A target is out of range, or the weights of the targets do not add up to a finite number above 0 (checked on the CPU
    /// only).
    /// </exception>
    public static Variable NegativeLogLikelihood(Variable logProbabilities, IndexTensor targets,
        LossReduction reduction = LossReduction.Mean, int ignoreIndex = -100, Tensor? classWeights = null)
    {
        const string Name = nameof(NegativeLogLikelihood);
        ArgumentNullException.ThrowIfNull(logProbabilities);
        RequireClasses(logProbabilities, classWeights, Name, nameof(logProbabilities));
        var (picked, weights) = Pick(logProbabilities, targets, ignoreIndex, classWeights, Name);
        var losses = -picked * weights;
        if (reduction != LossReduction.Mean)
            return Reduced(losses, reduction, Name);
        return losses.Sum() / Total(weights, Name, classWeights is null ? nameof(targets) : nameof(classWeights));
    }

    /// <summary>
    /// Computes the softmax cross-entropy -sum_k w_k q_k log p_k with p the softmax of the logits and targets that are
    /// probabilities, q = (1 - s) y + s / V; PyTorch's cross_entropy with such targets.
    /// </summary>
    /// <param name="logits">The logits, shape (..., V).</param>
    /// <param name="probabilities">The probabilities y of the classes, of the same shape.</param>
    /// <param name="reduction">
    /// How the losses are reduced; as in PyTorch, the mean is over all rows, whatever the weights of their classes.
    /// </param>
    /// <param name="labelSmoothing">The fraction s of the probability that is spread over all classes, in [0, 1).</param>
    /// <param name="classWeights">The weight w of each class, shape (V,), PyTorch's <c>weight</c>; null for 1.</param>
    /// <returns>A scalar, or a variable of shape (...) without a reduction.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label smoothing is not in [0, 1).</exception>
    /// <exception cref="ArgumentException">The mean is over no rows.</exception>
    [OverloadResolutionPriority(-1)]
    public static Variable CrossEntropy(Variable logits, Variable probabilities, LossReduction reduction = LossReduction.Mean,
        float labelSmoothing = 0f, Tensor? classWeights = null)
    {
        const string Name = nameof(CrossEntropy);
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(probabilities);
        RequireClasses(logits, classWeights, Name, nameof(logits));
        RequireSameShape(logits, probabilities, Name);
        Argument.Probability(labelSmoothing, Name, nameof(labelSmoothing));
        var shares = labelSmoothing == 0f
            ? probabilities
            : (1f - labelSmoothing) * probabilities + labelSmoothing / logits.Shape[-1];
        if (classWeights is not null)
            shares *= classWeights;
        return Reduced(-(logits.LogSoftmax() * shares).Sum(-1), reduction, Name);
    }

    /// <summary>
    /// Computes the focal loss -w_target (1 - p)^gamma log p, where p is the softmax probability of the target: tokens that the
    /// model is sure of count less than in the cross-entropy (Lin et al., "Focal loss for dense object detection",
    /// arXiv:1708.02002, equation 5 for several classes).
    /// </summary>
    /// <param name="logits">The logits, shape (..., V).</param>
    /// <param name="targets">The targets, shape (...): each is a class in [0, V) or the ignored index.</param>
    /// <param name="gamma">The exponent, at least 0; 0 gives the cross-entropy.</param>
    /// <param name="reduction">
    /// How the losses are reduced; the mean is over the tokens that are not ignored, each counting 1.
    /// </param>
    /// <param name="ignoreIndex">
    /// The target of the tokens that count neither in the loss nor in the mean, by default -100 as in PyTorch: a target of -100
    /// is left out without an error, and any other negative one is an error.
    /// </param>
    /// <param name="classWeights">The weight w of each class, shape (V,), the paper's alpha; null for 1.</param>
    /// <returns>A scalar, or a variable of shape (...) without a reduction.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Gamma is negative or not finite.</exception>
    /// <exception cref="ArgumentException">
    /// A target is out of range, or the mean is over no tokens (checked on the CPU only).
    /// </exception>
    public static Variable Focal(Variable logits, IndexTensor targets, float gamma = 2f,
        LossReduction reduction = LossReduction.Mean, int ignoreIndex = -100, Tensor? classWeights = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        Argument.NotNegative(gamma, nameof(Focal), nameof(gamma));
        RequireClasses(logits, classWeights, nameof(Focal), nameof(logits));
        var (picked, weights) = Pick(logits.LogSoftmax(), targets, ignoreIndex, classWeights, nameof(Focal));
        var losses = picked.Map(new FocalOperation(gamma), nameof(Focal)) * weights;
        if (reduction != LossReduction.Mean)
            return Reduced(losses, reduction, nameof(Focal));
        using var counted = targets.NotEqualTo(ignoreIndex).ToTensor();
        return losses.Sum() / Total(counted, nameof(Focal), nameof(targets));
    }

    /// <summary>
    /// Computes the focal loss of two classes, a (1 - p)^gamma times the binary cross-entropy, where p = s y + (1 - s)(1 - y), s
    /// = sigmoid(x) and a = alpha y + (1 - alpha)(1 - y) (Lin et al., arXiv:1708.02002, equation 5); torchvision's
    /// sigmoid_focal_loss.
    /// </summary>
    /// <param name="logits">The logits x, of any shape.</param>
    /// <param name="target">The targets y, 0 or 1, of the same shape.</param>
    /// <param name="alpha">The weight of the targets of 1, in [0, 1]; null for no weights.</param>
    /// <param name="gamma">The exponent, at least 0.</param>
    /// <param name="reduction">
    /// How the losses of the elements are reduced; the paper divides the sum by the number of ones.
    /// </param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Alpha is not in [0, 1], or gamma is negative or not finite.</exception>
    /// <exception cref="ArgumentException">
    /// A target is not in [0, 1] (checked on the CPU only), or the mean is over nothing.
    /// </exception>
    public static Variable BinaryFocalWithLogits(Variable logits, Variable target, float? alpha = 0.25f, float gamma = 2f,
        LossReduction reduction = LossReduction.Mean)
    {
        const string Name = nameof(BinaryFocalWithLogits);
        Argument.NotNegative(gamma, Name, nameof(gamma));
        Argument.NotNegative(alpha ?? 0f, Name, nameof(alpha));
        Argument.AtMost(alpha ?? 0f, Name, nameof(alpha), 1f);
        var losses = Reduce(new BinaryFocalOperation(gamma), Argument.NotNull(logits), target, null, LossReduction.None, Name);
        if (alpha is { } weight)
            losses *= (2f * weight - 1f) * target + (1f - weight);
        return Reduced(losses, reduction, Name);
    }

    /// <summary>
    /// Returns the element of the target of each row, 0 where it is ignored, and the target's weight, 0 there too.
    /// </summary>
    private static (Variable Picked, Tensor Weights) Pick(Variable rows, IndexTensor targets, int ignoreIndex,
        Tensor? classWeights, string name)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var classes = rows.Shape[-1];
        var expected = new Shape(rows.Shape.Sizes[..^1]);
        if (!targets.Shape.Equals(expected))
        {
            throw ShapeException.Wrong(name, nameof(targets), $"(...) = {expected}", targets.Shape,
                $"the rows (..., V) are {rows.Shape}");
        }

        RequireTargets(targets, classes, ignoreIndex, name);

        // On a GPU the lookup of the weights finds a target that is out of range.
        var counts = targets.NotEqualTo(ignoreIndex);
        using var known = targets.MaskedFill(!counts, 0);
        var table = (classWeights ?? Tensor.Full(new Shape(classes), 1f, rows.Value.Backend)).Reshape(classes, 1);
        var zero = Tensor.Zeros(Shape.Scalar, rows.Value.Backend);
        var weights = Tensor.Where(counts, table.Gather(known).Reshape(expected), zero);
        using var starts = IndexTensor.Arange(targets.ElementCount, targets.Backend);
        using var offsets = starts * classes;
        using var flat = known.Reshape(new Shape(targets.ElementCount));
        var places = offsets + flat;
        var picked = rows.Reshape(rows.Shape.ElementCount, 1).Embedding(places).Reshape(expected);
        return (Variable.Where(counts, picked, zero), weights);
    }

    // Reading the targets would wait for a GPU.
    private static void RequireTargets(IndexTensor targets, int classes, int ignoreIndex, string name)
    {
        if (targets.Backend.Device.Kind != DeviceKind.Cpu)
            return;
        foreach (var (row, target) in targets.ToArray().Index())
        {
            if (target != ignoreIndex && (target < 0 || target >= classes))
            {
                throw new ArgumentException($"{name}: the target of row {row} is {target}; expected a class in [0, {classes})"
                    + $" or the ignored index {ignoreIndex}.", nameof(targets));
            }
        }
    }

    private static void RequireClasses(Variable rows, Tensor? classWeights, string name, string what)
    {
        if (rows.Shape.Rank == 0)
            throw ShapeException.Wrong(name, what, "(..., V)", rows.Shape);
        var ofClasses = new Shape(rows.Shape[-1]);
        if (classWeights is not null && !classWeights.Shape.Equals(ofClasses))
        {
            throw ShapeException.Wrong(name, nameof(classWeights), $"(V,) = {ofClasses}", classWeights.Shape,
                $"{what} (..., V) is {rows.Shape}");
        }
    }

    private static Variable Reduced(Variable losses, LossReduction reduction, string name) => reduction switch
    {
        LossReduction.Mean when losses.Shape.ElementCount == 0 => throw new ArgumentException(
            $"{name}: the mean is over no elements. Skip such a batch, or sum the losses."),
        LossReduction.Mean => losses.Mean(),
        LossReduction.Sum => losses.Sum(),
        LossReduction.None => losses,
        _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, $"{name}: there is no such reduction."),
    };
}
