namespace SeqCore.Models;

/// <summary>Checks the labels that a model is made for, and their weights.</summary>
internal static class LabelNames
{
    /// <summary>Requires labels that are text, all different, and enough of them.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="least">The least number of labels.</param>
    /// <param name="owner">The name of the model in errors.</param>
    /// <param name="unit">What a label is called: "label" or "tag".</param>
    /// <param name="name">The name of the option.</param>
    internal static void Require(IReadOnlyList<string> labels, int least, string owner, string unit, string name)
    {
        ArgumentNullException.ThrowIfNull(labels, name);
        if (labels.Count < least)
        {
            throw new ArgumentException($"{owner}: {name} should be at least {least} different {unit}s; got"
                + $" {Counted.Of(labels.Count, unit)}.", name);
        }

        for (var i = 0; i < labels.Count; i++)
        {
            if (string.IsNullOrEmpty(labels[i]))
                throw new ArgumentException($"{owner}: {unit} {i} is empty or null.", name);
            WellFormedText.Require(labels[i], $"{owner}, {unit} {i}", name);
        }

        if (labels.GroupBy(l => l, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } repeated)
            throw new ArgumentException($"{owner}: the {unit} '{repeated.Key}' is listed twice.", name);
    }

    /// <summary>Requires a weight above 0 for each label.</summary>
    /// <param name="weights">The weights; null for none.</param>
    /// <param name="labels">The number of labels.</param>
    /// <param name="owner">The name of the model in errors.</param>
    /// <param name="name">The name of the option.</param>
    internal static void RequireWeights(IReadOnlyList<float>? weights, int labels, string owner, string name)
    {
        if (weights is null)
            return;
        if (weights.Count != labels)
        {
            throw new ArgumentException($"{owner}: {name} should have one weight for each of the {labels} labels; got"
                + $" {weights.Count}.", name);
        }

        foreach (var weight in weights)
            Argument.Positive(weight, owner, name);
    }

    /// <summary>Returns the index of a label.</summary>
    /// <param name="labels">The labels of the model, in their order.</param>
    /// <param name="label">The label.</param>
    /// <param name="owner">The name of the model in errors.</param>
    /// <param name="example">What has the label: "text 3".</param>
    /// <exception cref="ArgumentException">The label is none of the model's.</exception>
    internal static int Index(IReadOnlyDictionary<string, int> labels, string? label, string owner, string example) =>
        label is not null && labels.TryGetValue(label, out var index)
            ? index
            : throw new ArgumentException($"{owner}: {example} has the label '{label}', which is none of the model's:"
                + $" {string.Join(", ", labels.Keys.Take(20))}{(labels.Count > 20 ? ", ..." : "")}.", nameof(label));
}
