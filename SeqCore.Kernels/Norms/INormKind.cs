namespace SeqCore.Kernels;

/// <summary>What layer and root-mean-square normalisation differ in, for kernels of every device.</summary>
internal interface INormKind
{
    /// <summary>Whether the mean is taken off, and a bias added.</summary>
    static abstract bool Centred { get; }
}

/// <summary>n = (x - mean) rstd</summary>
internal readonly struct LayerNormKind : INormKind
{
    public static bool Centred => true;
}

/// <summary>n = x rstd</summary>
internal readonly struct RmsNormKind : INormKind
{
    public static bool Centred => false;
}
