namespace SeqCore.Models;

/// <summary>
/// The first tokens of a <see cref="UnitTokenizer"/>, which stand for no text (Devlin et al., arXiv:1810.04805, section 3).
/// </summary>
public static class SpecialToken
{
    /// <summary>[PAD], which fills up sequences that are shorter than others of their batch.</summary>
    public const int Padding = 0;

    /// <summary>[UNK], whatever the vocabulary does not know.</summary>
    public const int Unknown = 1;

    /// <summary>[CLS], before every sequence; what a model makes of it serves to classify the whole.</summary>
    public const int Classification = 2;

    /// <summary>[SEP], after every sequence.</summary>
    public const int Separator = 3;

    /// <summary>[MASK], in place of a token that is to be guessed.</summary>
    public const int Mask = 4;

    /// <summary>[CLS], as what an encoder-decoder's decoder reads before a target.</summary>
    public const int Start = Classification;

    /// <summary>[SEP], as what an encoder-decoder writes after a target.</summary>
    public const int End = Separator;

    /// <summary>How many there are; the tokens of text begin here.</summary>
    public const int Count = 5;

    /// <summary>How each is written, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>Those that no written text has: padding, start and mask (see <see cref="SpecialTokens.NeverWritten"/>).</summary>
    public static IReadOnlyList<int> NeverWritten { get; } = [Padding, Start, Mask];

    /// <summary>The special token that is written at the beginning of a text, in capitals or not; -1 if none is.</summary>
    internal static int At(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != '[')
            return -1;
        for (var token = 0; token < Count; token++)
        {
            if (text.StartsWith(Names[token], StringComparison.OrdinalIgnoreCase))
                return token;
        }

        return -1;
    }
}
