using SeqCore.Models;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>Pairs of texts, split into those for training and those for validation; no source is in both.</summary>
internal sealed class PairCorpus
{
    private const ulong SplitSeed = 0x73706C6974;
    private const int MostForValidation = 1000;

    /// <summary>Splits pairs, about a tenth for validation, always in the same way.</summary>
    /// <param name="pairs">Sources and targets.</param>
    /// <param name="name">The name of the pairs in errors.</param>
    /// <exception cref="DataSourceException">There are too few pairs.</exception>
    public PairCorpus(IReadOnlyList<(string Source, string Target)> pairs, string name)
    {
        var sources = pairs.Select(p => p.Source).Distinct(StringComparer.Ordinal).Count();
        if (sources < 10)
        {
            throw new DataSourceException($"{name} has {sources} different sources; there should be at least ten, preferably"
                + " thousands.");
        }

        var split = DataSplit.Of(pairs, Math.Min(MostForValidation, Math.Max(1, pairs.Count / 10)), seed: SplitSeed,
            group: p => p.Source);
        (Training, Validation) = (split.Training, split.Validation);
        Name = name;
    }

    /// <summary>The name of the pairs in errors.</summary>
    public string Name { get; }

    /// <summary>The pairs for training.</summary>
    public IReadOnlyList<(string Source, string Target)> Training { get; }

    /// <summary>The pairs for validation.</summary>
    public IReadOnlyList<(string Source, string Target)> Validation { get; }
}

/// <summary>The vocabularies of sources and targets, which encode pairs.</summary>
/// <param name="Source">The vocabulary of the sources.</param>
/// <param name="Target">The vocabulary of the targets.</param>
internal sealed record Vocabularies(UnitTokenizer Source, UnitTokenizer Target)
{
    /// <summary>Whether tokens are words; else characters.</summary>
    public bool AreWords => Source is WordTokenizer;

    /// <summary>The plural name of tokens: words or characters.</summary>
    public string Level => AreWords ? "words" : "characters";

    /// <summary>The name of a token: word or character.</summary>
    public string Unit => Level[..^1];

    /// <summary>The vocabularies of some pairs.</summary>
    /// <param name="pairs">The pairs for training.</param>
    /// <param name="areWords">Whether tokens are words.</param>
    /// <param name="most">The largest number of words on either side.</param>
    public static Vocabularies Of(IReadOnlyList<(string Source, string Target)> pairs, bool areWords, int most)
    {
        return new Vocabularies(New(pairs.Select(p => p.Source)), New(pairs.Select(p => p.Target)));

        UnitTokenizer New(IEnumerable<string> texts)
        {
            var all = string.Join(areWords ? "\n" : "", texts);
            return areWords ? new WordTokenizer(all, most) : new MarkedCharacterTokenizer(all);
        }
    }

    /// <summary>The pairs as tokens, without those that have too many.</summary>
    /// <param name="pairs">The pairs of texts.</param>
    /// <param name="longest">The largest number of tokens of a source, and of a target with its end.</param>
    public (int[] Source, int[] Target)[] Encode(IEnumerable<(string Source, string Target)> pairs, int longest) =>
        [.. pairs.Select(p => (Source: Source.Encode(p.Source), Target: Target.Encode(p.Target)))
            .Where(p => p.Source.Length > 0 && p.Source.Length <= longest && p.Target.Length < longest)];
}
