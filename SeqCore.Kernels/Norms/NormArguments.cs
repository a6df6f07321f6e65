using SeqCore.Kernels.Norms;

namespace SeqCore.Kernels;

/// <summary>
/// The arguments of a normalisation of rows; with a residual, dropout(x) + residual is written to the sum and normalised.
/// </summary>
public readonly struct NormArguments
{
    /// <summary>The number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The number of elements of a row.</summary>
    public required int Columns { get; init; }

    /// <summary>The number that is added to the variance or to the mean square.</summary>
    public required float Epsilon { get; init; }

    /// <summary>The input x, shape (rows, columns).</summary>
    public required DeviceSpan<float> X { get; init; }

    /// <summary>The weight w, shape (columns), or absent for 1.</summary>
    public DeviceSpan<float> Weight { get; init; }

    /// <summary>The bias b, shape (columns), or absent for 0; layer normalisation only.</summary>
    public DeviceSpan<float> Bias { get; init; }

    /// <summary>The residual that is added, shape (rows, columns), or absent for 0.</summary>
    public DeviceSpan<float> Residual { get; init; }

    /// <summary>Output: dropout(x) + residual, shape (rows, columns), if there is a residual; may be x or the residual.</summary>
    public DeviceSpan<float> Sum { get; init; }

    /// <summary>
    /// The probability, in [0, 1), with which an element of x is set to 0 before the residual is added; the others are divided by
    /// 1 - p, as by <see cref="Backend.Dropout"/>. More than 0 only with a residual.
    /// </summary>
    public float Dropout { get; init; }

    /// <summary>The random stream of the dropout.</summary>
    public RandomStream Stream { get; init; }

    /// <summary>Output: the result y, shape (rows, columns); may be x.</summary>
    public required DeviceSpan<float> Y { get; init; }

    /// <summary>Output: the means, shape (rows), or absent; layer normalisation only.</summary>
    public DeviceSpan<float> Mean { get; init; }

    /// <summary>Output: the reciprocal standard deviations, shape (rows), or absent.</summary>
    public DeviceSpan<float> Rstd { get; init; }

    /// <summary>Throws if an operand does not have its shape.</summary>
    internal void Check<TKind>(string operation) where TKind : struct, INormKind
    {
        if (!TKind.Centred && !(Bias.IsAbsent && Mean.IsAbsent))
            throw new ArgumentException($"{operation}: it has no bias and no mean; leave them out.");
        RowChecks.Check(operation, "x", X, Rows, Columns);
        RowChecks.CheckOptional(operation, "weight", Weight, 1, Columns);
        RowChecks.CheckOptional(operation, "bias", Bias, 1, Columns);
        RowChecks.Check(operation, "y", Y, Rows, Columns);
        RowChecks.CheckOptional(operation, "mean", Mean, Rows, 1);
        RowChecks.CheckOptional(operation, "rstd", Rstd, Rows, 1);
        RowChecks.CheckResidual(operation, Residual, Sum, Rows, Columns);
        if (!(Dropout >= 0f && Dropout < 1f))
        {
            throw new ArgumentException(
                $"{operation}: the probability of dropout should be at least 0 and below 1; got {Dropout}.");
        }

        if (Dropout > 0f && Residual.IsAbsent)
            throw new ArgumentException($"{operation}: dropout needs a residual to which the result is added.");
    }
}

/// <summary>
/// The arguments of a normalisation's gradient. With a residual, x is the sum, dSum is the gradient of the sum, and dX is the
/// gradient of both summands.
/// </summary>
public readonly struct NormGradientArguments
{
    /// <summary>The number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The number of elements of a row.</summary>
    public required int Columns { get; init; }

    /// <summary>The rows that were normalised, shape (rows, columns).</summary>
    public required DeviceSpan<float> X { get; init; }

    /// <summary>The weight w, shape (columns), or absent for 1.</summary>
    public DeviceSpan<float> Weight { get; init; }

    /// <summary>The means from the forward pass, shape (rows); layer normalisation only.</summary>
    public DeviceSpan<float> Mean { get; init; }

    /// <summary>The reciprocal standard deviations from the forward pass, shape (rows).</summary>
    public DeviceSpan<float> Rstd { get; init; }

    /// <summary>The gradient of y, shape (rows, columns).</summary>
    public required DeviceSpan<float> DY { get; init; }

    /// <summary>The gradient of the sum, shape (rows, columns), or absent for 0.</summary>
    public DeviceSpan<float> DSum { get; init; }

    /// <summary>Output: the gradient of x, shape (rows, columns); may be x, dY or dSum.</summary>
    public required DeviceSpan<float> DX { get; init; }

    /// <summary>Output: the gradient of the weight, shape (columns), or absent.</summary>
    public DeviceSpan<float> DWeight { get; init; }

    /// <summary>Output: the gradient of the bias, shape (columns), or absent; layer normalisation only.</summary>
    public DeviceSpan<float> DBias { get; init; }

    /// <summary>Throws if an operand does not have its shape.</summary>
    internal void Check<TKind>(string operation) where TKind : struct, INormKind
    {
        RowChecks.Check(operation, "x", X, Rows, Columns);
        RowChecks.CheckOptional(operation, "weight", Weight, 1, Columns);
        if (TKind.Centred)
            RowChecks.Check(operation, "mean", Mean, Rows, 1);
        else if (!(DBias.IsAbsent && Mean.IsAbsent))
            throw new ArgumentException($"{operation}: it has no bias and no mean; leave them out.");
        RowChecks.Check(operation, "rstd", Rstd, Rows, 1);
        RowChecks.Check(operation, "dY", DY, Rows, Columns);
        RowChecks.Check(operation, "dX", DX, Rows, Columns);
        RowChecks.CheckOptional(operation, "dWeight", DWeight, 1, Columns);
        RowChecks.CheckOptional(operation, "dBias", DBias, 1, Columns);
        RowChecks.CheckOptional(operation, "dSum", DSum, Rows, Columns);
    }
}
