namespace SeqCore.Functions;

/// <summary>Computes y = x - log sum e^x along the last axis. Shape (..., V).</summary>
internal sealed class LogSoftmaxFunction(Variable x) : Function(x)
{
    private Tensor? y;

    protected override Tensor Forward()
    {
        var (rows, columns) = RowShape.Of(Name, "x", x.Shape);
        y = Tensor.Uninitialized(x.Shape, x.Value.Backend);
        y.Backend.LogSoftmax(x.Value.Contiguous().Span, y.Span, rows, columns);
        return y;
    }

    protected override void Backward(Tensor dY)
    {
        var (rows, columns) = RowShape.Of(Name, "x", x.Shape);
        var dX = Tensor.Uninitialized(x.Shape, dY.Backend);
        dY.Backend.LogSoftmaxGradient(y!.Span, dY.Span, dX.Span, rows, columns);
        AddGradient(x, dX);
    }
}
