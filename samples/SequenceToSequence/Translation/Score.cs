namespace SeqCore.Samples.SequenceToSequence.Translation;

/// <summary>How many translations are right.</summary>
/// <param name="Count">Sources.</param>
/// <param name="Right">Those whose best translation is one of those that were wanted, token by token.</param>
internal readonly record struct Score(int Count, int Right)
{
    /// <summary>In [0, 1].</summary>
    public double Share => (double)Right / Count;

    /// <summary>Compares translations with what was wanted.</summary>
    /// <param name="translations">Of each source.</param>
    /// <param name="wanted">Of each source, every right translation.</param>
    public static Score Of(IEnumerable<Translated> translations, IEnumerable<IReadOnlyList<int[]>> wanted)
    {
        var right = translations.Zip(wanted,
            (t, all) => t.IsComplete && all.Any(w => w.AsSpan().SequenceEqual(t.Tokens))).ToArray();
        return new Score(right.Length, right.Count(r => r));
    }
}
