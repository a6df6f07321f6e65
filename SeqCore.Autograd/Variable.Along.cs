using SeqCore.Functions;

namespace SeqCore;

// As for tensors: Gather moves whole parts that one list of indices names; the operations whose name ends in Along have an index
// for each element. Negative indices count from the end of the axis; only Embedding refuses them, and so does Tensor.Gather
// without an axis.
public partial class Variable
{
    /// <summary>
    /// Takes the parts of one axis that the indices name, as torch.index_select does. Shapes: (a..., n, b...) and (indices...) to
    /// (a..., indices..., b...). A part that is taken several times gets the sum of the gradients.
    /// </summary>
    /// <param name="indices">The indices, in any shape; a negative one counts from the end.</param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <exception cref="ArgumentException">
    /// An index does not lie on the axis; on a GPU the next read of a value throws.
    /// </exception>
    public Variable Gather(IndexTensor indices, int axis = 0) => new GatherFunction(this, indices, axis).Apply();

    /// <summary>
    /// Takes an element for each index: y_(.., j, ..) = x_(.., indices_(.., j, ..), ..). It is torch.gather. An element that is
    /// taken several times gets the sum of the gradients.
    /// </summary>
    /// <param name="indices">
    /// The indices, with as many axes as this variable and, except along the axis, at most its sizes; a negative one counts from
    /// the end.
    /// </param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <returns>The elements, in the shape of the indices.</returns>
    /// <exception cref="ShapeException">The indices have another number of axes, or a larger size.</exception>
    /// <exception cref="ArgumentException">
    /// An index does not lie on the axis; on a GPU the next read of a value throws.
    /// </exception>
    public Variable GatherAlong(IndexTensor indices, int axis) => new GatherAlongFunction(this, indices, axis).Apply();

    /// <summary>
    /// Returns this variable with a value written at each index: y_(.., indices_(.., j, ..), ..) = source_(.., j, ..), as
    /// torch.scatter does. Of values with the same place the one with the largest j remains; the others get no gradient, nor do
    /// the elements that are replaced.
    /// </summary>
    /// <param name="indices">
    /// The indices, with as many axes as this variable and, except along the axis, at most its sizes; a negative one counts from
    /// the end.
    /// </param>
    /// <param name="source">The values, which broadcast to the shape of the indices.</param>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <exception cref="ShapeException">
    /// The indices have another number of axes or a larger size, or the source does not broadcast to their shape.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// An index does not lie on the axis; on a GPU the next read of a value throws.
    /// </exception>
    public Variable ScatterAlong(IndexTensor indices, Variable source, int axis) =>
        new ScatterAlongFunction(this, indices, source, axis, adds: false).Apply();

    /// <summary>
    /// Returns this variable with a value added at each index: y_(.., indices_(.., j, ..), ..) += source_(.., j, ..), as
    /// torch.scatter_add does; the result has the same bits whatever the number of threads. The parameters are those of
    /// <see cref="ScatterAlong"/>.
    /// </summary>
    /// <exception cref="ShapeException">
    /// The indices have another number of axes or a larger size, or the source does not broadcast to their shape.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// An index does not lie on the axis; on a GPU the next read of a value throws.
    /// </exception>
    public Variable ScatterAddAlong(IndexTensor indices, Variable source, int axis) =>
        new ScatterAlongFunction(this, indices, source, axis, adds: true).Apply();
}
