using SeqCore.Kernels;

namespace SeqCore;

public sealed partial class Tensor
{
    /// <summary>Concatenates tensors along an axis; their other sizes agree.</summary>
    /// <exception cref="ShapeException">A size on another axis differs from that of the first tensor.</exception>
    public static Tensor Concat(ReadOnlySpan<Tensor> tensors, int axis = 0)
    {
        var first = First(tensors, "Concat");
        axis = first.Axis(axis, "Concat");
        long total = 0;
        for (var i = 0; i < tensors.Length; i++)
        {
            SameDevice("Concat", first, tensors[i]);
            if (tensors[i].Rank != first.Rank || !tensors[i].Shape.With(axis, 0).Equals(first.Shape.With(axis, 0)))
            {
                throw ShapeException.Wrong("Concat", $"tensors[{i}]",
                    first.Shape.With(axis, tensors[i].Rank == first.Rank ? tensors[i].Shape[axis] : 1).ToString(),
                    tensors[i].Shape, $"tensors[0] is {first.Shape} and only axis {axis} may differ");
            }

            total += tensors[i].Shape[axis];
        }

        var joined = SizeLimitException.Check("Concat: the joined axis of the result", total);
        var result = Uninitialized(first.Shape.With(axis, joined), first.Backend);
        var start = 0;
        foreach (var tensor in tensors)
        {
            var length = tensor.Shape[axis];
            result.Backend.Copy(tensor.Strided, result.StridedSlice(axis, start, length));
            start += length;
        }

        return result;
    }

    /// <summary>Stacks tensors of one shape along a new axis, which is axis <paramref name="axis"/> of the result.</summary>
    /// <exception cref="ShapeException">The shapes of the tensors differ.</exception>
    public static Tensor Stack(ReadOnlySpan<Tensor> tensors, int axis = 0)
    {
        var first = First(tensors, "Stack");
        if (axis < -first.Rank - 1 || axis > first.Rank)
        {
            throw new ArgumentOutOfRangeException(nameof(axis), axis,
                $"Stack: the result has axes {-first.Rank - 1} to {first.Rank}.");
        }

        axis = axis < 0 ? axis + first.Rank + 1 : axis;
        var sizes = first.Shape.Sizes;
        var result = Uninitialized(new Shape([.. sizes[..axis], tensors.Length, .. sizes[axis..]]), first.Backend);
        for (var i = 0; i < tensors.Length; i++)
        {
            SameDevice("Stack", first, tensors[i]);
            if (!tensors[i].Shape.Equals(first.Shape))
            {
                throw ShapeException.Wrong("Stack", $"tensors[{i}]", first.Shape.ToString(), tensors[i].Shape,
                    "that is the shape of tensors[0]");
            }

            var slot = result.StridedSlice(axis, i, 1);
            result.Backend.Copy(tensors[i].Strided, new StridedSpan(slot.Data, ViewLayouts.Remove(slot.Layout, axis)));
        }

        return result;
    }

    /// <summary>Splits an axis into consecutive parts of the given sizes, which are views.</summary>
    /// <exception cref="ArgumentException">The sizes do not add up to the size of the axis.</exception>
    public Tensor[] Split(ReadOnlySpan<int> sizes, int axis = 0)
    {
        axis = Axis(axis, "Split");
        long total = 0;
        foreach (var size in sizes)
        {
            Number.AtLeast(0, size, "Split", nameof(size));
            total += size;
        }

        if (total != Shape[axis])
        {
            throw new ArgumentException($"Split: the sizes should add up to {Shape[axis]}, axis {axis} of shape {Shape};"
                + $" got ({string.Join(", ", sizes.ToArray())}), which is {total}.");
        }

        var parts = new Tensor[sizes.Length];
        var start = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = Slice(axis, start, sizes[i]);
            start += sizes[i];
        }

        return parts;
    }

    /// <summary>
    /// Splits an axis into consecutive parts of one size, which are views; the last is smaller if the size does not divide the
    /// axis.
    /// </summary>
    public Tensor[] Split(int size, int axis = 0)
    {
        Number.AtLeast(1, size, "Split", nameof(size));
        axis = Axis(axis, "Split");
        var parts = new Tensor[Math.Max(1, (int)((Shape[axis] + (long)size - 1) / size))];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = Slice(axis, i * size, Math.Min(size, Shape[axis] - i * size));
        return parts;
    }

    /// <summary>
    /// Splits an axis into a number of equal parts, which are views, such as the gates of a cell or the heads of attention.
    /// </summary>
    /// <exception cref="ArgumentException">The number of parts does not divide the size of the axis.</exception>
    public Tensor[] Chunk(int count, int axis = 0)
    {
        Number.AtLeast(1, count, "Chunk", nameof(count));
        axis = Axis(axis, "Chunk");
        if (Shape[axis] % count != 0)
        {
            throw new ArgumentException($"Chunk: axis {axis} of shape {Shape} does not divide into {count} equal parts."
                + " Hint: Split takes a size for each.");
        }

        var size = Shape[axis] / count;
        var parts = new Tensor[count];
        for (var i = 0; i < count; i++)
            parts[i] = Slice(axis, i * size, size);
        return parts;
    }

    private static Tensor First(ReadOnlySpan<Tensor> tensors, string operation)
    {
        foreach (var tensor in tensors)
            ArgumentNullException.ThrowIfNull(tensor, nameof(tensors));
        return tensors.IsEmpty
            ? throw new ArgumentException($"{operation}: at least one tensor is needed.", nameof(tensors))
            : tensors[0];
    }

    private static void SameDevice(string operation, Tensor left, Tensor right) =>
        SameDevice(operation, left.Backend, right.Backend);

    internal static void SameDevice(string operation, Backend left, Backend right)
    {
        if (left != right && !left.Device.Equals(right.Device))
        {
            throw new InvalidOperationException(
                $"{operation}: one tensor is on {left.Device}, the other on {right.Device}. Move one of them with To.");
        }
    }
}
