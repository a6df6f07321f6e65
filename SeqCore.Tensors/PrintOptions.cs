namespace SeqCore;

/// <summary>Specifies how tensors are written as text.</summary>
public sealed record PrintOptions
{
    /// <summary>The options that ToString uses by default.</summary>
    public static PrintOptions Default { get; } = new();

    /// <summary>The number of digits after the decimal point, 0 to 9.</summary>
    public int Digits { get; init; } = 4;

    /// <summary>The number of elements above which long axes are abbreviated.</summary>
    public int Threshold { get; init; } = 1000;

    /// <summary>The number of elements shown at either end of an abbreviated axis.</summary>
    public int EdgeItems { get; init; } = 3;
}
