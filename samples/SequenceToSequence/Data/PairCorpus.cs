using SeqCore.Models;

namespace SeqCore.Samples.SequenceToSequence.Data;

/// <summary>Pairs of texts, split into those for training and those for validation; no source is in both.</summary>
internal sealed class PairCorpus
{
    private const ulong SplitSeed = 0x73706C6974;
    private const int MostForValidation = 1000;

    /// <summary>Splits pairs, about a tenth for validation, always in the same way.</summary>
    /// <param name="pairs">Sources and targets.</param>
    /// <param name="name">What errors call them.</param>
    /// <exception cref="DataSourceException">There are too few.</exception>
    public PairCorpus(IReadOnlyList<(string Source, string Target)> pairs, string name)
    {
        var groups = pairs.GroupBy(p => p.Source, StringComparer.Ordinal).Select(g => g.ToArray()).ToArray();
        if (groups.Length < 10)
        {
            throw new DataSourceException($"{name} has {groups.Length} different sources;"
                + " there should be at least ten, better thousands.");
        }

        Shuffle(groups);
        var wanted = Math.Min(MostForValidation, Math.Max(1, pairs.Count / 10));
        var count = 0;
        var taken = groups.TakeWhile(g => (count += g.Length) - g.Length < wanted).Count();
        Validation = [.. groups.Take(taken).SelectMany(g => g)];
        Training = [.. groups.Skip(taken).SelectMany(g => g)];
        Name = name;
    }

    /// <summary>What errors call the pairs.</summary>
    public string Name { get; }

    /// <summary>To learn from.</summary>
    public IReadOnlyList<(string Source, string Target)> Training { get; }

    /// <summary>To be judged on.</summary>
    public IReadOnlyList<(string Source, string Target)> Validation { get; }

    private static void Shuffle<T>(T[] items)
    {
        var random = new RandomGenerator(SplitSeed);
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = random.NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
