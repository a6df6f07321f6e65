namespace SeqCore.Kernels.Attention;

/// <summary>
/// Whether the scores of an attention are capped. Kernels are compiled for both cases, so that a cap costs nothing where there is
/// none.
/// </summary>
internal interface IAttentionCap
{
    static abstract bool IsCapped { get; }
}

/// <summary>The scores are the scaled products s = scale q k.</summary>
internal readonly struct UncappedScores : IAttentionCap
{
    public static bool IsCapped => false;
}

/// <summary>The scores are cap tanh(s / cap) of the scaled products s = scale q k.</summary>
internal readonly struct CappedScores : IAttentionCap
{
    public static bool IsCapped => true;
}
