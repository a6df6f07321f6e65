using System.Globalization;

namespace SeqCore;

/// <summary>Specifies how <see cref="GradientCheck"/> compares gradients.</summary>
public sealed record GradientCheckOptions
{
    /// <summary>
    /// The distance between the points of the stencil over a float32 forward pass, 1/32 by default; the outermost points are
    /// three steps away. With a power of two most inputs move by it exactly. A check against a definition in double precision
    /// does not use it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is not finite and above 0.</exception>
    public double Step
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw Wrong(nameof(Step), value, "finite and above 0");
    } = 1.0 / 32;

    /// <summary>The allowed difference relative to the larger of the two gradients, 1e-3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is not finite and at least 0.</exception>
    public double RelativeTolerance { get; init => field = Tolerance(nameof(RelativeTolerance), value); } = 1e-3;

    /// <summary>
    /// The absolute difference that is always allowed, 1e-4 by default; the projected loss has coefficients of at most 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is not finite and at least 0.</exception>
    public double AbsoluteTolerance { get; init => field = Tolerance(nameof(AbsoluteTolerance), value); } = 1e-4;

    /// <summary>
    /// The number of elements checked of each input, 64 by default; of more elements, a random subset is checked.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not at least 1.</exception>
    public int MaxElements
    {
        get;
        init => field = value >= 1 ? value : throw Wrong(nameof(MaxElements), value, "at least 1");
    } = 64;

    /// <summary>The seed of the random coefficients and subsets, 1 by default.</summary>
    public ulong Seed { get; init; } = 1;

    private static double Tolerance(string name, double value) =>
        value >= 0 && double.IsFinite(value) ? value : throw Wrong(name, value, "finite and at least 0");

    private static ArgumentOutOfRangeException Wrong(string name, object value, string what) =>
        new(name, value, $"GradientCheckOptions: {name} should be {what}.");
}

/// <summary>The result of a gradient check.</summary>
/// <param name="Checked">The number of elements compared.</param>
/// <param name="Worst">The element with the largest relative difference; the first element if none differs.</param>
public sealed record GradientReport(int Checked, GradientDifference Worst)
{
    /// <summary>
    /// Returns one line with the number of gradients compared, the largest relative difference, and where it is.
    /// </summary>
    public override string ToString()
    {
        if (Checked == 0)
            return "GradientCheck: no gradient compared, since the inputs have no elements";
        return string.Create(CultureInfo.InvariantCulture, $"GradientCheck: {Checked} gradients compared, {Largest()}");

        string Largest() => Worst.Error == 0
            ? "all equal to those of differences"
            : string.Create(CultureInfo.InvariantCulture, $"the largest relative difference is {Worst.Error:0.0e+00}, at input")
                + string.Create(CultureInfo.InvariantCulture, $" {Worst.Input}, element {Worst.Index}: {Worst.Analytic:g6},")
                + string.Create(CultureInfo.InvariantCulture, $" by differences {Worst.Numeric:g6}");
    }
}

/// <summary>The gradient of one element, computed in both ways.</summary>
/// <param name="Input">The index of the input.</param>
/// <param name="Index">The index of the element in the input, in row-major order.</param>
/// <param name="Analytic">The gradient from the backward pass.</param>
/// <param name="Numeric">The gradient from differences.</param>
public readonly record struct GradientDifference(int Input, int Index, double Analytic, double Numeric)
{
    /// <summary>The relative error: |analytic - numeric| over the larger of the two, or over 1e-2 if both are smaller.</summary>
    public double Error => Math.Abs(Analytic - Numeric) / Math.Max(1e-2, Math.Max(Math.Abs(Analytic), Math.Abs(Numeric)));

    /// <summary>Whether the difference is within the tolerance; NaN never is.</summary>
    internal bool IsWithin(GradientCheckOptions options) =>
        Math.Abs(Analytic - Numeric) <= options.AbsoluteTolerance
            + options.RelativeTolerance * Math.Max(Math.Abs(Analytic), Math.Abs(Numeric));
}

/// <summary>The exception for a gradient that differs from differences of the function.</summary>
public sealed class GradientCheckException : Exception
{
    internal GradientCheckException(string message, GradientDifference difference) : base(message) => Difference = difference;

    /// <summary>The element, with both gradients.</summary>
    public GradientDifference Difference { get; }
}
