using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>Tagged sentences for training, validation and tests.</summary>
/// <param name="Training">The sentences to train on.</param>
/// <param name="Validation">The sentences by which options and the best weights are chosen.</param>
/// <param name="Test">The sentences for the last score; may be empty.</param>
internal sealed record TagCorpus(TaggedFile Training, TaggedFile Validation, TaggedFile Test)
{
    /// <summary>Whether sentences for validation were taken from those to train on.</summary>
    public bool IsSplit { get; private init; }

    /// <summary>What equal sentences have in common.</summary>
    public static string Key(TaggedText sentence) => string.Join('\n', sentence.Tokens);

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
        var split = TenthSplit.Of(all.Sentences, Key, hasTest: test is null, seed, all.Name, "sentence");
        return new TagCorpus(all.With(split.Training), all.With(split.Validation), test ?? all.With(split.Test))
        {
            IsSplit = true,
        };
    }
}
