namespace SeqCore.Samples.SequenceToSequence.Translation;

/// <summary>Lets a model translate what it was not trained on.</summary>
internal static class Judge
{
    /// <summary>Translates the different sources of some pairs and counts those that are right.</summary>
    /// <param name="translator">Translates.</param>
    /// <param name="pairs">For validation.</param>
    /// <param name="most">Sources at most.</param>
    /// <param name="cancellation">Ends it.</param>
    public static (Score Score, IReadOnlyList<(int[] Source, Translated Translated)> Translations) Examine(Translator translator,
        IEnumerable<(int[] Source, int[] Target)> pairs, int most, CancellationToken cancellation)
    {
        var groups = pairs.GroupBy(p => string.Join(',', p.Source)).Take(most).Select(g => g.ToArray()).ToArray();
        int[][] sources = [.. groups.Select(g => g[0].Source)];
        Translated[] found = [.. translator.TranslateAll(sources, cancellation).Select(t => t[0])];
        var score = Score.Of(found, groups.Select(g => (IReadOnlyList<int[]>)[.. g.Select(p => p.Target)]));
        return (score, [.. sources.Zip(found)]);
    }
}
