using SeqCore.Functions;

namespace SeqCore;

// As for tensors, each reduction has three overloads: over all elements (to a scalar), along one axis, and along any set of axes.
// The reduced axes disappear, or stay with size 1 if keepDimensions is true.
public partial class Variable
{
    /// <summary>The sum of all elements.</summary>
    public Variable Sum() => Sum(Axes.All(Shape));

    /// <summary>The sum along an axis.</summary>
    public Variable Sum(int axis, bool keepDimensions = false) => Sum([axis], keepDimensions);

    /// <summary>The sum along some axes.</summary>
    public Variable Sum(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        new SumFunction(this, axes.ToArray(), keepDimensions).Apply();

    /// <summary>The product of all elements; 1 if there are none. The gradient holds beside zeros too.</summary>
    public Variable Product() => Product(Axes.All(Shape));

    /// <summary>The product along an axis, as torch.prod computes it; the gradient holds beside zeros too.</summary>
    public Variable Product(int axis, bool keepDimensions = false) => Product([axis], keepDimensions);

    /// <summary>The product along some axes; the gradient holds beside zeros too.</summary>
    public Variable Product(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        new ProductFunction(this, axes.ToArray(), keepDimensions).Apply();

    /// <summary>The mean of all elements.</summary>
    public Variable Mean() => Mean(Axes.All(Shape));

    /// <summary>The mean along an axis.</summary>
    public Variable Mean(int axis, bool keepDimensions = false) => Mean([axis], keepDimensions);

    /// <summary>The mean along some axes.</summary>
    public Variable Mean(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        new MeanFunction(this, axes.ToArray(), keepDimensions).Apply();

    /// <summary>Returns the largest element; equal elements share the gradient evenly.</summary>
    public Variable Max() => Max(Axes.All(Shape));

    /// <summary>Returns the largest element along an axis; equal elements share the gradient evenly.</summary>
    public Variable Max(int axis, bool keepDimensions = false) => Max([axis], keepDimensions);

    /// <summary>Returns the largest element along some axes; equal elements share the gradient evenly.</summary>
    public Variable Max(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        new ExtremumFunction(this, axes.ToArray(), keepDimensions, greatest: true).Apply();

    /// <summary>Returns the smallest element; equal elements share the gradient evenly.</summary>
    public Variable Min() => Min(Axes.All(Shape));

    /// <summary>Returns the smallest element along an axis; equal elements share the gradient evenly.</summary>
    public Variable Min(int axis, bool keepDimensions = false) => Min([axis], keepDimensions);

    /// <summary>Returns the smallest element along some axes; equal elements share the gradient evenly.</summary>
    public Variable Min(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        new ExtremumFunction(this, axes.ToArray(), keepDimensions, greatest: false).Apply();

    /// <summary>Computes log sum e^x over all elements, without overflow.</summary>
    public Variable LogSumExp() => LogSumExp(Axes.All(Shape));

    /// <summary>Computes log sum e^x along an axis, without overflow.</summary>
    public Variable LogSumExp(int axis, bool keepDimensions = false) => LogSumExp([axis], keepDimensions);

    /// <summary>Computes log sum e^x along some axes, without overflow.</summary>
    public Variable LogSumExp(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        new LogSumExpFunction(this, axes.ToArray(), keepDimensions).Apply();

    /// <summary>The Euclidean norm, sqrt(sum x^2), of all elements; its gradient at 0 is 0.</summary>
    public Variable Norm() => Norm(Axes.All(Shape));

    /// <summary>The Euclidean norm along an axis; its gradient at 0 is 0.</summary>
    public Variable Norm(int axis, bool keepDimensions = false) => Norm([axis], keepDimensions);

    /// <summary>The Euclidean norm along some axes; its gradient at 0 is 0.</summary>
    /// <remarks>
    /// The squares are summed in single precision: where elements exceed about 1e19 in magnitude, the result is infinite, as in
    /// PyTorch.
    /// </remarks>
    public Variable Norm(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        new NormFunction(this, axes.ToArray(), keepDimensions).Apply();

    /// <summary>The variance of all elements; the overload with several axes has the definition.</summary>
    public Variable Variance() => Variance(Axes.All(Shape));

    /// <summary>The variance along an axis; the overload with several axes has the definition.</summary>
    public Variable Variance(int axis, bool keepDimensions = false, int correction = 0) =>
        Variance([axis], keepDimensions, correction);

    /// <summary>The variance sum (x - mean)^2 / (n - correction) along some axes.</summary>
    /// <remarks>
    /// The squares are summed in single precision: where elements exceed about 1e19 in magnitude, the result is infinite.
    /// </remarks>
    /// <param name="axes">The axes that are reduced; a negative one counts from the end.</param>
    /// <param name="keepDimensions">Whether the reduced axes stay in the result with size 1.</param>
    /// <param name="correction">
    /// The number subtracted from n, at least 0: 0 as in NumPy and in normalisation layers, 1 for the unbiased estimate from a
    /// sample, as in torch.var.
    /// </param>
    /// <exception cref="ArgumentException">Fewer than 1 + correction elements are reduced to each result.</exception>
    public Variable Variance(ReadOnlySpan<int> axes, bool keepDimensions = false, int correction = 0) =>
        new VarianceFunction(this, axes.ToArray(), keepDimensions, correction).Apply();

    /// <summary>The square root of the variance of all elements; its gradient is 0 where they are all equal.</summary>
    public Variable StandardDeviation() => StandardDeviation(Axes.All(Shape));

    /// <summary>
    /// The square root of the variance along an axis; its gradient is 0 where all elements are equal. The overload with several
    /// axes has the definition.
    /// </summary>
    public Variable StandardDeviation(int axis, bool keepDimensions = false, int correction = 0) =>
        StandardDeviation([axis], keepDimensions, correction);

    /// <summary>
    /// The standard deviation sqrt(sum (x - mean)^2 / (n - correction)) along some axes; its gradient is 0 where all elements are
    /// equal.
    /// </summary>
    /// <remarks>
    /// The squares are summed in single precision: where elements exceed about 1e19 in magnitude, the result is infinite. Differs
    /// from torch.std on the CPU, which sums in double precision.
    /// </remarks>
    /// <param name="axes">The axes that are reduced; a negative one counts from the end.</param>
    /// <param name="keepDimensions">Whether the reduced axes stay in the result with size 1.</param>
    /// <param name="correction">
    /// The number subtracted from n, at least 0: 0 as in NumPy, 1 for the unbiased variance of a sample, as in torch.std.
    /// </param>
    /// <exception cref="ArgumentException">Fewer than 1 + correction elements are reduced to each result.</exception>
    public Variable StandardDeviation(ReadOnlySpan<int> axes, bool keepDimensions = false, int correction = 0) =>
        new StandardDeviationFunction(this, axes.ToArray(), keepDimensions, correction).Apply();

    /// <summary>The sum of the squares of all elements.</summary>
    public Variable SumOfSquares() => Square().Sum();

    /// <summary>The sum of the squares along some axes.</summary>
    public Variable SumOfSquares(ReadOnlySpan<int> axes, bool keepDimensions = false) => Square().Sum(axes, keepDimensions);
}
