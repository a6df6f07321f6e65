using System.Globalization;

namespace SeqCore.Models;

/// <summary>
/// The size of a part that <see cref="DataSplit"/> makes: an int is a number of examples, a double a fraction of them.
/// </summary>
public readonly record struct SplitSize
{
    private SplitSize(int count, double? fraction) => (Count, Fraction) = (count, fraction);

    /// <summary>The number of examples; 0 if the size is a fraction.</summary>
    public int Count { get; }

    /// <summary>The fraction of the examples, in [0, 1); null if the size is a number.</summary>
    public double? Fraction { get; }

    /// <summary>Makes the size of a part with a number of examples, at least 0.</summary>
    public static implicit operator SplitSize(int count) =>
        new(Argument.AtLeast(count, nameof(SplitSize), nameof(count), 0), null);

    /// <summary>Makes the size of a part with a fraction of the examples, in [0, 1).</summary>
    public static implicit operator SplitSize(double fraction) => fraction is >= 0 and < 1
        ? new(0, fraction)
        : throw new ArgumentOutOfRangeException(nameof(fraction), fraction,
            "SplitSize: a fraction should be in [0, 1). Give a number of examples as an int.");

    /// <summary>Returns the number or the fraction.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Fraction ?? Count}");

    /// <summary>
    /// Returns the number of examples out of all: that of a fraction is rounded, but at least 1 unless the fraction is 0.
    /// </summary>
    internal int Of(int count) => Fraction is not { } fraction ? Count
        : fraction == 0 ? 0
        : Math.Max(1, (int)Math.Round(fraction * count));
}
