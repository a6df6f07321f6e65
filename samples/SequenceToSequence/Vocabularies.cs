using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>The kinds of tokens on the command line.</summary>
internal static class Levels
{
    /// <summary>Characters.</summary>
    public const string Characters = "characters";

    /// <summary>Words.</summary>
    public const string Words = "words";

    /// <summary>Parts of words, by byte-level byte-pair encoding.</summary>
    public const string BytePairs = "bpe";

    /// <summary>The mean number of words on both sides from which pairs are taken for sentences.</summary>
    public const int WordsOfSentences = 3;

    /// <summary>The kind of tokens that suits pairs: words for sentences, characters for names, dates and single words.</summary>
    public static string Of(IReadOnlyList<(string Source, string Target)> pairs)
    {
        return Mean(p => p.Source) >= WordsOfSentences && Mean(p => p.Target) >= WordsOfSentences ? Words : Characters;

        double Mean(Func<(string Source, string Target), string> side) =>
            pairs.Average(p => side(p).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);
    }
}

/// <summary>The vocabularies of sources and targets, which encode pairs.</summary>
/// <param name="Source">The vocabulary of the sources.</param>
/// <param name="Target">The vocabulary of the targets.</param>
internal sealed record Vocabularies(Tokenizer Source, Tokenizer Target)
{
    /// <summary>The kind of tokens on the command line.</summary>
    public string Level => Source switch
    {
        WordTokenizer => Levels.Words,
        BytePairTokenizer => Levels.BytePairs,
        _ => Levels.Characters,
    };

    /// <summary>The plural name of tokens: words, subwords or characters.</summary>
    public string Units => Level == Levels.BytePairs ? "subwords" : Level;

    /// <summary>The name of a token: word, subword or character.</summary>
    public string Unit => Units[..^1];

    /// <summary>Whether texts consist of words, so that translations are scored by words.</summary>
    public bool HaveWords => Level != Levels.Characters;

    /// <summary>The vocabularies of some pairs.</summary>
    /// <param name="pairs">The pairs for training.</param>
    /// <param name="level">The kind of tokens.</param>
    /// <param name="most">The largest number of words on either side, or the number of merges of byte pairs.</param>
    /// <param name="isShared">Whether sources and targets have one vocabulary of byte pairs.</param>
    public static Vocabularies Of(IReadOnlyList<(string Source, string Target)> pairs, string level, int most,
        bool isShared = true)
    {
        var (sources, targets) = (pairs.Select(p => p.Source), pairs.Select(p => p.Target));
        if (level == Levels.BytePairs && isShared)
        {
            var both = New(sources.Concat(targets));
            return new Vocabularies(both, both);
        }

        return new Vocabularies(New(sources), New(targets));

        Tokenizer New(IEnumerable<string> texts) => level switch
        {
            Levels.BytePairs => BytePairTokenizer.Train(texts, 256 + SpecialToken.Count + most, SpecialToken.Names,
                options: new() { AddsLeadingSpace = true, ReadsSpecialTokens = false }),
            Levels.Words => new WordTokenizer(string.Join('\n', texts), most),
            _ => new MarkedCharacterTokenizer(string.Concat(texts)),
        };
    }

    /// <summary>The pairs as tokens, without those that have too many.</summary>
    /// <param name="pairs">The pairs of texts.</param>
    /// <param name="longest">The largest number of tokens of a source, and of a target with its end.</param>
    public (int[] Source, int[] Target)[] Encode(IEnumerable<(string Source, string Target)> pairs, int longest) =>
        [.. pairs.Select(p => (Source: Source.Encode(p.Source), Target: Target.Encode(p.Target)))
            .Where(p => p.Source.Length > 0 && p.Source.Length <= longest && p.Target.Length < longest)];

    /// <summary>Makes sure that a model can be scored on some pairs.</summary>
    /// <param name="pairs">The pairs of texts.</param>
    /// <param name="longest">The largest number of tokens of a source, and of a target with its end.</param>
    /// <param name="name">The name of the pairs in errors.</param>
    /// <exception cref="UserException">All pairs are too long.</exception>
    public void RequireSome(IReadOnlyList<(string Source, string Target)> pairs, int longest, string name)
    {
        if (Encode(pairs, longest).Length > 0)
            return;
        throw new UserException($"'{name}': no pair of {pairs.Count} is short enough for the model, which was trained on up to"
            + $" {longest} {Units} a side. Score shorter pairs, or train a model with a larger --sequence.");
    }

    /// <summary>The pairs whose sources a model can read.</summary>
    /// <param name="pairs">The pairs of texts.</param>
    /// <param name="longest">The largest number of tokens of a source.</param>
    public IReadOnlyList<(string Source, string Target)> Readable(IEnumerable<(string Source, string Target)> pairs,
        int longest) => [.. pairs.Where(p => Source.Encode(p.Source) is { Length: > 0 } tokens && tokens.Length <= longest)];
}
