using SeqCore.Models;

namespace SeqCore.Samples.SequenceToSequence.Data;

/// <summary>What sources and targets consist of, and the pairs in it.</summary>
/// <param name="Source">Of the sources.</param>
/// <param name="Target">Of the targets.</param>
internal sealed record Vocabularies(UnitTokenizer Source, UnitTokenizer Target)
{
    /// <summary>Whether tokens are words; else characters.</summary>
    public bool AreWords => Source is WordTokenizer;

    /// <summary>words or characters.</summary>
    public string Level => AreWords ? "words" : "characters";

    /// <summary>The vocabularies of some pairs.</summary>
    /// <param name="pairs">For training.</param>
    /// <param name="areWords">Whether tokens are words.</param>
    /// <param name="most">Words at most on either side.</param>
    public static Vocabularies Of(IReadOnlyList<(string Source, string Target)> pairs, bool areWords, int most)
    {
        return new Vocabularies(New(pairs.Select(p => p.Source)), New(pairs.Select(p => p.Target)));

        UnitTokenizer New(IEnumerable<string> texts)
        {
            var all = string.Join(areWords ? "\n" : "", texts);
            return areWords ? new WordTokenizer(all, most) : new MarkedCharacterTokenizer(all);
        }
    }

    /// <summary>The pairs as tokens, without those that have too many.</summary>
    /// <param name="pairs">Texts.</param>
    /// <param name="longest">Tokens of a source at most, and of a target with its end.</param>
    public (int[] Source, int[] Target)[] Encode(IEnumerable<(string Source, string Target)> pairs, int longest) =>
        [.. pairs.Select(p => (Source: Source.Encode(p.Source), Target: Target.Encode(p.Target)))
            .Where(p => p.Source.Length > 0 && p.Source.Length <= longest && p.Target.Length < longest)];
}
