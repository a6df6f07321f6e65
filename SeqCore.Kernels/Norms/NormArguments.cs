namespace SeqCore.Kernels;

/// <summary>
/// Operands of a normalisation of rows; with a residual, dropout(x) + residual is written to the sum and normalised.
/// </summary>
public readonly struct NormArguments
{
    /// <summary>Number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Elements in a row.</summary>
    public required int Columns { get; init; }

    /// <summary>Added to the variance, or to the mean square.</summary>
    public required float Epsilon { get; init; }

    /// <summary>Shape (rows, columns).</summary>
    public required DeviceSpan<float> X { get; init; }

    /// <summary>Shape (columns), or absent for 1.</summary>
    public DeviceSpan<float> Weight { get; init; }

    /// <summary>Shape (columns), or absent for 0; layer normalisation only.</summary>
    public DeviceSpan<float> Bias { get; init; }

    /// <summary>Shape (rows, columns), or absent for 0.</summary>
    public DeviceSpan<float> Residual { get; init; }

    /// <summary>Shape (rows, columns): out, where there is a residual; may be x or the residual.</summary>
    public DeviceSpan<float> Sum { get; init; }

    /// <summary>
    /// The probability, in [0, 1), with which an element of x is set to 0 before the residual is added; the others are divided by
    /// 1 - p, as by <see cref="Backend.Dropout"/>. More than 0 only with a residual.
    /// </summary>
    public float Dropout { get; init; }

    /// <summary>The random stream of the dropout.</summary>
    public RandomStream Stream { get; init; }

    /// <summary>Shape (rows, columns): out; may be x.</summary>
    public required DeviceSpan<float> Y { get; init; }

    /// <summary>Shape (rows): out, or absent; layer normalisation only.</summary>
    public DeviceSpan<float> Mean { get; init; }

    /// <summary>Shape (rows): out, or absent.</summary>
    public DeviceSpan<float> Rstd { get; init; }

    /// <summary>Throws where an operand does not have its shape.</summary>
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
            throw new ArgumentException($"{operation}: the probability of dropout should be at least 0 and below 1; got {Dropout}.");
        if (Dropout > 0f && Residual.IsAbsent)
            throw new ArgumentException($"{operation}: dropout needs a residual to which the result is added.");
    }
}

/// <summary>
/// Operands of a normalisation's gradient. With a residual, x is the sum, dSum is what came for it, and dX serves both summands.
/// </summary>
public readonly struct NormGradientArguments
{
    /// <summary>Number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Elements in a row.</summary>
    public required int Columns { get; init; }

    /// <summary>Shape (rows, columns): what was normalised.</summary>
    public required DeviceSpan<float> X { get; init; }

    /// <summary>Shape (columns), or absent for 1.</summary>
    public DeviceSpan<float> Weight { get; init; }

    /// <summary>Shape (rows), from the forward pass; layer normalisation only.</summary>
    public DeviceSpan<float> Mean { get; init; }

    /// <summary>Shape (rows), from the forward pass.</summary>
    public DeviceSpan<float> Rstd { get; init; }

    /// <summary>Shape (rows, columns).</summary>
    public required DeviceSpan<float> DY { get; init; }

    /// <summary>Shape (rows, columns), or absent for 0.</summary>
    public DeviceSpan<float> DSum { get; init; }

    /// <summary>Shape (rows, columns): out; may be x, dY or dSum.</summary>
    public required DeviceSpan<float> DX { get; init; }

    /// <summary>Shape (columns): out, or absent.</summary>
    public DeviceSpan<float> DWeight { get; init; }

    /// <summary>Shape (columns): out, or absent; layer normalisation only.</summary>
    public DeviceSpan<float> DBias { get; init; }

    /// <summary>Throws where an operand does not have its shape.</summary>
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
