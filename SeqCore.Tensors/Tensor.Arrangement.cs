using SeqCore.Kernels;

namespace SeqCore;

// These operations move or repeat elements without changing them. All make new tensors.
public sealed partial class Tensor
{
    /// <summary>
    /// Reverses the order of the elements along some axes, as torch.flip and numpy.flip do; along all if none is named.
    /// </summary>
    /// <param name="axes">The axes; a negative one counts from the end.</param>
    /// <exception cref="ArgumentException">An axis is named twice.</exception>
    public Tensor Flip(params ReadOnlySpan<int> axes)
    {
        if (axes.IsEmpty)
            axes = AllAxes();
        CheckOnce(axes, "Flip");
        Tensor? result = null;
        foreach (var axis in axes)
        {
            var size = Shape[axis];
            if (size < 2)
                continue;
            var reversed = new int[size];
            for (var i = 0; i < size; i++)
                reversed[i] = size - 1 - i;
            using var indices = IndexTensor.FromArray(reversed, Backend);
            using var before = result;
            result = (before ?? this).Gather(indices, axis);
        }

        return result ?? Copy();
    }

    /// <summary>
    /// Moves the elements along an axis by a number of places, those pushed beyond the end to the beginning: y_((i + shift) mod
    /// n) = x_i, as torch.roll and numpy.roll do.
    /// </summary>
    /// <param name="shift">The number of places; a negative one moves to the beginning.</param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    public Tensor Roll(int shift, int axis)
    {
        axis = Axis(axis, "Roll");
        var size = Shape[axis];
        if (size == 0)
            return Copy();
        var first = (int)(((long)shift % size + size) % size);
        using var end = Slice(axis, size - first, first);
        using var start = Slice(axis, 0, size - first);
        return Concat([end, start], axis);
    }

    /// <summary>Puts a constant before and after the elements of an axis, as numpy.pad and torch.nn.functional.pad do.</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="before">The number of elements before, at least 0.</param>
    /// <param name="after">The number of elements after, at least 0.</param>
    /// <param name="value">The constant.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative; Slice cuts elements off.</exception>
    public Tensor Pad(int axis, int before, int after, float value = 0f)
    {
        Span<(int Before, int After)> padding = stackalloc (int, int)[Rank];
        padding.Clear();
        padding[Axis(axis, "Pad")] = (before, after);
        return Pad(padding, value);
    }

    /// <summary>
    /// Puts a constant before and after the elements of each axis, as numpy.pad does. (torch.nn.functional.pad has the numbers of
    /// the last axis first.)
    /// </summary>
    /// <param name="padding">The numbers of elements before and after, at least 0, one pair for each axis from the first.</param>
    /// <param name="value">The constant.</param>
    /// <exception cref="ArgumentException">There is not one pair for each axis.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative; Slice cuts elements off.</exception>
    public Tensor Pad(ReadOnlySpan<(int Before, int After)> padding, float value = 0f)
    {
        if (padding.Length != Rank)
        {
            throw new ArgumentException($"Pad: shape {Shape} needs {Counted.Of(Rank, "pair")} of numbers, one for each axis;"
                + $" got {padding.Length}.", nameof(padding));
        }

        Span<int> sizes = stackalloc int[Rank];
        for (var i = 0; i < Rank; i++)
        {
            var (before, after) = padding[i];
            Number.AtLeast(0, before, "Pad", nameof(before));
            Number.AtLeast(0, after, "Pad", nameof(after));
            sizes[i] = SizeLimitException.Check($"Pad: axis {i} of the result", (long)Shape[i] + before + after);
        }

        var result = Full(new Shape(sizes), value, Backend);
        using var inner = result.Unpadded(padding, Shape);
        inner.CopyFrom(this);
        return result;
    }

    /// <summary>Returns a view of the elements inside the padding.</summary>
    private Tensor Unpadded(ReadOnlySpan<(int Before, int After)> padding, Shape shape)
    {
        var skip = 0;
        Span<int> strides = stackalloc int[Rank];
        for (var i = 0; i < Rank; i++)
        {
            strides[i] = layout.Stride(i);
            skip += padding[i].Before * strides[i];
        }

        return View(shape, new Layout(shape.Sizes, strides), offset + skip);
    }

    /// <summary>
    /// Repeats the whole tensor along each axis, as numpy.tile and torch.tile do: (1, 2) tiled 2 times is (1, 2, 1, 2). Missing
    /// leading numbers are 1, missing leading axes are inserted.
    /// </summary>
    /// <param name="counts">The numbers of repetitions, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="SizeLimitException">The result would have too many elements.</exception>
    public Tensor Tile(params ReadOnlySpan<int> counts)
    {
        var result = View(layout);
        while (result.Rank < counts.Length)
            result = Replaced(result, result.Unsqueeze(0));
        for (var i = 1; i <= counts.Length; i++)
        {
            if (counts[^i] != 1)
                result = Replaced(result, result.Tiled(counts[^i], result.Rank - i));
        }

        return result.buffer == buffer ? Replaced(result, result.Copy()) : result;
    }

    /// <summary>
    /// Repeats each element along an axis, as torch.repeat_interleave and numpy.repeat do: (1, 2) repeated 2 times is (1, 1, 2,
    /// 2). (The method <c>repeat</c> of PyTorch's tensors is <see cref="Tile"/>.)
    /// </summary>
    /// <param name="count">The number of repetitions, at least 0.</param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="SizeLimitException">The result would have too many elements.</exception>
    public Tensor Repeat(int count, int axis)
    {
        Number.AtLeast(0, count, "Repeat", nameof(count));
        var size = Shape[Axis(axis, "Repeat")];
        var length = SizeLimitException.Check($"Repeat: axis {axis} of the result", (long)size * count);
        var places = HostArray.New<int>("Repeat", length);
        for (var i = 0; i < places.Length; i++)
            places[i] = i / count;
        using var indices = IndexTensor.FromArray(places, Backend);
        return Gather(indices, axis);
    }

    /// <summary>
    /// Repeats each element along an axis by a number of its own, as torch.repeat_interleave and numpy.repeat do: (1, 2, 3)
    /// repeated (2, 0, 1) times is (1, 1, 3).
    /// </summary>
    /// <param name="counts">The numbers of repetitions, at least 0, one for each element of the axis.</param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <exception cref="ShapeException">There is not one number for each element of the axis.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="SizeLimitException">The result would have too many elements.</exception>
    public Tensor Repeat(ReadOnlySpan<int> counts, int axis)
    {
        axis = Axis(axis, "Repeat");
        if (counts.Length != Shape[axis])
        {
            throw ShapeException.Wrong("Repeat", "counts", $"({Shape[axis]},)", new Shape(counts.Length),
                $"axis {axis} of {Shape} has {Counted.Of(Shape[axis], "element")}");
        }

        long length = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] < 0)
                throw new ArgumentOutOfRangeException(nameof(counts), counts[i], $"Repeat: count {i} should be at least 0.");
            length += counts[i];
        }

        var places = HostArray.New<int>("Repeat", SizeLimitException.Check($"Repeat: axis {axis} of the result", length));
        var end = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            places.AsSpan(end, counts[i]).Fill(i);
            end += counts[i];
        }

        using var indices = IndexTensor.FromArray(places, Backend);
        return Gather(indices, axis);
    }

    /// <summary>
    /// Returns the elements on and below a diagonal of each matrix in the last two axes, and 0 elsewhere, as torch.tril and
    /// numpy.tril do: those where column &lt;= row + diagonal.
    /// </summary>
    /// <param name="diagonal">The diagonal: 0 is the main one, positive ones are above it.</param>
    /// <exception cref="ShapeException">The tensor has fewer than two axes.</exception>
    public Tensor LowerTriangle(int diagonal = 0) => Triangle("LowerTriangle", diagonal, (column, last) => column > last);

    /// <summary>
    /// Returns the elements on and above a diagonal of each matrix in the last two axes, and 0 elsewhere, as torch.triu and
    /// numpy.triu do: those where column &gt;= row + diagonal.
    /// </summary>
    /// <param name="diagonal">The diagonal: 0 is the main one, positive ones are above it.</param>
    /// <exception cref="ShapeException">The tensor has fewer than two axes.</exception>
    public Tensor UpperTriangle(int diagonal = 0) => Triangle("UpperTriangle", diagonal, (column, first) => column < first);

    /// <summary>Repeats an axis as a whole, in a copy.</summary>
    private Tensor Tiled(int count, int axis)
    {
        Number.AtLeast(0, count, "Tile", nameof(count));
        int outerSize = 1, innerSize = 1;
        for (var i = 0; i < Rank; i++)
        {
            if (i < axis)
                outerSize *= Shape[i];
            else if (i > axis)
                innerSize *= Shape[i];
        }

        var size = Shape[axis];
        var shape = Shape.With(axis, SizeLimitException.Check($"Tile: axis {axis} of the result", (long)size * count));
        using var parts = Reshape(outerSize, 1, size * innerSize);
        using var repeated = parts.Expand(-1, count, -1);
        var result = Uninitialized(shape, Backend);
        using var target = result.Reshape(repeated.Shape);
        target.CopyFrom(repeated);
        return result;
    }

    /// <summary>Writes 0 where a column lies on the other side of the diagonal's column in the same row.</summary>
    private Tensor Triangle(string operation, int diagonal, Func<Tensor, Tensor, BoolTensor> isOutside)
    {
        if (Rank < 2)
            throw ShapeException.Wrong(operation, "tensor", "(..., rows, columns)", Shape);
        int rows = Shape[-2], columns = Shape[-1];
        using var numbers = Arange(rows, Backend);
        numbers.AddInPlace(Math.Clamp(diagonal, -rows, columns));
        using var onDiagonal = numbers.Unsqueeze(1);
        using var column = Arange(columns, Backend);
        using var outside = isOutside(column, onDiagonal);
        return MaskedFill(outside, 0f);
    }

    private static Tensor Replaced(Tensor old, Tensor with)
    {
        if (!ReferenceEquals(old, with))
            old.Dispose();
        return with;
    }

    private void CheckOnce(ReadOnlySpan<int> axes, string operation)
    {
        Span<bool> named = stackalloc bool[Rank];
        named.Clear();
        foreach (var axis in axes)
        {
            var a = Axis(axis, operation);
            if (named[a])
                throw new ArgumentException($"{operation}: axis {a} is named twice; got ({string.Join(", ", axes.ToArray())}).");
            named[a] = true;
        }
    }
}
