using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>Texts with labels for training, validation and tests.</summary>
internal sealed class LabelledCorpus
{
    private LabelledCorpus(IReadOnlyList<SourcedText> training, IReadOnlyList<SourcedText> validation,
        IReadOnlyList<SourcedText> test) =>
        (Training, Validation, Test) = (training, validation, test);

    /// <summary>The texts to train on.</summary>
    public IReadOnlyList<SourcedText> Training { get; }

    /// <summary>The texts by which options and the best weights are chosen.</summary>
    public IReadOnlyList<SourcedText> Validation { get; }

    /// <summary>The texts for the last score; may be empty.</summary>
    public IReadOnlyList<SourcedText> Test { get; }

    /// <summary>Whether texts for validation were taken from those to train on.</summary>
    public bool IsSplit { get; private init; }

    /// <summary>
    /// Takes a tenth of the texts for validation and another for tests, unless there are such texts already. Which ones depends
    /// on the seed alone; equal texts are never in two parts.
    /// </summary>
    /// <param name="name">The name of the texts in errors.</param>
    /// <param name="texts">The texts to train on, and those to take from.</param>
    /// <param name="validation">The texts for validation; null to take some.</param>
    /// <param name="test">The texts for tests; null to take some, unless there are texts for validation.</param>
    /// <param name="seed">The seed of the split.</param>
    /// <exception cref="DataSourceException">There are too few texts.</exception>
    public static LabelledCorpus Split(string name, IReadOnlyList<SourcedText> texts, IReadOnlyList<SourcedText>? validation,
        IReadOnlyList<SourcedText>? test, ulong seed)
    {
        if (validation is not null)
            return new LabelledCorpus(texts, validation, test ?? []);
        var split = TenthSplit.Of(texts, t => t.Text.Text, hasTest: test is null, seed, name, "text");
        return new LabelledCorpus(split.Training, split.Validation, test ?? split.Test) { IsSplit = true };
    }

    /// <summary>The same texts, where those for validation are among those to train on.</summary>
    public LabelledCorpus TrainedOnValidation() => new([.. Training, .. Validation], Validation, Test) { IsSplit = IsSplit };

    /// <summary>The labels of a list of texts, checked to be labels and not numbers or texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="least">The smallest number of different labels.</param>
    /// <exception cref="DataSourceException">There are too few different labels, or almost as many as texts.</exception>
    public static IReadOnlyList<string> LabelsOf(IReadOnlyList<SourcedText> texts, int least)
    {
        const int Usual = 50;
        var labels = LabelledText.LabelsOf(texts.Select(t => t.Text));
        var name = texts[0].Path is { } path ? $"'{path}'" : "The data";
        if (labels.Count < least)
        {
            throw new DataSourceException($"{name} has {Show.Number(labels.Count, "different label")}; there should be at least"
                + $" {least}.");
        }

        if (labels.Count > Usual && labels.Count > texts.Count / 2)
        {
            throw new DataSourceException($"{name} has {Show.Count(labels.Count)} different labels for {Show.Count(texts.Count)}"
                + $" texts, such as '{labels[0]}'. Labels should be few; choose their column with --label-column.");
        }

        return labels;
    }

    /// <summary>Makes sure that a model knows all labels.</summary>
    /// <exception cref="DataSourceException">It does not know one; the message names the place.</exception>
    public static void RequireKnown(IEnumerable<SourcedText> texts, IReadOnlyList<string> labels)
    {
        const int Listed = 20;
        var known = labels.ToHashSet(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            if (text.Text.Labels.FirstOrDefault(l => !known.Contains(l)) is { } unknown)
            {
                throw new DataSourceException($"{text.Place}: the label '{unknown}' is none of those of training:"
                    + $" {string.Join(", ", labels.Take(Listed))}{(labels.Count > Listed ? ", ..." : "")}.");
            }
        }
    }
}
