namespace SeqCore.Models;

/// <summary>
/// Divides a small set into folds, each of which is the test for a model that is trained on the others, so that each example is
/// predicted once by a model that has not seen it.
/// </summary>
/// <example>
/// <code>
/// string[] labels = [.. Enumerable.Range(0, 20).Select(i => i % 4 == 0 ? "rare" : "usual")];
/// var folds = CrossValidation.Folds(labels, count: 5, label: l => l);
/// Console.WriteLine((folds[0].Training.Count, folds[0].Test.Count));    // (16, 4)
/// Console.WriteLine(folds[0].Test.Count(l => l == "rare"));             // 1
/// </code>
/// </example>
public static class CrossValidation
{
    /// <summary>Divides examples into folds of equal size, as far as numbers allow; they keep their order.</summary>
    /// <typeparam name="T">The type of an example.</typeparam>
    /// <param name="examples">The examples, at least as many as folds.</param>
    /// <param name="count">The number of folds, at least 2; 5 by default.</param>
    /// <param name="seed">The seed of the division; 1 by default.</param>
    /// <param name="label">
    /// Returns the label of an example: each label is then spread over the folds evenly, and one of fewer examples than folds is
    /// missing from some. Null, the default, leaves it to chance.
    /// </param>
    /// <returns>For each fold a split, whose test is the fold; there is no part for validation.</returns>
    /// <exception cref="DataSourceException">There are fewer examples than folds.</exception>
    public static IReadOnlyList<DataSplit<T>> Folds<T>(IReadOnlyList<T> examples, int count = 5, ulong seed = 1,
        Func<T, string>? label = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        Argument.AtLeast(count, nameof(CrossValidation), nameof(count), 2);
        if (examples.Count < count)
        {
            throw new DataSourceException($"{Counted.Of(examples.Count, "example")} cannot be divided into {count} folds. Use"
                + " fewer folds or more examples.");
        }

        var order = new int[examples.Count];
        ShuffledOrder.Shuffle(order, new RandomGenerator(seed));
        var fold = new int[examples.Count];
        foreach (var (dealt, i) in order.OrderBy(i => label is null ? "" : label(examples[i]), StringComparer.Ordinal).Index())
            fold[i] = dealt % count;
        return [.. Enumerable.Range(0, count)
            .Select(f => new DataSplit<T>(Part(i => fold[i] != f), [], Part(i => fold[i] == f)))];

        IReadOnlyList<T> Part(Func<int, bool> isIn) => [.. examples.Where((_, i) => isIn(i))];
    }
}
