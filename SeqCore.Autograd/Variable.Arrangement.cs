using SeqCore.Functions;

namespace SeqCore;

// These operations move, repeat or accumulate elements along axes, as those of tensors do.
public partial class Variable
{
    /// <summary>
    /// Reverses the order of the elements along some axes, as torch.flip does; along all if none is named.
    /// </summary>
    /// <param name="axes">The axes; a negative one counts from the end.</param>
    /// <exception cref="ArgumentException">An axis is named twice.</exception>
    public Variable Flip(params ReadOnlySpan<int> axes) => new FlipFunction(this, axes.ToArray()).Apply();

    /// <summary>
    /// Moves the elements along an axis by a number of places, those pushed beyond the end to the beginning: y_((i + shift) mod
    /// n) = x_i, as torch.roll does.
    /// </summary>
    /// <param name="shift">The number of places; a negative one moves to the beginning.</param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    public Variable Roll(int shift, int axis)
    {
        var size = Shape[axis];
        if (size == 0)
            return this;
        var first = (int)(((long)shift % size + size) % size);
        return Concat([Slice(axis, size - first, first), Slice(axis, 0, size - first)], axis);
    }

    /// <summary>
    /// Puts a constant before and after the elements of an axis, as numpy.pad and torch.nn.functional.pad do.
    /// </summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="before">The number of elements before, at least 0.</param>
    /// <param name="after">The number of elements after, at least 0.</param>
    /// <param name="value">The constant.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative; Slice cuts elements off.</exception>
    public Variable Pad(int axis, int before, int after, float value = 0f)
    {
        var padding = new (int Before, int After)[Shape.Rank];
        padding[Shape.Axis(axis)] = (before, after);
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
    public Variable Pad(ReadOnlySpan<(int Before, int After)> padding, float value = 0f) =>
        new PadFunction(this, padding.ToArray(), value).Apply();

    /// <summary>
    /// Repeats the whole variable along each axis, as torch.tile does: (1, 2) tiled 2 times is (1, 2, 1, 2). Missing leading
    /// numbers are 1, missing leading axes are inserted.
    /// </summary>
    /// <param name="counts">The numbers of repetitions, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="SizeLimitException">The result would have too many elements.</exception>
    public Variable Tile(params ReadOnlySpan<int> counts) => new TileFunction(this, counts.ToArray()).Apply();

    /// <summary>
    /// Repeats each element along an axis, as torch.repeat_interleave does: (1, 2) repeated 2 times is (1, 1, 2, 2). (The method
    /// <c>repeat</c> of PyTorch's tensors is <see cref="Tile"/>.)
    /// </summary>
    /// <param name="count">The number of repetitions, at least 0.</param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="SizeLimitException">The result would have too many elements.</exception>
    public Variable Repeat(int count, int axis) => new RepeatFunction(this, count, axis).Apply();

    /// <summary>
    /// Repeats each element along an axis by a number of its own, as torch.repeat_interleave does: (1, 2, 3) repeated (2, 0, 1)
    /// times is (1, 1, 3). The gradients of the copies are added.
    /// </summary>
    /// <param name="counts">The numbers of repetitions, at least 0, one for each element of the axis.</param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <exception cref="ShapeException">There is not one number for each element of the axis.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="SizeLimitException">The result would have too many elements.</exception>
    public Variable Repeat(ReadOnlySpan<int> counts, int axis) => new RepeatEachFunction(this, counts.ToArray(), axis).Apply();

    /// <summary>
    /// Returns the elements on and below a diagonal of each matrix in the last two axes, and 0 elsewhere, as torch.tril does:
    /// those where column &lt;= row + diagonal.
    /// </summary>
    /// <param name="diagonal">The diagonal: 0 is the main one, positive ones are above it.</param>
    /// <exception cref="ShapeException">The variable has fewer than two axes.</exception>
    public Variable LowerTriangle(int diagonal = 0) => new TriangleFunction(this, diagonal, lower: true).Apply();

    /// <summary>
    /// Returns the elements on and above a diagonal of each matrix in the last two axes, and 0 elsewhere, as torch.triu does:
    /// those where column &gt;= row + diagonal.
    /// </summary>
    /// <param name="diagonal">The diagonal: 0 is the main one, positive ones are above it.</param>
    /// <exception cref="ShapeException">The variable has fewer than two axes.</exception>
    public Variable UpperTriangle(int diagonal = 0) => new TriangleFunction(this, diagonal, lower: false).Apply();

    /// <summary>Computes the sums along an axis up to each element, y_i = sum_(j &lt;= i) x_j, as torch.cumsum does.</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="reverse">Whether to begin at the end of the axis, so that y_i is the sum over j &gt;= i.</param>
    /// <param name="exclusive">Whether to leave element i out of y_i, so that the first sum is 0.</param>
    public Variable CumulativeSum(int axis, bool reverse = false, bool exclusive = false) =>
        new CumulativeSumFunction(this, axis, reverse, exclusive).Apply();

    /// <summary>
    /// Computes the products along an axis up to each element, y_i = prod_(j &lt;= i) x_j, as torch.cumprod does. The gradient
    /// holds beside zeros too.
    /// </summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="reverse">Whether to begin at the end of the axis, so that y_i is the product over j &gt;= i.</param>
    /// <param name="exclusive">Whether to leave element i out of y_i, so that the first product is 1.</param>
    /// <remarks>
    /// A CPU multiplies in double, a GPU in single precision, where a product that leaves its range stays 0 or infinite.
    /// </remarks>
    public Variable CumulativeProduct(int axis, bool reverse = false, bool exclusive = false) =>
        AlongLast(axis, x => new CumulativeProductFunction(x, reverse, exclusive).Apply());
}
