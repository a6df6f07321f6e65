namespace SeqCore.Functions;

/// <summary>
/// Computes the matrix product C = A B. Shapes: a (..., M, K), b (..., K, N), c (..., M, N), with the leading axes broadcast; a
/// vector on the left is a row, on the right a column, and c does not have its axis.
/// </summary>
internal sealed class MatMulFunction(Variable a, Variable b) : Function(a, b)
{
    protected override Tensor Forward() => Tensor.MatMul(a.Value, b.Value);

    /// <summary>
    /// Computes dA = dC B^T and dB = A^T dC; if one B serves a whole batch, the rows of the batch make one product.
    /// </summary>
    protected override void Backward(Tensor dC)
    {
        using var left = a.Shape.Rank == 1 ? a.Value.Unsqueeze(0) : a.Value.Alias();
        using var right = b.Shape.Rank == 1 ? b.Value.Unsqueeze(1) : b.Value.Alias();
        using var dRows = a.Shape.Rank == 1 ? dC.Unsqueeze(b.Shape.Rank == 1 ? dC.Rank : dC.Rank - 1) : dC.Alias();
        using var dProduct = b.Shape.Rank == 1 ? dRows.Unsqueeze(dRows.Rank) : dRows.Alias();
        if (NeedsGradient(a))
        {
            using var rightT = right.Transpose(-2, -1);
            GiveMatrix(a, Tensor.MatMul(dProduct, rightT));
        }

        if (NeedsGradient(b))
        {
            var oneForAll = right.Rank == 2 && left.Rank > 2;
            using var rows = oneForAll ? Stacked(left) : left.Alias();
            using var rowsOfProduct = oneForAll ? Stacked(dProduct) : dProduct.Alias();
            using var rowsT = rows.Transpose(-2, -1);
            GiveMatrix(b, Tensor.MatMul(rowsT, rowsOfProduct));
        }
    }

    /// <summary>Stacks the matrices of a batch into one.</summary>
    private static Tensor Stacked(Tensor matrices)
    {
        var (rows, columns) = RowShape.Of("MatMul", "a", matrices.Shape);
        return matrices.Reshape(new Shape(rows, columns));
    }

    /// <summary>
    /// Passes a gradient on; for a vector, it is first summed over the batch, and the axis that was added is removed.
    /// </summary>
    private void GiveMatrix(Variable input, Tensor gradient)
    {
        if (input.Shape.Rank > 1)
        {
            AddGradient(input, gradient);
            return;
        }

        var matrix = new Shape(gradient.Shape.Sizes[^2..]);
        var summed = gradient.SumTo(matrix);
        AddGradient(input, summed.Reshape(input.Shape));
        summed.Dispose();
        if (!ReferenceEquals(summed, gradient))
            gradient.Dispose();
    }
}
