namespace SeqCore;

public sealed partial class Tensor
{
    private static readonly EinsumOperations<Tensor> StepsOfEinsum = new(x => x.Shape, (x, order) => x.Permute(order),
        (x, shape) => x.Reshape(shape), (x, shape) => x.BroadcastTo(shape), (x, n) => x.Slice(-1, 0, n, n + 1),
        (x, axes) => x.Sum(axes), (x, y) => x * y, MatMul);

    /// <summary>
    /// Computes a sum in Einstein's notation, as torch.einsum: each axis of an operand gets a letter, axes with the same letter
    /// run together, and the products are summed over the letters that the result does not have. <c>"bij,bjk-&gt;bik"</c> is a
    /// batched matrix product, <c>"ii-&gt;i"</c> a diagonal, <c>"ij-&gt;"</c> the sum of all.
    /// </summary>
    /// <remarks>
    /// <c>...</c> stands for any axes, which are broadcast. Without <c>-&gt;</c> the result has the letters that occur once, in
    /// alphabetical order, behind those of <c>...</c>. The operands are combined from left to right, each pair by one matrix
    /// product. Axes with the same letter have the same size: differs from PyTorch, which repeats an axis of size 1.
    /// The result is a new tensor, where PyTorch's may be a view of an operand.
    /// </remarks>
    /// <param name="subscripts">
    /// The letters of each operand, separated by commas, and optionally <c>-&gt;</c> and the result's.
    /// </param>
    /// <param name="operands">The operands, at least one.</param>
    /// <exception cref="ArgumentException">The subscripts cannot be read, or do not fit the operands.</exception>
    /// <exception cref="ShapeException">Axes with the same letter have different sizes.</exception>
    public static Tensor Einsum(string subscripts, params ReadOnlySpan<Tensor> operands)
    {
        if (operands.Length == 0)
            throw new ArgumentException("Einsum: there should be at least one operand.", nameof(operands));
        using var scope = new TensorScope("Einsum");
        var result = SeqCore.Einsum.Compute(subscripts, operands.ToArray(), StepsOfEinsum);
        var isView = false;
        foreach (var operand in operands)
            isView |= operand.buffer == result.buffer;
        return scope.KeepInOuter(isView ? result.Copy() : result);
    }
}
