namespace SeqCore.Functions;

/// <summary>
/// Computes y_i = prod_(j &lt;= i) x_j along the last axis. The gradient does not divide, so that it holds beside zeros too.
/// </summary>
internal sealed class CumulativeProductFunction(Variable x, bool reverse, bool exclusive) : Function(x)
{
    protected override Tensor Forward() => x.Value.CumulativeProduct(-1, reverse, exclusive);

    protected override void Backward(Tensor dY)
    {
        var (rows, columns) = RowShape.Of(Name, "x", x.Shape);
        var dX = Tensor.Uninitialized(x.Shape, dY.Backend);
        dY.Backend.CumulativeProductGradient(x.Value.Contiguous().Span, dY.Span, dX.Span, rows, columns, reverse, exclusive);
        AddGradient(x, dX);
    }
}
