namespace SeqCore.Kernels.Norms;

/// <summary>The difference between layer and root-mean-square normalisation, for kernels of all devices.</summary>
internal interface INormKind
{
    /// <summary>Whether the mean is subtracted and a bias is added.</summary>
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
