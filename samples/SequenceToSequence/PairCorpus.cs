using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>Pairs of texts, split into those for training and those for validation; no source is in both.</summary>
internal sealed class PairCorpus
{
    private const ulong SplitSeed = 0x73706C6974;
    private const int MostForValidation = 1000;

    /// <summary>Splits pairs, about a tenth for validation, always in the same way.</summary>
    /// <param name="pairs">Sources and targets.</param>
    /// <param name="name">The name of the pairs in errors.</param>
    /// <param name="validation">
    /// The pairs for validation, so that all others are for training, but for those with the same sources; null to split.
    /// </param>
    /// <exception cref="DataSourceException">There are too few pairs.</exception>
    public PairCorpus(IReadOnlyList<(string Source, string Target)> pairs, string name,
        IReadOnlyList<(string Source, string Target)>? validation = null)
    {
        Name = name;
        if (validation is not null)
        {
            var heldOut = validation.Select(p => p.Source).ToHashSet(StringComparer.Ordinal);
            (Validation, Training) = (validation, [.. pairs.Where(p => !heldOut.Contains(p.Source))]);
            if (Training.Count == 0)
                throw new DataSourceException($"{name} has no source that the pairs for validation do not have too.");
            return;
        }

        var sources = pairs.Select(p => p.Source).Distinct(StringComparer.Ordinal).Count();
        if (sources < 10)
        {
            throw new DataSourceException($"{name} has {Show.Number(sources, "different source")}; there should be at least ten,"
                + " preferably thousands.");
        }

        var split = DataSplit.Of(pairs, Math.Min(MostForValidation, Math.Max(1, pairs.Count / 10)), seed: SplitSeed,
            group: p => p.Source);
        (Training, Validation) = (split.Training, split.Validation);
    }

    /// <summary>The name of the pairs in errors.</summary>
    public string Name { get; }

    /// <summary>The pairs for training.</summary>
    public IReadOnlyList<(string Source, string Target)> Training { get; }

    /// <summary>The pairs for validation.</summary>
    public IReadOnlyList<(string Source, string Target)> Validation { get; }
}
