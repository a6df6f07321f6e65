using SeqCore.Kernels;
using SeqCore.Tensors;

namespace SeqCore.Autograd.Functions;

/// <summary>
/// y = (x - mean) / sqrt(variance + epsilon) w + b along the last axis: <see cref="Backend.LayerNorm"/> has the definition.
/// Shapes: x (..., D), weight (D,), bias (D,).
/// </summary>
internal sealed class LayerNormFunction(Variable x, Variable? weight, Variable? bias, float epsilon)
    : Function([.. new[] { x, weight, bias }.OfType<Variable>()])
{
    private Tensor? input, mean, rstd;

    protected override Tensor Forward()
    {
        var (rows, columns) = Rows.Of(Name, "x", x.Shape);
        ExpectVector("weight", weight, columns);
        ExpectVector("bias", bias, columns);
        var backend = x.Value.Backend;
        input = x.Value.Contiguous();
        if (IsRecorded)
        {
            mean = Save(Tensor.Uninitialized(new Shape(rows), backend));
            rstd = Save(Tensor.Uninitialized(new Shape(rows), backend));
        }

        var y = Tensor.Uninitialized(x.Shape, backend);
        backend.LayerNorm(input.Span, SpanOf(weight), SpanOf(bias), y.Span, mean?.Span ?? default, rstd?.Span ?? default, rows, columns, epsilon);
        return y;
    }

    protected override void Backward(Tensor dY)
    {
        var (rows, columns) = Rows.Of(Name, "x", x.Shape);
        var backend = dY.Backend;
        var dX = Tensor.Uninitialized(x.Shape, backend);
        var dWeight = Wants(weight) ? Tensor.Uninitialized(weight!.Shape, backend) : null;
        var dBias = Wants(bias) ? Tensor.Uninitialized(bias!.Shape, backend) : null;
        backend.LayerNormGradient(input!.Span, SpanOf(weight), mean!.Span, rstd!.Span, dY.Span, dX.Span,
            dWeight?.Span ?? default, dBias?.Span ?? default, rows, columns);
        Give(x, dX);
        if (dWeight is not null)
            Give(weight, dWeight);
        if (dBias is not null)
            Give(bias, dBias);
    }

    private static DeviceSpan<float> SpanOf(Variable? vector) => vector?.Value.Contiguous().Span ?? default;

    private void ExpectVector(string name, Variable? vector, int columns)
    {
        if (vector is not null && !vector.Shape.Equals(new Shape(columns)))
            throw ShapeException.Wrong(Name, name, $"(D,) = ({columns},)", vector.Shape, $"x is {x.Shape}");
    }
}
