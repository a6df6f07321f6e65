using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// The common base of the normalisations of rows: shapes, the residual that may be added first, and its gradient. Shapes: x,
/// residual and results (..., D), parameters (D,). Results: y, and with a residual also the sum dropout(x) + residual.
/// </summary>
internal abstract class RowNormFunction(Variable x, Residual? residual, Variable? weight, Variable? bias, float epsilon)
    : MultiFunction([.. new[] { x, residual?.Value, weight, bias }.OfType<Variable>()])
{
    private RandomStream stream;
    private Tensor? input;

    public override string Name => residual is null ? base.Name : $"Add{base.Name}";

    protected override Tensor[] ForwardMany()
    {
        if (!(epsilon >= 0f && float.IsFinite(epsilon)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon,
                $"{Name}: epsilon should be finite and at least 0.");
        }

        var (rows, columns) = RowShape.Of(Name, "x", x.Shape);
        ExpectVector("weight", weight, columns);
        ExpectVector("bias", bias, columns);
        if (residual is not null && !residual.Value.Shape.Equals(x.Shape))
            throw ShapeException.Wrong(Name, "residual", x.Shape.ToString(), residual.Value.Shape, "x has it");
        if (Dropout > 0f)
            stream = residual!.Random!.Take(x.Value.ElementCount);
        var backend = x.Value.Backend;
        var y = Tensor.Uninitialized(x.Shape, backend);
        var sum = residual is null ? null : Tensor.Uninitialized(x.Shape, backend);
        Normalise(backend, new()
        {
            Rows = rows,
            Columns = columns,
            Epsilon = epsilon,
            X = x.Value.Contiguous().Span,
            Weight = SpanOf(weight),
            Bias = SpanOf(bias),
            Residual = SpanOf(residual?.Value),
            Dropout = Dropout,
            Stream = stream,
            Sum = sum?.Span ?? default,
            Y = y.Span,
        });
        input = sum ?? x.Value.Contiguous();
        return sum is null ? [y] : [y, sum];
    }

    /// <summary>
    /// Adds the gradient of the sum to the gradient that comes through the norm; the result is the gradient of both summands.
    /// </summary>
    protected override void BackwardMany(Tensor?[] dY)
    {
        var dSum = residual is null ? null : dY[1];
        if (dY[0] is not { } dNormalised)
        {
            AddToSummands(dSum!);
            return;
        }

        var (rows, columns) = RowShape.Of(Name, "x", x.Shape);
        var backend = dNormalised.Backend;
        var dX = Tensor.Uninitialized(x.Shape, backend);
        var dWeight = NeedsGradient(weight) ? Tensor.Uninitialized(weight!.Shape, backend) : null;
        var dBias = NeedsGradient(bias) ? Tensor.Uninitialized(bias!.Shape, backend) : null;
        Differentiate(backend, new()
        {
            Rows = rows,
            Columns = columns,
            X = input!.Span,
            Weight = SpanOf(weight),
            DY = dNormalised.Span,
            DSum = dSum?.Span ?? default,
            DX = dX.Span,
            DWeight = dWeight?.Span ?? default,
            DBias = dBias?.Span ?? default,
        });
        AddToSummands(dX);
        if (dWeight is not null)
            AddGradient(weight, dWeight);
        if (dBias is not null)
            AddGradient(bias, dBias);
    }

    private float Dropout => residual?.Dropout ?? 0f;

    private void AddToSummands(Tensor dSum)
    {
        if (residual is not null)
            AddGradient(residual.Value, dSum.Alias());
        if (NeedsGradient(x))
            AddGradient(x, Dropout == 0f ? dSum : DropoutFunction.Drop(dSum, Dropout, stream));
    }

    /// <summary>Runs the kernel and saves the statistics of the rows that Differentiate needs.</summary>
    private protected abstract void Normalise(Backend backend, in NormArguments arguments);

    /// <summary>Runs the kernel of the gradient with the saved statistics of the rows.</summary>
    private protected abstract void Differentiate(Backend backend, in NormGradientArguments arguments);

    /// <summary>
    /// Makes a tensor with a number for each row, which Backward needs; null if there will be no backward pass.
    /// </summary>
    private protected Tensor? Statistic(Backend backend, int rows) =>
        IsRecorded ? Save(Tensor.Uninitialized(new Shape(rows), backend)) : null;

    private static DeviceSpan<float> SpanOf(Variable? optional) => optional?.Value.Contiguous().Span ?? default;

    private void ExpectVector(string name, Variable? vector, int columns)
    {
        if (vector is not null && !vector.Shape.Equals(new Shape(columns)))
            throw ShapeException.Wrong(Name, name, $"(D,) = ({columns},)", vector.Shape, $"x is {x.Shape}");
    }
}

/// <summary>What is added to x before a normalisation, and the dropout of x before that.</summary>
internal sealed record Residual(Variable Value, float Dropout = 0f, RandomGenerator? Random = null);
