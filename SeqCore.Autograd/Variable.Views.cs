using System.Runtime.CompilerServices;
using SeqCore.Functions;

namespace SeqCore;

// Views share the memory of what they view, as those of a tensor do.
public partial class Variable
{
    /// <summary>
    /// The elements that the indices and ranges name, one for each axis from the first; an index drops its axis.
    /// </summary>
    public Variable this[params ReadOnlySpan<TensorIndex> indices]
    {
        get
        {
            var kept = indices.ToArray();
            return new SliceFunction(this, t => t[kept]).Apply();
        }
    }

    /// <summary>The same elements in row-major order under another shape.</summary>
    /// <exception cref="ShapeException">The shape has another number of elements.</exception>
    public Variable Reshape(Shape shape) => new ReshapeFunction(this, x => x.Reshape(shape)).Apply();

    /// <summary>The same elements under another shape; one size may be -1, which stands for whatever is left.</summary>
    /// <exception cref="ShapeException">The sizes make another number of elements, or none fits the -1.</exception>
    [OverloadResolutionPriority(1)]
    public Variable Reshape(params ReadOnlySpan<int> sizes)
    {
        var kept = sizes.ToArray();
        return new ReshapeFunction(this, x => x.Reshape(kept.AsSpan())).Apply();
    }

    /// <summary>
    /// All elements on one axis; or only the axes from <paramref name="firstAxis"/> to <paramref name="lastAxis"/> made one.
    /// </summary>
    public Variable Flatten(int firstAxis = 0, int lastAxis = -1) =>
        new ReshapeFunction(this, x => x.Flatten(firstAxis, lastAxis)).Apply();

    /// <summary>Without an axis of size 1.</summary>
    /// <exception cref="ShapeException">The axis has another size.</exception>
    public Variable Squeeze(int axis) => new ReshapeFunction(this, x => x.Squeeze(axis)).Apply();

    /// <summary>Without all axes of size 1.</summary>
    public Variable Squeeze() => new ReshapeFunction(this, x => x.Squeeze()).Apply();

    /// <summary>With a new axis of size 1 in that place.</summary>
    public Variable Unsqueeze(int axis) => new ReshapeFunction(this, x => x.Unsqueeze(axis)).Apply();

    /// <summary>With two axes exchanged.</summary>
    public Variable Transpose(int axisA, int axisB)
    {
        var order = Enumerable.Range(0, Shape.Rank).ToArray();
        var (a, b) = (Shape.Axis(axisA), Shape.Axis(axisB));
        (order[a], order[b]) = (order[b], order[a]);
        return Permute(order);
    }

    /// <summary>With the last two axes exchanged.</summary>
    public Variable Transpose() => Transpose(-2, -1);

    /// <summary>Axis i of the result is axis order_i of this.</summary>
    public Variable Permute(params ReadOnlySpan<int> order) => new PermuteFunction(this, order.ToArray()).Apply();

    /// <summary>Every step-th element along an axis, from start on, as many as length says.</summary>
    public Variable Slice(int axis, int start, int length, int step = 1) =>
        new SliceFunction(this, x => x.Slice(axis, start, length, step)).Apply();

    /// <summary>One element along an axis, which disappears.</summary>
    public Variable Select(int axis, int index) => new SliceFunction(this, x => x.Select(axis, index)).Apply();

    /// <summary>Repeated along axes of size 1, and along new axes in front, without a copy.</summary>
    /// <exception cref="ShapeException">This shape does not broadcast to the given one.</exception>
    public Variable BroadcastTo(Shape shape) => new ExpandFunction(this, x => x.BroadcastTo(shape)).Apply();

    /// <summary>Repeated along axes of size 1, and along new axes in front, without a copy; -1 leaves an axis as it is.</summary>
    /// <exception cref="ShapeException">This shape does not broadcast to the given one.</exception>
    public Variable Expand(params ReadOnlySpan<int> sizes)
    {
        var kept = sizes.ToArray();
        return new ExpandFunction(this, x => x.Expand(kept)).Apply();
    }

    /// <summary>The parts one behind the other along an axis.</summary>
    /// <exception cref="ShapeException">The shapes differ on another axis.</exception>
    public static Variable Concat(ReadOnlySpan<Variable> parts, int axis = 0) =>
        new ConcatFunction(parts.ToArray(), axis).Apply();

    /// <summary>The parts one behind the other along a new axis.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Variable Stack(ReadOnlySpan<Variable> parts, int axis = 0) => new StackFunction(parts.ToArray(), axis).Apply();

    /// <summary>Cut along an axis into parts of the given sizes.</summary>
    /// <exception cref="ArgumentException">The sizes do not add up to the axis.</exception>
    public Variable[] Split(ReadOnlySpan<int> sizes, int axis = 0)
    {
        var kept = sizes.ToArray();
        return new SplitFunction(this, x => x.Split(kept, axis), axis).ApplyMany();
    }

    /// <summary>Cut along an axis into parts of one size; the last may be smaller.</summary>
    public Variable[] Split(int size, int axis = 0) => new SplitFunction(this, x => x.Split(size, axis), axis).ApplyMany();

    /// <summary>Cut along an axis into a number of parts.</summary>
    public Variable[] Chunk(int count, int axis = 0) => new SplitFunction(this, x => x.Chunk(count, axis), axis).ApplyMany();
}
