using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>Takes a tenth of a user's examples for validation, and another for tests.</summary>
public static class TenthSplit
{
    private const int Fewest = 10, Most = 5000;

    /// <summary>
    /// Splits examples, at most 5,000 into each of the smaller parts. Which ones depends on the seed alone, and equal examples
    /// are never in two parts.
    /// </summary>
    /// <param name="examples">The examples.</param>
    /// <param name="key">Returns what equal examples have in common, such as their text.</param>
    /// <param name="hasTest">Whether there is a part for tests too.</param>
    /// <param name="seed">The seed of the split.</param>
    /// <param name="name">The name of the data in errors.</param>
    /// <param name="unit">What an example is called in errors, such as "text".</param>
    /// <exception cref="DataSourceException">There are too few different examples.</exception>
    public static DataSplit<T> Of<T>(IReadOnlyList<T> examples, Func<T, string> key, bool hasTest, ulong seed, string name,
        string unit)
    {
        var different = examples.Select(key).Distinct(StringComparer.Ordinal).Count();
        if (different < Fewest)
        {
            throw new DataSourceException($"{name} has {Show.Number(different, $"different {unit}")}; there should be at least"
                + $" {Fewest}, preferably thousands. With fewer, name a file of others with --validation.");
        }

        var tenth = Math.Min(Most, Math.Max(1, examples.Count / 10));
        return DataSplit.Of(examples, tenth, hasTest ? tenth : 0, seed, key);
    }
}
