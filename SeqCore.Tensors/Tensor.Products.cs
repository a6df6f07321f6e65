namespace SeqCore;

public sealed partial class Tensor
{
    /// <summary>
    /// Computes the matrix product over the last two axes, broadcast over the axes before them as in NumPy: shapes (..., M, K)
    /// and (..., K, N) to (..., M, N). A vector on the left is a row, on the right a column; the result does not have its axis.
    /// Transposed and batched views go to the kernel without copies; only views whose rows and columns both have gaps are copied.
    /// </summary>
    /// <exception cref="ShapeException">
    /// The inner sizes differ, the batch axes do not broadcast, or an operand is a scalar.
    /// </exception>
    public static Tensor MatMul(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        SameDevice("MatMul", a, b);
        if (a.Rank == 0)
            throw ShapeException.Wrong("MatMul", "a", "(..., M, K)", a.Shape, null, "multiply by a scalar with *.");
        if (b.Rank == 0)
            throw ShapeException.Wrong("MatMul", "b", "(..., K, N)", b.Shape, null, "multiply by a scalar with *.");
        if (a.Shape[-1] != b.Shape[b.Rank == 1 ? 0 : -2])
            throw InnerSizesDiffer(a, b);
        using var row = a.Rank == 1 ? a.Unsqueeze(0) : null;
        using var column = b.Rank == 1 ? b.Unsqueeze(1) : null;
        var (left, right) = (row ?? a, column ?? b);
        var batch = Shape.Broadcast(new Shape(left.Shape.Sizes[..^2]), new Shape(right.Shape.Sizes[..^2]), "MatMul");
        var result = Uninitialized(ProductShape(batch, a, b), a.Backend);
        BatchedProduct.Run(left, right, result.Span, batch);
        return result;
    }

    /// <summary>Computes the matrix product with another tensor, as <see cref="MatMul(Tensor, Tensor)"/> does.</summary>
    public Tensor MatMul(Tensor b) => MatMul(this, b);

    /// <summary>Computes y = activation(x W^T + b), which is a linear layer, in one product.</summary>
    /// <param name="x">The inputs x, shape (..., I).</param>
    /// <param name="weight">The weight W, shape (O, I).</param>
    /// <param name="bias">The bias b, shape (O,); null for none.</param>
    /// <param name="activation">The activation, which is applied to each element as it is stored.</param>
    /// <returns>The outputs, shape (..., O).</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias = null, Activation activation = Activation.None)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        SameDevice("Linear", x, weight);
        if (!Enum.IsDefined(activation))
        {
            throw new ArgumentOutOfRangeException(nameof(activation), activation,
                $"Linear: there is no such activation; the activations are {string.Join(", ", Enum.GetNames<Activation>())}.");
        }

        if (weight.Rank != 2)
            throw ShapeException.Wrong("Linear", "weight", "(O, I)", weight.Shape);
        int outputs = weight.Shape[0], inputs = weight.Shape[1];
        if (x.Rank == 0 || x.Shape[-1] != inputs)
            throw ShapeException.Wrong("Linear", "x", $"(..., I) = (..., {inputs})", x.Shape, $"weight is {weight.Shape}",
                x.Rank > 0 && x.Shape[-1] == outputs ? "weight has shape (O, I), outputs first; is it transposed?" : null);
        if (bias is not null && !(bias.Rank == 1 && bias.Shape[0] == outputs))
            throw ShapeException.Wrong("Linear", "bias", $"(O,) = ({outputs},)", bias.Shape, $"weight is {weight.Shape}");
        var result = Uninitialized(new Shape([.. x.Shape.Sizes[..^1], outputs]), x.Backend);
        using var rows = x.Reshape(new Shape(
            inputs == 0 ? result.ElementCount / Math.Max(1, outputs) : x.ElementCount / inputs, inputs));
        using var transposed = weight.Transpose(0, 1);
        var plainBias = bias?.Contiguous();
        BatchedProduct.Run(rows, transposed, result.Span, Shape.Scalar, plainBias is null ? default : plainBias.Span, activation);
        if (!ReferenceEquals(plainBias, bias))
            plainBias?.Dispose();
        return result;
    }

    private static Shape ProductShape(Shape batch, Tensor a, Tensor b)
    {
        Span<int> sizes = stackalloc int[batch.Rank + 2];
        batch.Sizes.CopyTo(sizes);
        var rank = batch.Rank;
        if (a.Rank > 1)
            sizes[rank++] = a.Shape[-2];
        if (b.Rank > 1)
            sizes[rank++] = b.Shape[-1];
        return new Shape(sizes[..rank]);
    }

    private static ShapeException InnerSizesDiffer(Tensor a, Tensor b)
    {
        var k = a.Shape[-1];
        var expected = b.Rank == 1 ? $"(K,) = ({k},)" : $"(..., K, N) = (..., {k}, {b.Shape[-1]})";
        var transposed = b.Rank > 1 && b.Shape[-1] == k ? "b.Transpose() would fit." : null;
        return ShapeException.Wrong("MatMul", "b", expected, b.Shape, $"a is {a.Shape}", transposed);
    }
}
