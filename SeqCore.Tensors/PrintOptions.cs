namespace SeqCore;

/// <summary>How tensors are written as text.</summary>
public sealed record PrintOptions
{
    /// <summary>What ToString uses.</summary>
    public static PrintOptions Default { get; } = new();

    /// <summary>Digits after the decimal point, 0 to 9.</summary>
    public int Digits { get; init; } = 4;

    /// <summary>More elements than this, and long axes are abbreviated.</summary>
    public int Threshold { get; init; } = 1000;

    /// <summary>Elements shown at either end of an abbreviated axis.</summary>
    public int EdgeItems { get; init; } = 3;
}
