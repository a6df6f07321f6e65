using SeqCore.Models;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>A source, its right translations, and what a model made of it.</summary>
/// <param name="Source">The source.</param>
/// <param name="References">All right translations, one for each pair with this source.</param>
/// <param name="Translation">The translation of the model.</param>
internal sealed record Examined(string Source, IReadOnlyList<string> References, Translation Translation)
{
    /// <summary>The number of words of the source.</summary>
    public int SourceWords => Source.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
}

/// <summary>The translations of some sources, and how good they are.</summary>
/// <param name="Sources">The sources, their references and translations.</param>
internal sealed record Examination(IReadOnlyList<Examined> Sources)
{
    /// <summary>The number of sources whose translation equals one of the references, token by token.</summary>
    /// <param name="vocabularies">The vocabularies of the model.</param>
    public Score Exact(Vocabularies vocabularies) => new(Sources.Count, Sources.Count(s => s.Translation.IsComplete
        && s.References.Any(r => vocabularies.Target.Encode(r).AsSpan().SequenceEqual([.. s.Translation.Tokens]))));

    /// <summary>BLEU and chrF of all pairs.</summary>
    public TextScores Texts() => TextScores.Of(Sources);

    /// <summary>BLEU of the pairs by the number of words of their sources, without lengths that no source has.</summary>
    public IReadOnlyList<LengthScore> ByLength() => [.. LengthScore.Bins
        .Select(bin => (bin.Least, bin.Most, In: Sources.Where(s => s.SourceWords >= bin.Least && s.SourceWords <= bin.Most)
            .ToArray()))
        .Where(b => b.In.Length > 0)
        .Select(b => new LengthScore(b.Least, b.Most, b.In.Sum(s => s.References.Count), b.In.Average(s => s.SourceWords),
            TextScores.Of(b.In)))];
}

/// <summary>The number of right translations.</summary>
/// <param name="Count">The number of sources.</param>
/// <param name="Right">The number of sources whose translation is right.</param>
internal readonly record struct Score(int Count, int Right)
{
    /// <summary>The fraction of right translations, in [0, 1].</summary>
    public double Share => (double)Right / Count;
}

/// <summary>Scores of a corpus, in percent, as sacreBLEU computes them: each pair counts with its own reference.</summary>
/// <param name="Bleu">BLEU with capitals as they are.</param>
/// <param name="Lowercase">BLEU of texts in lower case.</param>
/// <param name="Chrf">chrF.</param>
/// <param name="Details">BLEU with what it is made of.</param>
internal sealed record TextScores(double Bleu, double Lowercase, double Chrf, BleuScore Details)
{
    private static readonly Bleu bleu = new(), lowercase = new(new BleuOptions { Lowercase = true });
    private static readonly Chrf chrf = new();

    /// <summary>The settings of the scores, as sacreBLEU writes them.</summary>
    public static IReadOnlyList<string> Signatures { get; } =
        [$"BLEU|{bleu.Signature()}", $"BLEU|{lowercase.Signature()}", $"{chrf.Name}|{chrf.Signature()}"];

    /// <summary>Scores some translations.</summary>
    public static TextScores Of(IReadOnlyList<Examined> sources)
    {
        string[] written = [.. sources.SelectMany(s => s.References.Select(_ => s.Translation.Text))];
        string[] references = [.. sources.SelectMany(s => s.References)];
        var details = bleu.Details(written, references);
        return new TextScores(details.Score, lowercase.Score(written, references), chrf.Score(written, references), details);
    }
}

/// <summary>The scores of sources of about the same length.</summary>
/// <param name="Least">The smallest number of words.</param>
/// <param name="Most">The largest number of words.</param>
/// <param name="Pairs">The number of pairs.</param>
/// <param name="MeanLength">The mean number of words of a source.</param>
/// <param name="Scores">The scores.</param>
internal sealed record LengthScore(int Least, int Most, int Pairs, double MeanLength, TextScores Scores)
{
    /// <summary>The smallest and the largest number of words of each bin.</summary>
    public static IReadOnlyList<(int Least, int Most)> Bins { get; } =
        [(1, 8), (9, 11), (12, 14), (15, 18), (19, 24), (25, int.MaxValue)];

    /// <summary>The lengths of the bin, as in 9-11.</summary>
    public string Name => Most == int.MaxValue ? $"{Least}+" : $"{Least}-{Most}";
}
