namespace SeqCore;

/// <summary>Specifies how tensors are written as text.</summary>
public sealed record PrintOptions
{
    /// <summary>The options that ToString uses by default.</summary>
    public static PrintOptions Default { get; } = new();

    /// <summary>The number of digits after the decimal point, 0 to 9; 4 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not between 0 and 9.</exception>
    public int Digits { get; init => field = Checked(value, 0, 9, nameof(Digits)); } = 4;

    /// <summary>The number of elements, at least 0, above which long axes are abbreviated; 1,000 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int Threshold { get; init => field = Checked(value, 0, int.MaxValue, nameof(Threshold)); } = 1000;

    /// <summary>The number of elements, at least 1, shown at either end of an abbreviated axis; 3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not at least 1.</exception>
    public int EdgeItems { get; init => field = Checked(value, 1, int.MaxValue, nameof(EdgeItems)); } = 3;

    private static int Checked(int value, int least, int most, string name) => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"PrintOptions: {name} should be "
            + (most < int.MaxValue ? $"between {least} and {most}." : $"at least {least}."));
}
