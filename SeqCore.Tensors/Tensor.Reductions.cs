using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore;

// Each reduction has three overloads: over all elements (to a scalar), along one axis, and along any set of axes. The reduced
// axes disappear, or stay with size 1 if keepDimensions is true.
public sealed partial class Tensor
{
    /// <summary>The sum of all elements.</summary>
    public Tensor Sum() => ReduceAll(ReductionKind.Sum, "Sum");

    /// <summary>The sum along an axis.</summary>
    public Tensor Sum(int axis, bool keepDimensions = false) => Reduce(ReductionKind.Sum, [axis], keepDimensions, "Sum");

    /// <summary>The sum along some axes.</summary>
    public Tensor Sum(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        Reduce(ReductionKind.Sum, axes, keepDimensions, "Sum");

    /// <summary>The product of all elements; 1 if there are none.</summary>
    public Tensor Product() => ReduceAll(ReductionKind.Product, "Product");

    /// <summary>The product along an axis, as torch.prod computes it.</summary>
    public Tensor Product(int axis, bool keepDimensions = false) =>
        Reduce(ReductionKind.Product, [axis], keepDimensions, "Product");

    /// <summary>The product along some axes.</summary>
    public Tensor Product(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        Reduce(ReductionKind.Product, axes, keepDimensions, "Product");

    /// <summary>The mean of all elements.</summary>
    public Tensor Mean() => ReduceAll(ReductionKind.Mean, "Mean");

    /// <summary>The mean along an axis.</summary>
    public Tensor Mean(int axis, bool keepDimensions = false) => Reduce(ReductionKind.Mean, [axis], keepDimensions, "Mean");

    /// <summary>The mean along some axes.</summary>
    public Tensor Mean(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        Reduce(ReductionKind.Mean, axes, keepDimensions, "Mean");

    /// <summary>Returns the largest element; NaN if any element is NaN.</summary>
    /// <exception cref="ShapeException">The tensor has no elements.</exception>
    public Tensor Max() => ReduceAll(ReductionKind.Max, "Max");

    /// <summary>Returns the largest element along an axis; NaN if any element is NaN.</summary>
    public Tensor Max(int axis, bool keepDimensions = false) => Reduce(ReductionKind.Max, [axis], keepDimensions, "Max");

    /// <summary>Returns the largest element along some axes; NaN if any element is NaN.</summary>
    public Tensor Max(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        Reduce(ReductionKind.Max, axes, keepDimensions, "Max");

    /// <summary>Returns the smallest element; NaN if any element is NaN.</summary>
    /// <exception cref="ShapeException">The tensor has no elements.</exception>
    public Tensor Min() => ReduceAll(ReductionKind.Min, "Min");

    /// <summary>Returns the smallest element along an axis; NaN if any element is NaN.</summary>
    public Tensor Min(int axis, bool keepDimensions = false) => Reduce(ReductionKind.Min, [axis], keepDimensions, "Min");

    /// <summary>Returns the smallest element along some axes; NaN if any element is NaN.</summary>
    public Tensor Min(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        Reduce(ReductionKind.Min, axes, keepDimensions, "Min");

    /// <summary>Computes log sum e^x over all elements, without overflow.</summary>
    public Tensor LogSumExp() => ReduceAll(ReductionKind.LogSumExp, "LogSumExp");

    /// <summary>Computes log sum e^x along an axis, without overflow.</summary>
    public Tensor LogSumExp(int axis, bool keepDimensions = false) =>
        Reduce(ReductionKind.LogSumExp, [axis], keepDimensions, "LogSumExp");

    /// <summary>Computes log sum e^x along some axes, without overflow.</summary>
    public Tensor LogSumExp(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        Reduce(ReductionKind.LogSumExp, axes, keepDimensions, "LogSumExp");

    /// <summary>The sum of the squares of all elements.</summary>
    public Tensor SumOfSquares() => ReduceAll(ReductionKind.SumOfSquares, "SumOfSquares");

    /// <summary>The sum of the squares along some axes.</summary>
    public Tensor SumOfSquares(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
        Reduce(ReductionKind.SumOfSquares, axes, keepDimensions, "SumOfSquares");

    /// <summary>The Euclidean norm, sqrt(sum x^2), of all elements.</summary>
    public Tensor Norm() => Norm(AllAxes());

    /// <summary>The Euclidean norm, sqrt(sum x^2), along an axis.</summary>
    public Tensor Norm(int axis, bool keepDimensions = false) => Norm([axis], keepDimensions);

    /// <summary>The Euclidean norm, sqrt(sum x^2), along some axes.</summary>
    /// <remarks>
    /// The squares are summed in single precision: where elements exceed about 1e19 in magnitude, the result is infinite, as in
    /// PyTorch.
    /// </remarks>
    public Tensor Norm(ReadOnlySpan<int> axes, bool keepDimensions = false)
    {
        var result = Reduce(ReductionKind.SumOfSquares, axes, keepDimensions, "Norm");
        result.MapInPlace(new SqrtOperation());
        return result;
    }

    /// <summary>The variance of all elements; the overload with several axes has the definition.</summary>
    public Tensor Variance() => Variance(AllAxes());

    /// <summary>The variance along an axis; the overload with several axes has the definition.</summary>
    public Tensor Variance(int axis, bool keepDimensions = false, int correction = 0) =>
        Variance([axis], keepDimensions, correction);

    /// <summary>The variance sum (x - mean)^2 / (n - correction) along some axes, in two passes.</summary>
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
    public Tensor Variance(ReadOnlySpan<int> axes, bool keepDimensions = false, int correction = 0) =>
        Variance("Variance", axes, keepDimensions, correction);

    private Tensor Variance(string operation, ReadOnlySpan<int> axes, bool keepDimensions, int correction)
    {
        Number.AtLeast(0, correction, operation, nameof(correction));
        using var mean = Reduce(ReductionKind.Mean, axes, true, operation);
        using var centred = this - mean;
        var result = centred.Reduce(ReductionKind.SumOfSquares, axes, keepDimensions, operation);
        if (result.ElementCount == 0)
            return result;
        var count = ElementCount / result.ElementCount;
        if (correction > 0 && count <= correction)
        {
            throw new ArgumentException($"{operation}: with correction {correction}, at least {correction + 1} elements should be"
                + $" reduced at a time; got {count} of shape {Shape}. Use correction 0 or more elements.", nameof(correction));
        }

        result.MapInPlace(new WithRight<DivideOperation>(count - correction));
        return result;
    }

    /// <summary>The square root of the variance of all elements.</summary>
    public Tensor StandardDeviation() => StandardDeviation(AllAxes());

    /// <summary>The square root of the variance along an axis.</summary>
    public Tensor StandardDeviation(int axis, bool keepDimensions = false, int correction = 0) =>
        StandardDeviation([axis], keepDimensions, correction);

    /// <summary>The standard deviation sqrt(sum (x - mean)^2 / (n - correction)) along some axes.</summary>
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
    public Tensor StandardDeviation(ReadOnlySpan<int> axes, bool keepDimensions = false, int correction = 0)
    {
        var result = Variance("StandardDeviation", axes, keepDimensions, correction);
        result.MapInPlace(new SqrtOperation());
        return result;
    }

    /// <summary>
    /// Returns the index of the largest element along an axis, the first of equal ones or the last; NaN counts as the largest.
    /// </summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="keepDimensions">Whether the axis stays in the result with size 1.</param>
    /// <param name="last">Whether the last of equal elements counts, as with <c>select_last_index</c> of ONNX.</param>
    /// <exception cref="ShapeException">The axis has no elements.</exception>
    public IndexTensor ArgMax(int axis = -1, bool keepDimensions = false, bool last = false) =>
        ArgMax("ArgMax", axis, keepDimensions, last);

    /// <summary>
    /// Returns the index of the smallest element along an axis, the first of equal ones or the last; NaN counts as the smallest.
    /// </summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="keepDimensions">Whether the axis stays in the result with size 1.</param>
    /// <param name="last">Whether the last of equal elements counts, as with <c>select_last_index</c> of ONNX.</param>
    /// <exception cref="ShapeException">The axis has no elements.</exception>
    public IndexTensor ArgMin(int axis = -1, bool keepDimensions = false, bool last = false)
    {
        using var negative = -this;
        return negative.ArgMax("ArgMin", axis, keepDimensions, last);
    }

    private IndexTensor ArgMax(string name, int axis, bool keepDimensions, bool last)
    {
        axis = Axis(axis, name);
        if (Shape[axis] == 0)
            throw ShapeException.Wrong(name, "tensor", $"with elements on axis {axis}", Shape);
        var shape = keepDimensions ? Shape.With(axis, 1) : Reduced([axis]);
        var result = IndexTensor.Uninitialized(shape, Backend);
        Backend.ArgMax(Strided, axis, result.Span, last);
        return result;
    }

    /// <summary>
    /// Sums over the axes along which the given shape was broadcast to this one; returns this tensor itself if the shapes are
    /// equal.
    /// </summary>
    /// <exception cref="ShapeException">The given shape does not broadcast to this one.</exception>
    public Tensor SumTo(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Equals(Shape))
            return this;
        var fits = shape.Rank <= Rank;
        Span<int> kept = stackalloc int[Rank];
        kept.Fill(1);
        for (var i = 1; fits && i <= shape.Rank; i++)
        {
            kept[^i] = shape[-i];
            fits = shape[-i] == Shape[-i] || shape[-i] == 1;
        }

        if (!fits)
            throw ShapeException.Wrong("SumTo", "shape", $"that broadcasts to {Shape}", shape);
        var result = Uninitialized(shape, Backend);
        Backend.Reduce(ReductionKind.Sum, Strided, new StridedSpan(result.Span, Layout.Contiguous(kept)));
        return result;
    }

    private Tensor ReduceAll(ReductionKind kind, string name) => Reduce(kind, AllAxes(), false, name);

    internal Tensor Reduce(ReductionKind kind, ReadOnlySpan<int> axes, bool keepDimensions, string name)
    {
        Span<int> kept = stackalloc int[Rank];
        KeptSizes(axes, name, kind is ReductionKind.Max or ReductionKind.Min, kept);
        var result = Uninitialized(keepDimensions ? new Shape(kept) : Reduced(axes), Backend);
        Backend.Reduce(kind, Strided, new StridedSpan(result.Span, Layout.Contiguous(kept)));
        return result;
    }

    /// <summary>Writes the sizes, with 1 on the axes that are reduced.</summary>
    internal void KeptSizes(ReadOnlySpan<int> axes, string name, bool needsElements, Span<int> kept)
    {
        Shape.Sizes.CopyTo(kept);
        Span<bool> reduced = stackalloc bool[Rank];
        reduced.Clear();
        foreach (var axis in axes)
        {
            var a = Axis(axis, name);
            if (reduced[a])
                throw new ArgumentException($"{name}: axis {a} is named twice; got ({string.Join(", ", axes.ToArray())}).");
            if (Shape[a] == 0 && needsElements)
                throw ShapeException.Wrong(name, "tensor", $"with elements on axis {a}", Shape);
            reduced[a] = true;
            kept[a] = 1;
        }
    }

    internal Shape Reduced(ReadOnlySpan<int> axes)
    {
        if (axes.Length == Rank)
            return Shape.Scalar;
        Span<int> sizes = stackalloc int[Rank];
        var rank = 0;
        for (var i = 0; i < Rank; i++)
        {
            if (axes.IndexOf(i) < 0 && axes.IndexOf(i - Rank) < 0)
                sizes[rank++] = Shape[i];
        }

        return new Shape(sizes[..rank]);
    }

    private ReadOnlySpan<int> AllAxes() => AxisNumbers.AsSpan(0, Rank);

    internal static readonly int[] AxisNumbers = [0, 1, 2, 3, 4, 5, 6, 7];
}
