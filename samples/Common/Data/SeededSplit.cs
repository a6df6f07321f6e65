namespace SeqCore.Samples.Common;

/// <summary>
/// Takes examples for validation and tests from those to train on. Which ones depends on the seed alone, and equal examples are
/// never in two parts.
/// </summary>
/// <typeparam name="T">The type of an example.</typeparam>
public sealed class SeededSplit<T>
{
    private const int Most = 5000;
    private readonly Queue<T[]> rest;
    private readonly int wanted;

    /// <summary>Shuffles examples.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="key">Returns what equal examples have in common, such as their text.</param>
    /// <param name="seed">The seed of the split.</param>
    public SeededSplit(IReadOnlyList<T> examples, Func<T, string> key, ulong seed)
    {
        var groups = examples.GroupBy(key, StringComparer.Ordinal).Select(g => g.ToArray()).ToArray();
        (Different, wanted) = (groups.Length, Math.Min(Most, Math.Max(1, examples.Count / 10)));
        var random = new RandomGenerator(seed);
        for (var i = groups.Length - 1; i > 0; i--)
        {
            var j = random.NextInt32(i + 1);
            (groups[i], groups[j]) = (groups[j], groups[i]);
        }

        rest = new Queue<T[]>(groups);
    }

    /// <summary>The number of different examples.</summary>
    public int Different { get; }

    /// <summary>Takes about a tenth of all examples, at most 5,000, and leaves at least one.</summary>
    public IReadOnlyList<T> TakeTenth()
    {
        var taken = new List<T>();
        while (taken.Count < wanted && rest.Count > 1)
            taken.AddRange(rest.Dequeue());
        return taken;
    }

    /// <summary>Takes all examples that are left.</summary>
    public IReadOnlyList<T> TakeRest()
    {
        T[] taken = [.. rest.SelectMany(g => g)];
        rest.Clear();
        return taken;
    }
}
