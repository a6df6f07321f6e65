namespace SeqCore.Models;

/// <summary>
/// Splits examples at random into parts for training, validation and test. The split depends only on the examples, their order
/// and the seed.
/// </summary>
/// <example>
/// <code>
/// LabelledText[] reviews = [.. Enumerable.Range(0, 100)
///     .Select(i => new LabelledText($"film {i / 2}", i % 10 == 0 ? "bad" : "good"))];
/// var split = DataSplit.Of(reviews, validation: 0.2, test: 10, seed: 1, label: r => r.Labels[0]);
/// Console.WriteLine((split.Training.Count, split.Validation.Count, split.Test.Count));    // (70, 20, 10)
/// Console.WriteLine(split.Validation.Count(r => r.Labels[0] == "bad"));                   // 2
///
/// // Both reviews of a film are in the same part.
/// var films = DataSplit.Of(reviews, validation: 0.2, group: r => r.Text);
/// var shared = films.Training.Select(r => r.Text).Intersect(films.Validation.Select(r => r.Text));
/// Console.WriteLine(shared.Count());                                                      // 0
/// </code>
/// </example>
public static class DataSplit
{
    /// <summary>Splits examples; each part has them in a random order.</summary>
    /// <typeparam name="T">The type of an example.</typeparam>
    /// <param name="examples">The examples.</param>
    /// <param name="validation">The size of the part for validation, an int for a number or a double for a fraction.</param>
    /// <param name="test">The size of the part for test; none by default.</param>
    /// <param name="seed">The seed of the random order; 1 by default.</param>
    /// <param name="group">
    /// Returns what examples that must not be separated have in common, such as their source: a part then has whole groups, and
    /// for the last of them it may be larger than asked for. Null, the default, takes each example alone.
    /// </param>
    /// <param name="label">
    /// Returns the label of an example: each label then has the same share of every part, as far as numbers allow. A group counts
    /// by the label of its first example. Null, the default, leaves the shares to chance.
    /// </param>
    /// <exception cref="DataSourceException">No example is left for training.</exception>
    public static DataSplit<T> Of<T>(IReadOnlyList<T> examples, SplitSize validation, SplitSize test = default, ulong seed = 1,
        Func<T, string>? group = null, Func<T, string>? label = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var (forValidation, forTest) = (validation.Of(examples.Count), test.Of(examples.Count));
        if ((long)forValidation + forTest >= examples.Count)
        {
            throw new DataSourceException($"Of {Counted.Of(examples.Count, "example")}, {forValidation} for validation and"
                + $" {forTest} for test leave none for training. Use smaller parts or more examples.");
        }

        var groups = Groups(examples, group);
        var strata = Strata(examples, groups, label);
        var quotas = (Validation: Shares(strata, forValidation, examples.Count), Test: Shares(strata, forTest, examples.Count));
        var order = new int[groups.Count];
        ShuffledOrder.Shuffle(order, new RandomGenerator(seed));
        var (parts, taken) = (new List<T>[] { [], [], [] }, new int[2, quotas.Validation.Length]);
        foreach (var g in order)
        {
            var stratum = strata[g].Stratum;
            var part = taken[0, stratum] < quotas.Validation[stratum] ? 0 : taken[1, stratum] < quotas.Test[stratum] ? 1 : 2;
            if (part < 2)
                taken[part, stratum] += groups[g].Count;
            parts[part].AddRange(groups[g].Select(i => examples[i]));
        }

        if (parts[2].Count == 0)
        {
            throw new DataSourceException($"The {Counted.Of(examples.Count, "example")} are in"
                + $" {Counted.Of(groups.Count, "group")}, which leave none for training. Use smaller parts or smaller groups.");
        }

        return new DataSplit<T>(parts[2], parts[0], parts[1]);
    }

    /// <summary>Returns the indices of the examples of each group, in the order of their first examples.</summary>
    private static List<List<int>> Groups<T>(IReadOnlyList<T> examples, Func<T, string>? group)
    {
        var (groups, places) = (new List<List<int>>(), new Dictionary<string, int>(StringComparer.Ordinal));
        for (var i = 0; i < examples.Count; i++)
        {
            var key = group is null ? null : KeyOf(group, examples[i], i, nameof(group));
            if (key is null || places.TryAdd(key, groups.Count))
                groups.Add([i]);
            else
                groups[places[key]].Add(i);
        }

        return groups;
    }

    /// <summary>Returns the number of each group's label, and its examples.</summary>
    private static (int Stratum, int Size)[] Strata<T>(IReadOnlyList<T> examples, List<List<int>> groups,
        Func<T, string>? label)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. groups.Select(g =>
        {
            var name = label is null ? "" : KeyOf(label, examples[g[0]], g[0], nameof(label));
            places.TryAdd(name, places.Count);
            return (places[name], g.Count);
        })];
    }

    /// <summary>Divides a number of examples among labels in proportion, by the largest remainders.</summary>
    private static int[] Shares((int Stratum, int Size)[] strata, int wanted, int count)
    {
        var sizes = new long[strata.Max(s => s.Stratum) + 1];
        foreach (var (stratum, size) in strata)
            sizes[stratum] += size;
        int[] shares = [.. sizes.Select(s => (int)(s * wanted / count))];
        var rest = wanted - shares.Sum();
        foreach (var stratum in Enumerable.Range(0, sizes.Length).OrderByDescending(s => sizes[s] * wanted % count).Take(rest))
            shares[stratum]++;
        return shares;
    }

    private static string KeyOf<T>(Func<T, string> key, T example, int index, string name) =>
        key(example) ?? throw new ArgumentException($"DataSplit: {name} returned null for example {index}.", name);
}

/// <summary>The parts that <see cref="DataSplit.Of{T}"/> makes.</summary>
/// <typeparam name="T">The type of an example.</typeparam>
/// <param name="Training">The examples for training, at least one.</param>
/// <param name="Validation">The examples for validation.</param>
/// <param name="Test">The examples for test.</param>
public sealed record DataSplit<T>(IReadOnlyList<T> Training, IReadOnlyList<T> Validation, IReadOnlyList<T> Test);
