namespace SeqCore;

/// <summary>How <see cref="GradientCheck"/> compares.</summary>
public sealed record GradientCheckOptions
{
    /// <summary>
    /// Distance between the points of the stencil over a float32 forward pass; a power of two moves most inputs exactly.
    /// </summary>
    public double Step { get; init; } = 1.0 / 32;

    /// <summary>Difference allowed for each unit of the greater of the two gradients.</summary>
    public double RelativeTolerance { get; init; } = 1e-3;

    /// <summary>Difference allowed in any case; the projected loss has coefficients up to 1.</summary>
    public double AbsoluteTolerance { get; init; } = 1e-4;

    /// <summary>Elements checked of each input; if it has more, a random subset.</summary>
    public int MaxElements { get; init; } = 64;

    /// <summary>Of the random coefficients and subsets.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>What a gradient check compared.</summary>
/// <param name="Checked">Elements compared.</param>
/// <param name="Worst">The one with the greatest relative difference.</param>
public sealed record GradientReport(int Checked, GradientDifference Worst);

/// <summary>One element's gradient by both ways.</summary>
/// <param name="Input">Number of the input.</param>
/// <param name="Index">The element, in row-major order.</param>
/// <param name="Analytic">The backward pass's.</param>
/// <param name="Numeric">By differences.</param>
public readonly record struct GradientDifference(int Input, int Index, double Analytic, double Numeric)
{
    /// <summary>|analytic - numeric| over the greater of the two, or over 1e-2 if both are less.</summary>
    public double Error => Math.Abs(Analytic - Numeric) / Math.Max(1e-2, Math.Max(Math.Abs(Analytic), Math.Abs(Numeric)));

    /// <summary>Whether the difference is allowed; NaN never is.</summary>
    internal bool IsWithin(GradientCheckOptions options) =>
        Math.Abs(Analytic - Numeric) <= options.AbsoluteTolerance
            + options.RelativeTolerance * Math.Max(Math.Abs(Analytic), Math.Abs(Numeric));
}

/// <summary>A gradient that differs from its differences.</summary>
public sealed class GradientCheckException : Exception
{
    internal GradientCheckException(string message, GradientDifference difference) : base(message) => Difference = difference;

    /// <summary>Where, and both numbers.</summary>
    public GradientDifference Difference { get; }
}
