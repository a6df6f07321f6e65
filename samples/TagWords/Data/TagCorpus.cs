using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>Tagged sentences for training, validation and tests.</summary>
/// <param name="Training">The sentences to train on.</param>
/// <param name="Validation">The sentences by which options and the best weights are chosen.</param>
/// <param name="Test">The sentences for the last score; may be empty.</param>
internal sealed record TagCorpus(TaggedFile Training, TaggedFile Validation, TaggedFile Test)
{
    private const int MostInSplit = 5000, Fewest = 10;

    /// <summary>
    /// Takes a tenth of the sentences for validation and another for tests, unless there are such sentences already. Which ones
    /// depends on the seed alone; equal sentences are never in two parts.
    /// </summary>
    /// <param name="all">The sentences to train on, and those to take from.</param>
    /// <param name="validation">The sentences for validation; null to take some.</param>
    /// <param name="test">The sentences for tests; null to take some, unless there are sentences for validation.</param>
    /// <param name="seed">The seed of the split.</param>
    /// <exception cref="DataSourceException">There are too few sentences.</exception>
    public static TagCorpus Split(TaggedFile all, TaggedFile? validation, TaggedFile? test, ulong seed)
    {
        if (validation is not null)
            return new TagCorpus(all, validation, test ?? all.With([]));
        var groups = all.Sentences.GroupBy(s => string.Join('\n', s.Tokens), StringComparer.Ordinal)
            .Select(g => g.ToArray()).ToArray();
        if (groups.Length < Fewest)
        {
            throw new DataSourceException($"{all.Name} has {Show.Number(groups.Length, "different sentence")}; there should be at"
                + $" least {Fewest}, preferably thousands. With fewer give others with --validation.");
        }

        Shuffle(groups, seed);
        var wanted = Math.Min(MostInSplit, Math.Max(1, all.Sentences.Count / 10));
        var rest = new Queue<TaggedText[]>(groups);
        var ownTest = test ?? Take();
        var ownValidation = Take();
        return new TagCorpus(all.With([.. rest.SelectMany(g => g)]), ownValidation, ownTest);

        TaggedFile Take()
        {
            var taken = new List<TaggedText>();
            while (taken.Count < wanted && rest.Count > 1)
                taken.AddRange(rest.Dequeue());
            return all.With(taken);
        }
    }

    private static void Shuffle<T>(T[] items, ulong seed)
    {
        var random = new RandomGenerator(seed);
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = random.NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
