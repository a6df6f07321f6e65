using SeqCore.Models;

namespace SeqCore.Samples.SequenceToSequence.Data;

/// <summary>What sources and targets consist of, and the pairs in it.</summary>
/// <param name="AreWords">Whether tokens are words; else characters.</param>
/// <param name="Source">Of the sources.</param>
/// <param name="Target">Of the targets.</param>
internal sealed record Vocabularies(bool AreWords, TextVocabulary Source, TextVocabulary Target)
{
    /// <summary>The vocabularies of some pairs.</summary>
    /// <param name="pairs">For training.</param>
    /// <param name="areWords">Whether tokens are words.</param>
    /// <param name="most">Words at most on either side.</param>
    public static Vocabularies Of(IReadOnlyList<(string Source, string Target)> pairs, bool areWords, int most)
    {
        return new Vocabularies(areWords, New(pairs.Select(p => p.Source)), New(pairs.Select(p => p.Target)));

        TextVocabulary New(IEnumerable<string> texts)
        {
            var all = string.Join(areWords ? "\n" : "", texts);
            return areWords ? new WordVocabulary(all, most) : new MarkedCharacterVocabulary(all);
        }
    }

    /// <summary>Makes vocabularies again from their units.</summary>
    public static Vocabularies FromUnits(bool areWords, string source, string target) =>
        areWords
            ? new Vocabularies(true, WordVocabulary.FromUnits(source, isLowercase: true), WordVocabulary.FromUnits(target, isLowercase: true))
            : new Vocabularies(false, new MarkedCharacterVocabulary(source), new MarkedCharacterVocabulary(target));

    /// <summary>The pairs as tokens, without those that have too many.</summary>
    /// <param name="pairs">Texts.</param>
    /// <param name="longest">Tokens of a source at most, and of a target with its end.</param>
    public (int[] Source, int[] Target)[] Encode(IEnumerable<(string Source, string Target)> pairs, int longest) =>
        [.. pairs.Select(p => (Source: Source.Encode(p.Source), Target: Target.Encode(p.Target)))
            .Where(p => p.Source.Length > 0 && p.Source.Length <= longest && p.Target.Length < longest)];
}
