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
        if (NeedsGradient(x))
        {
            using var dX = Tensor.MatMul(dRows, weight.Value);
            AddGradient(x, dX.Reshape(x.Shape));
        }

        if (NeedsGradient(weight))
        {
            using var xRows = x.Value.Reshape(rows, inputSize);
            using var dColumns = dRows.Transpose();
            AddGradient(weight, Tensor.MatMul(dColumns, xRows));
        }

        if (NeedsGradient(bias))
            AddGradient(bias, dRows.Alias());
    }
}
