using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Computes y = silu(a) b, where a and b lie side by side in x; <see cref="Backend.SwiGlu"/> has the definition. Shapes: x (...,
/// 2F), y (..., F).
/// </summary>
internal sealed class SwiGluFunction(Variable x) : Function(x)
{
    private Tensor? input;

    protected override Tensor Forward()
    {
        if (x.Shape.Rank == 0 || x.Shape[-1] % 2 != 0)
            throw ShapeException.Wrong(Name, "x", "(..., 2F)", x.Shape, "it holds a gate and a value side by side");
        var (rows, columns) = RowShape.Of(Name, "x", x.Shape);
        input = x.Value.Contiguous();
        var y = Tensor.Uninitialized(new Shape([.. x.Shape.Sizes[..^1], columns / 2]), x.Value.Backend);
        y.Backend.SwiGlu(input.Span, y.Span, rows, columns / 2);
        return y;
    }

    protected override void Backward(Tensor dY)
    {
        var (rows, columns) = RowShape.Of(Name, "x", x.Shape);
        var dX = Tensor.Uninitialized(x.Shape, dY.Backend);
        dY.Backend.SwiGluGradient(input!.Span, dY.Span, dX.Span, rows, columns / 2);
        AddGradient(x, dX);
    }
}
