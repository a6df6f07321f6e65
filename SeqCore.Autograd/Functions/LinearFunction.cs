namespace SeqCore.Functions;

/// <summary>Computes y = x W^T + b. Shapes: x (..., I), weight (O, I), bias (O,) or null, y (..., O).</summary>
internal sealed class LinearFunction(Variable x, Variable weight, Variable? bias)
    : Function(bias is null ? [x, weight] : [x, weight, bias])
{
    protected override Tensor Forward() => Tensor.Linear(x.Value, weight.Value, bias?.Value);

    /// <summary>Computes dX = dY W, dW = dY^T X, and db = the sum of the rows of dY.</summary>
    protected override void Backward(Tensor dY)
    {
        var (rows, inputSize) = RowShape.Of(Name, "x", x.Shape);
        using var dRows = dY.Reshape(rows, weight.Shape[0]);
        if (Wants(x))
        {
            using var dX = Tensor.MatMul(dRows, weight.Value);
            Give(x, dX.Reshape(x.Shape));
        }

        if (Wants(weight))
        {
            using var xRows = x.Value.Reshape(rows, inputSize);
            using var dColumns = dRows.Transpose();
            Give(weight, Tensor.MatMul(dColumns, xRows));
        }

        if (Wants(bias))
            Give(bias, dRows.Alias());
    }
}
