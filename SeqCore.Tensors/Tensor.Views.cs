using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

// Views share the memory: a write through one is visible through all. None of these methods copies, except a Reshape that
// must.
public sealed partial class Tensor
{
    /// <summary>Returns the same elements in another shape: a view where the layout allows it, else a copy.</summary>
    /// <exception cref="ShapeException">The shape has another number of elements than the tensor.</exception>
    public Tensor Reshape(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (ReferenceEquals(shape, Shape))
            return View(shape, layout, offset);
        if (shape.ElementCount != ElementCount)
        {
            throw ShapeException.Wrong("Reshape", "result", $"of {Counted.Of(ElementCount, "element")}", shape,
                $"the tensor has shape {Shape}");
        }

        if (ViewLayouts.Reshape(layout, shape.Sizes) is { } view)
            return View(shape, view, offset);
        var result = Uninitialized(shape, Backend);
        Backend.Copy(Strided, new StridedSpan(result.Span, Layout.Contiguous(Shape.Sizes)));
        return result;
    }

    /// <summary>Returns the same elements in another shape; one size may be -1, which is inferred from the others.</summary>
    /// <exception cref="ShapeException">The sizes give another number of elements, or no size fits the -1.</exception>
    /// <exception cref="ArgumentException">Several sizes are -1, or one is less.</exception>
    [OverloadResolutionPriority(1)]
    public Tensor Reshape(params ReadOnlySpan<int> sizes)
    {
        var open = sizes.IndexOf(-1);
        if (open < 0)
            return Reshape(new Shape(sizes));
        if (sizes.LastIndexOf(-1) != open)
        {
            throw new ArgumentException("Reshape: only one size may be -1, which is inferred from the others;"
                + $" got ({string.Join(", ", sizes.ToArray())}).", nameof(sizes));
        }

        Span<int> filled = stackalloc int[Math.Min(sizes.Length, Layout.MaxRank + 1)];
        sizes[..filled.Length].CopyTo(filled);
        filled[open] = 1;
        var rest = new Shape(filled).ElementCount;
        if (rest == 0 || ElementCount % rest != 0)
        {
            throw ShapeException.Wrong("Reshape", "result", $"of {Counted.Of(ElementCount, "element")}", new Shape(filled),
                $"the tensor has shape {Shape}",
                $"no size for the -1 on axis {open} (1 in the shape above) gives that number.");
        }

        filled[open] = ElementCount / rest;
        return Reshape(new Shape(filled));
    }

    /// <summary>
    /// Merges all axes into one, in row-major order, or only the axes from <paramref name="firstAxis"/> to
    /// <paramref name="lastAxis"/>.
    /// </summary>
    public Tensor Flatten(int firstAxis = 0, int lastAxis = -1)
    {
        if (Rank == 0)
            return Reshape(new Shape(1));
        var first = Axis(firstAxis, "Flatten");
        var last = Axis(lastAxis, "Flatten");
        if (first > last)
        {
            throw new ArgumentException("Flatten: the first axis should not be after the last;"
                + $" got {firstAxis} and {lastAxis} of shape {Shape}.");
        }

        var size = 1;
        foreach (var s in Shape.Sizes[first..(last + 1)])
            size *= s;
        return Reshape(new Shape([.. Shape.Sizes[..first], size, .. Shape.Sizes[(last + 1)..]]));
    }

    /// <summary>Exchanges two axes.</summary>
    public Tensor Transpose(int axisA, int axisB)
    {
        Span<int> order = stackalloc int[Rank];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        (axisA, axisB) = (Axis(axisA, "Transpose"), Axis(axisB, "Transpose"));
        (order[axisA], order[axisB]) = (axisB, axisA);
        return View(ViewLayouts.Permute(layout, order));
    }

    /// <summary>Exchanges the last two axes: the transpose of a matrix, or of each matrix in a batch.</summary>
    /// <exception cref="ShapeException">The tensor has fewer than two axes.</exception>
    public Tensor Transpose() => Rank >= 2
        ? Transpose(-2, -1)
        : throw ShapeException.Wrong("Transpose", "tensor", "(..., rows, columns)", Shape, null,
            "a vector has one axis; insert another with Unsqueeze.");

    /// <summary>Reorders the axes: axis i of the result is axis <c>order[i]</c> of this tensor.</summary>
    /// <exception cref="ArgumentException">The order does not contain every axis once.</exception>
    public Tensor Permute(params ReadOnlySpan<int> order)
    {
        Span<int> axes = stackalloc int[Rank];
        Span<bool> seen = stackalloc bool[Rank];
        seen.Clear();
        var valid = order.Length == Rank;
        for (var i = 0; valid && i < Rank; i++)
        {
            axes[i] = Axis(order[i], "Permute");
            valid = !seen[axes[i]];
            seen[axes[i]] = true;
        }

        return valid
            ? View(ViewLayouts.Permute(layout, axes))
            : throw new ArgumentException($"Permute: the order should contain each of the {Rank} axes of shape {Shape} once;"
                + $" got ({string.Join(", ", order.ToArray())}).");
    }

    /// <summary>Takes <paramref name="length"/> elements of one axis: start, start + step, ...</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="start">The index of the first element taken.</param>
    /// <param name="length">The number of elements that the result has on this axis.</param>
    /// <param name="step">The distance between the elements taken, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not all lie on the axis.</exception>
    public Tensor Slice(int axis, int start, int length, int step = 1)
    {
        axis = Axis(axis, "Slice");
        CheckSlice(axis, start, length, step);
        return View(ViewLayouts.Slice(layout, axis, length, step), length == 0 ? 0 : start * layout.Stride(axis));
    }

    /// <summary>Takes one element of an axis; the result does not have this axis.</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="index">The index of the element; a negative one counts from the end.</param>
    public Tensor Select(int axis, int index)
    {
        axis = Axis(axis, "Select");
        var size = Shape[axis];
        if (index < -size || index >= size)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index,
                $"Select: axis {axis} of shape {Shape} has indices {-size} to {size - 1}.");
        }

        return View(ViewLayouts.Remove(layout, axis), (index < 0 ? index + size : index) * layout.Stride(axis));
    }

    /// <summary>Repeats the tensor along axes of size 1 and along new leading axes, without copying.</summary>
    /// <exception cref="ShapeException">The tensor does not broadcast to this shape.</exception>
    public Tensor BroadcastTo(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        CheckBroadcast(shape, "BroadcastTo");
        return View(shape, ViewLayouts.Broadcast(layout, shape.Sizes), offset);
    }

    /// <summary>Repeats the tensor along axes of size 1, without copying; a size of -1 keeps the axis as it is.</summary>
    /// <exception cref="ShapeException">The tensor does not broadcast to this shape.</exception>
    public Tensor Expand(params ReadOnlySpan<int> sizes)
    {
        Span<int> target = stackalloc int[Math.Min(sizes.Length, Layout.MaxRank + 1)];
        for (var i = 0; i < target.Length; i++)
        {
            var own = i - sizes.Length + Rank;
            target[i] = sizes[i] == -1 && own >= 0 ? Shape[own] : sizes[i];
        }

        return BroadcastTo(new Shape(target));
    }

    /// <summary>Removes one axis of size 1.</summary>
    /// <exception cref="ShapeException">The axis has another size.</exception>
    public Tensor Squeeze(int axis)
    {
        axis = Axis(axis, "Squeeze");
        return Shape[axis] == 1
            ? View(ViewLayouts.Remove(layout, axis))
            : throw ShapeException.Wrong("Squeeze", "tensor", Shape.With(axis, 1).ToString(), Shape,
                $"axis {axis} is to be removed");
    }

    /// <summary>Removes all axes of size 1.</summary>
    public Tensor Squeeze()
    {
        Span<int> order = stackalloc int[Rank];
        var count = 0;
        for (var i = 0; i < Rank; i++)
        {
            if (Shape[i] != 1)
                order[count++] = i;
        }

        return View(ViewLayouts.Permute(layout, order[..count]));
    }

    /// <summary>Inserts an axis of size 1, which is axis <paramref name="axis"/> of the result.</summary>
    public Tensor Unsqueeze(int axis)
    {
        if (axis < -Rank - 1 || axis > Rank)
            throw new ArgumentOutOfRangeException(nameof(axis), axis, $"Unsqueeze: the result has axes {-Rank - 1} to {Rank}.");
        if (Rank == Layout.MaxRank)
        {
            throw new ArgumentException($"Unsqueeze: a tensor has at most {Layout.MaxRank} axes,"
                + $" which shape {Shape} has already.");
        }

        return View(ViewLayouts.Insert(layout, axis < 0 ? axis + Rank + 1 : axis));
    }

    private Tensor View(in Layout view, int skip = 0) => View(ViewLayouts.ShapeOf(view), view, offset + skip);

    /// <summary>The strided elements, broadcast to a shape that has been checked.</summary>
    private StridedSpan StridedAs(Shape shape)
    {
        var strided = Strided;
        return ReferenceEquals(shape, Shape) || shape.Equals(Shape)
            ? strided
            : new StridedSpan(strided.Data, ViewLayouts.Broadcast(layout, shape.Sizes));
    }

    /// <summary>The strided elements of a part of one axis.</summary>
    private StridedSpan StridedSlice(int axis, int start, int length)
    {
        var strided = Strided;
        var view = ViewLayouts.Slice(layout, axis, length);
        if (view.Count == 0)
            return new StridedSpan(strided.Data.Slice(0, 0), view);
        var skip = start * layout.Stride(axis);
        return new StridedSpan(strided.Data.Slice(skip, strided.Data.Length - skip), view);
    }

    private int Axis(int axis, string operation)
    {
        if (axis < -Rank || axis >= Rank)
            throw new ArgumentOutOfRangeException(nameof(axis), axis, Rank == 0
                ? $"{operation}: a scalar has no axes."
                : $"{operation}: a tensor of shape {Shape} has axes {-Rank} to {Rank - 1}.");
        return axis < 0 ? axis + Rank : axis;
    }

    private void CheckSlice(int axis, int start, int length, int step)
    {
        Number.AtLeast(1, step, "Slice", nameof(step));
        var last = start + (length - 1L) * step;
        if (start < 0 || length < 0 || start > Shape[axis] || (length > 0 && last >= Shape[axis]))
        {
            throw new ArgumentOutOfRangeException(nameof(start), start,
                $"Slice: axis {axis} of shape {Shape} has no {Counted.Of(length, "element")} from"
                    + $" {start}{(step == 1 ? "" : $" in steps of {step}")}.");
        }
    }

    private void CheckBroadcast(Shape shape, string operation)
    {
        var fits = Rank <= shape.Rank;
        for (var i = 1; fits && i <= Rank; i++)
            fits = Shape[-i] == shape[-i] || Shape[-i] == 1;
        if (!fits)
        {
            throw ShapeException.Wrong(operation, "tensor", $"that broadcasts to {shape}", Shape, null,
                "sizes agree from the last axis on, or are 1.");
        }
    }
}
