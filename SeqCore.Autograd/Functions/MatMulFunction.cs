namespace SeqCore.Functions;

/// <summary>
/// C = A B. Shapes: a (..., M, K), b (..., K, N), c (..., M, N), the leading axes broadcast; a vector on the left is a row, on
/// the right a column, and its axis is missing in c.
/// </summary>
internal sealed class MatMulFunction(Variable a, Variable b) : Function(a, b)
{
    protected override Tensor Forward() => Tensor.MatMul(a.Value, b.Value);

    /// <summary>dA = dC B^T and dB = A^T dC; where one B serves a whole batch, the batch's rows make one product.</summary>
    protected override void Backward(Tensor dC)
    {
        using var left = a.Shape.Rank == 1 ? a.Value.Unsqueeze(0) : a.Value.Alias();
        using var right = b.Shape.Rank == 1 ? b.Value.Unsqueeze(1) : b.Value.Alias();
        using var dRows = a.Shape.Rank == 1 ? dC.Unsqueeze(b.Shape.Rank == 1 ? dC.Rank : dC.Rank - 1) : dC.Alias();
        using var dProduct = b.Shape.Rank == 1 ? dRows.Unsqueeze(dRows.Rank) : dRows.Alias();
        if (Wants(a))
        {
            using var rightT = right.Transpose(-2, -1);
            GiveMatrix(a, Tensor.MatMul(dProduct, rightT));
        }

        if (Wants(b))
        {
            var oneForAll = right.Rank == 2 && left.Rank > 2;
            using var rows = oneForAll ? Stacked(left) : left.Alias();
            using var rowsOfProduct = oneForAll ? Stacked(dProduct) : dProduct.Alias();
            using var rowsT = rows.Transpose(-2, -1);
            GiveMatrix(b, Tensor.MatMul(rowsT, rowsOfProduct));
        }
    }

    /// <summary>The matrices of a batch one below the other.</summary>
    private static Tensor Stacked(Tensor matrices)
    {
        var (rows, columns) = RowShape.Of("MatMul", "a", matrices.Shape);
        return matrices.Reshape(new Shape(rows, columns));
    }

    /// <summary>
    /// Hands a gradient over; for a vector, the sum over the batch first, then without the axis that it was given.
    /// </summary>
    private void GiveMatrix(Variable input, Tensor gradient)
    {
        if (input.Shape.Rank > 1)
        {
            Give(input, gradient);
            return;
        }

        var matrix = new Shape(gradient.Shape.Sizes[^2..]);
        var summed = gradient.SumTo(matrix);
        Give(input, summed.Reshape(input.Shape));
        summed.Dispose();
        if (summed != gradient)
            gradient.Dispose();
    }
}
