using System.Runtime.CompilerServices;
using SeqCore.Functions;

namespace SeqCore;

// Views share the memory of the original, like views of a tensor.
public partial class Variable
{
    /// <summary>
    /// Takes the elements at the given indices and ranges, one for each axis from the first; an index removes its axis.
    /// </summary>
    public Variable this[params ReadOnlySpan<TensorIndex> indices]
    {
        get
        {
            var kept = indices.ToArray();
            return new SliceFunction(this, t => t[kept]).Apply();
        }
    }

    /// <summary>Returns the same elements, in row-major order, in another shape.</summary>
    /// <exception cref="ShapeException">The shape has another number of elements than the tensor.</exception>
    public Variable Reshape(Shape shape) => new ReshapeFunction(this, x => x.Reshape(shape)).Apply();

    /// <summary>Returns the same elements in another shape; one size may be -1, which is inferred from the others.</summary>
    /// <exception cref="ShapeException">The sizes give another number of elements, or no size fits the -1.</exception>
    [OverloadResolutionPriority(1)]
    public Variable Reshape(params ReadOnlySpan<int> sizes)
    {
        var kept = sizes.ToArray();
        return new ReshapeFunction(this, x => x.Reshape(kept.AsSpan())).Apply();
    }

    /// <summary>
    /// Merges all axes into one, or only the axes from <paramref name="firstAxis"/> to <paramref name="lastAxis"/>.
    /// </summary>
    public Variable Flatten(int firstAxis = 0, int lastAxis = -1) =>
        new ReshapeFunction(this, x => x.Flatten(firstAxis, lastAxis)).Apply();

    /// <summary>Removes an axis of size 1.</summary>
    /// <exception cref="ShapeException">The axis has another size.</exception>
    public Variable Squeeze(int axis) => new ReshapeFunction(this, x => x.Squeeze(axis)).Apply();

    /// <summary>Removes all axes of size 1.</summary>
    public Variable Squeeze() => new ReshapeFunction(this, x => x.Squeeze()).Apply();

    /// <summary>Inserts an axis of size 1 at the given position.</summary>
    public Variable Unsqueeze(int axis) => new ReshapeFunction(this, x => x.Unsqueeze(axis)).Apply();

    /// <summary>Exchanges two axes.</summary>
    public Variable Transpose(int axisA, int axisB)
    {
        var order = Enumerable.Range(0, Shape.Rank).ToArray();
        var (a, b) = (Shape.Axis(axisA), Shape.Axis(axisB));
        (order[a], order[b]) = (order[b], order[a]);
        return Permute(order);
    }

    /// <summary>Exchanges the last two axes.</summary>
    public Variable Transpose() => Transpose(-2, -1);

    /// <summary>Reorders the axes: axis i of the result is axis order_i of this variable.</summary>
    public Variable Permute(params ReadOnlySpan<int> order) => new PermuteFunction(this, order.ToArray()).Apply();

    /// <summary>Takes every step-th element along an axis, from start on, <paramref name="length"/> elements in all.</summary>
    public Variable Slice(int axis, int start, int length, int step = 1) =>
        new SliceFunction(this, x => x.Slice(axis, start, length, step)).Apply();

    /// <summary>Takes one element of an axis; the result does not have this axis.</summary>
    public Variable Select(int axis, int index) => new SliceFunction(this, x => x.Select(axis, index)).Apply();

    /// <summary>Repeats the variable along axes of size 1 and along new leading axes, without a copy.</summary>
    /// <exception cref="ShapeException">This shape does not broadcast to the given one.</exception>
    public Variable BroadcastTo(Shape shape) => new ExpandFunction(this, x => x.BroadcastTo(shape)).Apply();

    /// <summary>
    /// Repeats the variable along axes of size 1 and along new leading axes, without a copy; a size of -1 keeps the axis as it
    /// is.
    /// </summary>
    /// <exception cref="ShapeException">This shape does not broadcast to the given one.</exception>
    public Variable Expand(params ReadOnlySpan<int> sizes)
    {
        var kept = sizes.ToArray();
        return new ExpandFunction(this, x => x.Expand(kept)).Apply();
    }

    /// <summary>Concatenates variables along an axis.</summary>
    /// <exception cref="ShapeException">The shapes differ on another axis.</exception>
    public static Variable Concat(ReadOnlySpan<Variable> parts, int axis = 0) =>
        new ConcatFunction(parts.ToArray(), axis).Apply();

    /// <summary>Stacks variables along a new axis.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Variable Stack(ReadOnlySpan<Variable> parts, int axis = 0) => new StackFunction(parts.ToArray(), axis).Apply();

    /// <summary>Splits the variable along an axis into parts of the given sizes.</summary>
    /// <exception cref="ArgumentException">The sizes do not add up to the size of the axis.</exception>
    public Variable[] Split(ReadOnlySpan<int> sizes, int axis = 0)
    {
        var kept = sizes.ToArray();
        return new SplitFunction(this, x => x.Split(kept, axis), axis).ApplyMany();
    }

    /// <summary>Splits the variable along an axis into parts of one size; the last may be smaller.</summary>
    public Variable[] Split(int size, int axis = 0) => new SplitFunction(this, x => x.Split(size, axis), axis).ApplyMany();

    /// <summary>Splits the variable along an axis into a number of equal parts.</summary>
    public Variable[] Chunk(int count, int axis = 0) => new SplitFunction(this, x => x.Chunk(count, axis), axis).ApplyMany();
}
