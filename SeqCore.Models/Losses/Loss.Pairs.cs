using System.Runtime.CompilerServices;

namespace SeqCore.Models;

public static partial class Loss
{
    /// <summary>
    /// Computes the Kullback-Leibler divergence y (log y - x) of a distribution x, given as log-probabilities, from the target y,
    /// as PyTorch's kl_div: the arguments are in the reverse order of KL(y || x), and an element whose y is 0 contributes 0, to
    /// the gradients too.
    /// </summary>
    /// <param name="logProbabilities">The log-probabilities x, of any shape.</param>
    /// <param name="target">The probabilities y, or their logarithms, of the same shape.</param>
    /// <param name="logTarget">Whether the target holds logarithms; the loss is then e^y (y - x).</param>
    /// <param name="reduction">
    /// How the losses of the elements are reduced. The mean is over all elements, as PyTorch's <c>"mean"</c>; for
    /// <c>"batchmean"</c>, the divergence of the distributions, divide the sum by their number.
    /// </param>
    /// <param name="weights">
    /// The weight of each element, broadcast to the shape of x; null for 1. An element of weight 0 is left out even if it is NaN.
    /// </param>
    /// <exception cref="ShapeException">The shapes differ, or the weights do not broadcast.</exception>
    /// <exception cref="ArgumentException">
    /// The mean is over no element, or the weights do not add up to a finite number above 0 (checked on the CPU only).
    /// </exception>
    public static Variable KullbackLeiblerDivergence(Variable logProbabilities, Variable target, bool logTarget = false,
        LossReduction reduction = LossReduction.Mean, Tensor? weights = null) =>
        logTarget
            ? Reduce(new LogKullbackLeiblerOperation(), Argument.NotNull(logProbabilities), target, weights, reduction,
                nameof(KullbackLeiblerDivergence))
            : Reduce(new KullbackLeiblerOperation(), Argument.NotNull(logProbabilities), target, weights, reduction,
                nameof(KullbackLeiblerDivergence));

    /// <summary>
    /// Computes (p - y)^2 / (2 beta) where |p - y| is at most beta, else |p - y| - beta / 2: the <see cref="Huber"/> loss divided
    /// by beta, PyTorch's smooth_l1_loss.
    /// </summary>
    /// <param name="prediction">The predictions p, of any shape.</param>
    /// <param name="target">The targets y, of the same shape as the predictions.</param>
    /// <param name="beta">The error at which the square becomes a line, at least 0; 0 gives <see cref="L1"/>.</param>
    /// <param name="reduction">How the losses of the elements are reduced; the mean is weighted.</param>
    /// <param name="weights">The weight of each element, as for <see cref="Huber"/>.</param>
    /// <exception cref="ShapeException">The shapes differ, or the weights do not broadcast.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Beta is negative or not finite.</exception>
    /// <exception cref="ArgumentException">
    /// The mean is over no element, or the weights do not add up to a finite number above 0 (checked on the CPU only).
    /// </exception>
    public static Variable SmoothL1(Variable prediction, Variable target, float beta = 1f,
        LossReduction reduction = LossReduction.Mean, Tensor? weights = null)
    {
        Argument.NotNegative(beta, nameof(SmoothL1), nameof(beta));
        return beta == 0f
            ? Reduce(new AbsoluteErrorOperation(), prediction, target, weights, reduction, nameof(SmoothL1))
            : Reduce(new HuberOperation(beta), prediction, target, weights, reduction, nameof(SmoothL1)) / beta;
    }

    /// <summary>
    /// Computes 1 - cos(a, b) for pairs of vectors that belong together (y = 1) and max(0, cos(a, b) - margin) for others (y =
    /// -1), with cos(a, b) = a b / sqrt((a a + 1e-12)(b b + 1e-12)); PyTorch's cosine_embedding_loss.
    /// </summary>
    /// <param name="a">The vectors a, shape (..., D).</param>
    /// <param name="b">The vectors b, of the same shape.</param>
    /// <param name="signs">
    /// The sign y of each pair, 1 or -1, shape (...). Differs from PyTorch, where a pair with another number costs nothing: here
    /// such a number is rejected on the CPU, but not on a GPU, where a check would have to wait.
    /// </param>
    /// <param name="margin">The cosine below which other pairs cost nothing, in [-1, 1].</param>
    /// <param name="reduction">How the losses of the pairs are reduced.</param>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not in [-1, 1].</exception>
    /// <exception cref="ArgumentException">
    /// A sign is neither 1 nor -1 (checked on the CPU only), or the mean is over no pairs.
    /// </exception>
    public static Variable CosineEmbedding(Variable a, Variable b, Tensor signs, float margin = 0f,
        LossReduction reduction = LossReduction.Mean)
    {
        const string Name = nameof(CosineEmbedding);
        const float Epsilon = 1e-12f;
        RequireVectors(a, b, Name);
        ArgumentNullException.ThrowIfNull(signs);
        Argument.AtMost(Math.Abs(margin), Name, nameof(margin), 1f);
        if (!signs.Shape.Equals(new Shape(a.Shape.Sizes[..^1])))
            throw ShapeException.Wrong(Name, nameof(signs), "(...)", signs.Shape, $"the vectors (..., D) are {a.Shape}");
        RequireSigns(signs, Name);

        // The product of the squared lengths would overflow long before they do, and the gradient of Rsqrt, a cube, vanish.
        var cosines = (a * b).Sum(-1) / (a.SumOfSquares([-1]) + Epsilon).Sqrt() / (b.SumOfSquares([-1]) + Epsilon).Sqrt();
        return Reduced(Variable.Where(signs > 0f, 1f - cosines, (cosines - margin).Relu()), reduction, Name);
    }

    /// <summary>
    /// Computes max(0, margin - y (a - b)): a should exceed b by the margin where y = 1, and b should exceed a where y = -1;
    /// PyTorch's margin_ranking_loss. With b = 0 and margin 1 it is the hinge loss of a support vector machine.
    /// </summary>
    /// <param name="a">The scores a, of any shape.</param>
    /// <param name="b">The scores b, of the same shape.</param>
    /// <param name="signs">
    /// The signs y, 1 or -1, broadcast to this shape. Differs from PyTorch, which multiplies by any number: here another number
    /// is rejected on the CPU, but not on a GPU, where a check would have to wait.
    /// </param>
    /// <param name="margin">The margin.</param>
    /// <param name="reduction">How the losses of the elements are reduced.</param>
    /// <exception cref="ShapeException">The shapes differ, or the signs do not broadcast.</exception>
    /// <exception cref="ArgumentException">
    /// A sign is neither 1 nor -1 (checked on the CPU only), or the mean is over no elements.
    /// </exception>
    public static Variable MarginRanking(Variable a, Variable b, Tensor signs, float margin = 0f,
        LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(signs);
        RequireSameShape(a, b, nameof(MarginRanking));
        RequireSigns(signs, nameof(MarginRanking));
        var spread = Spread(signs, a.Shape, nameof(MarginRanking), nameof(signs), "a's");
        return Reduced((margin - (a - b) * spread).Relu(), reduction, nameof(MarginRanking));
    }

    /// <summary>
    /// Computes max(0, |anchor - positive| - |anchor - negative| + margin) with Euclidean distances along the last axis, to whose
    /// differences 1e-6 is added; PyTorch's triplet_margin_loss.
    /// </summary>
    /// <param name="anchor">The vectors that others are compared with, shape (..., D).</param>
    /// <param name="positive">The vectors that should be near, of the same shape.</param>
    /// <param name="negative">The vectors that should be far, of the same shape.</param>
    /// <param name="margin">The margin.</param>
    /// <param name="reduction">How the losses of the triplets are reduced.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">The mean is over no triplets.</exception>
    public static Variable Triplet(Variable anchor, Variable positive, Variable negative, float margin = 1f,
        LossReduction reduction = LossReduction.Mean)
    {
        const float Epsilon = 1e-6f;
        RequireVectors(anchor, positive, nameof(Triplet));
        RequireVectors(anchor, negative, nameof(Triplet));
        var near = (anchor - positive + Epsilon).Norm(-1);
        var far = (anchor - negative + Epsilon).Norm(-1);
        return Reduced((near - far + margin).Relu(), reduction, nameof(Triplet));
    }

    // Reading the result would wait for a GPU.
    private static void RequireSigns(Tensor signs, string name)
    {
        if (signs.Backend.Device.Kind != DeviceKind.Cpu || signs.ElementCount == 0)
            return;
        using Tensor sizes = signs.Abs(), least = sizes.Min(), most = sizes.Max();
        if (least.Item() == 1f && most.Item() == 1f)
            return;
        var other = Array.Find(signs.ToArray(), s => Math.Abs(s) != 1f);
        throw new ArgumentException($"{name}: signs should be 1 or -1; one is {other}."
            + " Hint: convert classes 0 and 1 by 2 y - 1, and leave out pairs that should not count.", nameof(signs));
    }

    private static void RequireVectors(Variable a, Variable b, string name,
        [CallerArgumentExpression(nameof(a))] string nameOfA = "", [CallerArgumentExpression(nameof(b))] string nameOfB = "")
    {
        ArgumentNullException.ThrowIfNull(a, nameOfA);
        ArgumentNullException.ThrowIfNull(b, nameOfB);
        if (a.Shape.Rank == 0)
            throw ShapeException.Wrong(name, nameOfA, "(..., D)", a.Shape);
        RequireSameShape(a, b, name, nameOfA, nameOfB);
    }

    private static void RequireSameShape(Variable a, Variable b, string name,
        [CallerArgumentExpression(nameof(a))] string nameOfA = "", [CallerArgumentExpression(nameof(b))] string nameOfB = "")
    {
        if (!a.Shape.Equals(b.Shape))
        {
            throw ShapeException.Wrong(name, nameOfB, a.Shape.ToString(), b.Shape,
                $"that is the shape of {nameOfA} and nothing is broadcast here");
        }
    }
}
