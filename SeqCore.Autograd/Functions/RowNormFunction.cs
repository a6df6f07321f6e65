using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// What the normalisations of rows share: shapes, the residual that may be added first, and its gradient. Shapes: x, residual and
/// results (..., D), parameters (D,). Results: y, and with a residual the sum x + residual.
/// </summary>
internal abstract class RowNormFunction(Variable x, Variable? residual, Variable? weight, Variable? bias, float epsilon)
    : MultiFunction([.. new[] { x, residual, weight, bias }.OfType<Variable>()])
{
    private Tensor? input;

    public override string Name => residual is null ? base.Name : $"Add{base.Name}";

    private protected DeviceSpan<float> Weight => SpanOf(weight);

    private protected DeviceSpan<float> Bias => SpanOf(bias);

    protected override Tensor[] ForwardMany()
    {
        if (!(epsilon >= 0f && float.IsFinite(epsilon)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon,
                $"{Name}: epsilon should be finite and at least 0.");
        }

        var (rows, columns) = Rows.Of(Name, "x", x.Shape);
        ExpectVector("weight", weight, columns);
        ExpectVector("bias", bias, columns);
        if (residual is not null && !residual.Shape.Equals(x.Shape))
            throw ShapeException.Wrong(Name, "residual", x.Shape.ToString(), residual.Shape, "x has it");
        var backend = x.Value.Backend;
        var y = Tensor.Uninitialized(x.Shape, backend);
        var sum = residual is null ? null : Tensor.Uninitialized(x.Shape, backend);
        Normalise(backend, x.Value.Contiguous().Span, residual?.Value.Contiguous().Span ?? default, sum?.Span ?? default,
            y.Span, rows, columns);
        input = sum ?? x.Value.Contiguous();
        return sum is null ? [y] : [y, sum];
    }

    /// <summary>What came for the sum and what comes through the norm add up to the gradient of both summands.</summary>
    protected override void BackwardMany(Tensor?[] dY)
    {
        var dSum = residual is null ? null : dY[1];
        if (dY[0] is not { } dNormalised)
        {
            Give(x, dSum!);
            Give(residual, dSum!);
            return;
        }

        var (rows, columns) = Rows.Of(Name, "x", x.Shape);
        var backend = dNormalised.Backend;
        var dX = Tensor.Uninitialized(x.Shape, backend);
        var dWeight = Wants(weight) ? Tensor.Uninitialized(weight!.Shape, backend) : null;
        var dBias = Wants(bias) ? Tensor.Uninitialized(bias!.Shape, backend) : null;
        Differentiate(backend, input!.Span, dNormalised.Span, dSum?.Span ?? default, dX.Span, dWeight?.Span ?? default,
            dBias?.Span ?? default, rows, columns);
        if (residual is not null)
            Give(residual, dX.Alias());
        Give(x, dX);
        if (dWeight is not null)
            Give(weight, dWeight);
        if (dBias is not null)
            Give(bias, dBias);
    }

    /// <summary>Runs the kernel; residual and sum are absent where there is none.</summary>
    private protected abstract void Normalise(Backend backend, DeviceSpan<float> x, DeviceSpan<float> residual,
        DeviceSpan<float> sum, DeviceSpan<float> y, int rows, int columns);

    /// <summary>Runs the kernel of the gradient; x is the sum where there is one, and what is not wanted is absent.</summary>
    private protected abstract void Differentiate(Backend backend, DeviceSpan<float> x, DeviceSpan<float> dY,
        DeviceSpan<float> dSum, DeviceSpan<float> dX, DeviceSpan<float> dWeight, DeviceSpan<float> dBias, int rows, int columns);

    /// <summary>A number for each row that Backward needs, where it may come.</summary>
    private protected Tensor? Statistic(Backend backend, int rows) =>
        IsRecorded ? Save(Tensor.Uninitialized(new Shape(rows), backend)) : null;

    private static DeviceSpan<float> SpanOf(Variable? vector) => vector?.Value.Contiguous().Span ?? default;

    private void ExpectVector(string name, Variable? vector, int columns)
    {
        if (vector is not null && !vector.Shape.Equals(new Shape(columns)))
            throw ShapeException.Wrong(Name, name, $"(D,) = ({columns},)", vector.Shape, $"x is {x.Shape}");
    }
}
