using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore;

// Views share the memory: writing in place through one is seen through all. None of these copies, except a Reshape that must.
public sealed partial class Tensor
{
    /// <summary>The same elements in another shape: a view where the layout allows, else a copy.</summary>
    /// <exception cref="ShapeException">The shape has another number of elements.</exception>
    public Tensor Reshape(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.ElementCount != ElementCount)
        {
            throw ShapeException.Wrong("Reshape", "result", $"of {ElementCount} elements", shape,
                $"the tensor has shape {Shape}");
        }

        if (ViewLayouts.Reshape(layout, shape.Sizes) is { } view)
            return View(shape, view, offset);
        var result = Uninitialized(shape, Backend);
        Backend.Copy(Strided, new StridedSpan(result.Span, Layout.Contiguous(Shape.Sizes)));
        return result;
    }

    /// <summary>The same elements in another shape; one size may be -1, which stands for whatever is left.</summary>
    /// <exception cref="ShapeException">The sizes make another number of elements, or none fits the -1.</exception>
    [OverloadResolutionPriority(1)]
    public Tensor Reshape(params ReadOnlySpan<int> sizes)
    {
        var open = sizes.IndexOf(-1);
        if (open < 0)
            return Reshape(new Shape(sizes));
        Span<int> filled = stackalloc int[Math.Min(sizes.Length, Layout.MaxRank + 1)];
        sizes[..filled.Length].CopyTo(filled);
        filled[open] = 1;
        var rest = new Shape(filled).ElementCount;
        if (rest == 0 || ElementCount % rest != 0)
        {
            throw ShapeException.Wrong("Reshape", "result", $"of {ElementCount} elements", new Shape(filled),
                $"the tensor has shape {Shape}",
                $"no size in place of the -1 on axis {open} (taken as 1 here) makes that number.");
        }

        filled[open] = ElementCount / rest;
        return Reshape(new Shape(filled));
    }

    /// <summary>
    /// All elements on one axis, in row-major order; or only the axes from <paramref name="firstAxis"/> to
    /// <paramref name="lastAxis"/> made one.
    /// </summary>
    public Tensor Flatten(int firstAxis = 0, int lastAxis = -1)
    {
        if (Rank == 0)
            return Reshape(new Shape(1));
        var first = Axis(firstAxis, "Flatten");
        var last = Axis(lastAxis, "Flatten");
        if (first > last)
        {
            throw new ArgumentException("Flatten: the first axis should not come after the last;"
                + $" got {firstAxis} and {lastAxis} of shape {Shape}.");
        }

        var size = 1;
        foreach (var s in Shape.Sizes[first..(last + 1)])
            size *= s;
        return Reshape(new Shape([.. Shape.Sizes[..first], size, .. Shape.Sizes[(last + 1)..]]));
    }

    /// <summary>Two axes exchanged.</summary>
    public Tensor Transpose(int axisA, int axisB)
    {
        Span<int> order = stackalloc int[Rank];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        (axisA, axisB) = (Axis(axisA, "Transpose"), Axis(axisB, "Transpose"));
        (order[axisA], order[axisB]) = (axisB, axisA);
        return View(ViewLayouts.Permute(layout, order));
    }

    /// <summary>The last two axes exchanged: the transpose of a matrix, or of each one in a batch.</summary>
    /// <exception cref="ShapeException">The tensor has fewer than two axes.</exception>
    public Tensor Transpose() => Rank >= 2
        ? Transpose(-2, -1)
        : throw ShapeException.Wrong("Transpose", "tensor", "(..., rows, columns)", Shape, null,
            "a vector has one axis; insert another with Unsqueeze.");

    /// <summary>Axes in another order: axis i of the result is axis <c>order[i]</c> of this tensor.</summary>
    /// <exception cref="ArgumentException">The order does not name every axis once.</exception>
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
            : throw new ArgumentException($"Permute: the order should name each of the {Rank} axes of shape {Shape} once;"
                + $" got ({string.Join(", ", order.ToArray())}).");
    }

    /// <summary>Elements start, start + step, ... of one axis: <paramref name="length"/> of them.</summary>
    /// <param name="axis">Which axis; negative counts from the end.</param>
    /// <param name="start">The first element taken.</param>
    /// <param name="length">How many elements the result has on this axis.</param>
    /// <param name="step">Distance between them, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not all lie on the axis.</exception>
    public Tensor Slice(int axis, int start, int length, int step = 1)
    {
        axis = Axis(axis, "Slice");
        CheckSlice(axis, start, length, step);
        return View(ViewLayouts.Slice(layout, axis, length, step), length == 0 ? 0 : start * layout.Stride(axis));
    }

    /// <summary>One element of an axis, which disappears.</summary>
    /// <param name="axis">Which axis; negative counts from the end.</param>
    /// <param name="index">Which element; negative counts from the end.</param>
    public Tensor Select(int axis, int index)
    {
        axis = Axis(axis, "Select");
        var size = Shape[axis];
        if (index < -size || index >= size)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index,
                $"Select: axis {axis} of shape {Shape} has the indices {-size} to {size - 1}.");
        }

        return View(ViewLayouts.Remove(layout, axis), (index < 0 ? index + size : index) * layout.Stride(axis));
    }

    /// <summary>The tensor repeated, without copying, along axes of size 1 and along new axes in front.</summary>
    /// <exception cref="ShapeException">The shape cannot be reached by broadcasting.</exception>
    public Tensor BroadcastTo(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        CheckBroadcast(shape, "BroadcastTo");
        return View(shape, ViewLayouts.Broadcast(layout, shape.Sizes), offset);
    }

    /// <summary>The tensor repeated along axes of size 1; a size of -1 keeps the axis as it is.</summary>
    /// <exception cref="ShapeException">The shape cannot be reached by broadcasting.</exception>
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

    /// <summary>The tensor without one axis of size 1.</summary>
    /// <exception cref="ShapeException">The axis has another size.</exception>
    public Tensor Squeeze(int axis)
    {
        axis = Axis(axis, "Squeeze");
        return Shape[axis] == 1
            ? View(ViewLayouts.Remove(layout, axis))
            : throw ShapeException.Wrong("Squeeze", "tensor", Shape.With(axis, 1).ToString(), Shape,
                $"axis {axis} is to be left out");
    }

    /// <summary>The tensor without any axis of size 1.</summary>
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

    /// <summary>The tensor with a new axis of size 1; afterwards it is axis <paramref name="axis"/> of the result.</summary>
    public Tensor Unsqueeze(int axis)
    {
        if (axis < -Rank - 1 || axis > Rank)
            throw new ArgumentOutOfRangeException(nameof(axis), axis, $"Unsqueeze: the result has axes {-Rank - 1} to {Rank}.");
        if (Rank == Layout.MaxRank)
        {
            throw new ArgumentException($"Unsqueeze: a tensor has at most {Layout.MaxRank} axes,"
                + $" and shape {Shape} has them all.");
        }

        return View(ViewLayouts.Insert(layout, axis < 0 ? axis + Rank + 1 : axis));
    }

    private Tensor View(in Layout view, int skip = 0) => View(ViewLayouts.ShapeOf(view), view, offset + skip);

    /// <summary>The elements as a kernel sees them when they are broadcast to a shape that has been checked.</summary>
    private StridedSpan StridedAs(Shape shape)
    {
        var strided = Strided;
        return ReferenceEquals(shape, Shape) || shape.Equals(Shape)
            ? strided
            : new StridedSpan(strided.Data, ViewLayouts.Broadcast(layout, shape.Sizes));
    }

    /// <summary>Part of one axis, as a kernel sees it.</summary>
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
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        var last = start + (length - 1L) * step;
        if (start < 0 || length < 0 || start > Shape[axis] || (length > 0 && last >= Shape[axis]))
        {
            throw new ArgumentOutOfRangeException(nameof(start), start,
                $"Slice: axis {axis} of shape {Shape} has no {length} elements from"
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
