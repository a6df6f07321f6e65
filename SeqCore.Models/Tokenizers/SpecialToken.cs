namespace SeqCore.Models;

/// <summary>
/// The first tokens of a <see cref="UnitTokenizer"/>, which do not represent text (Devlin et al., arXiv:1810.04805, section 3).
/// </summary>
public static class SpecialToken
{
    /// <summary>The token [PAD], which pads shorter sequences of a batch.</summary>
    public const int Padding = 0;

    /// <summary>The token [UNK], which replaces everything that the vocabulary does not contain.</summary>
    public const int Unknown = 1;

    /// <summary>The token [CLS] before every sequence, whose hidden vector serves to classify the whole sequence.</summary>
    public const int Classification = 2;

    /// <summary>The token [SEP] after every sequence.</summary>
    public const int Separator = 3;

    /// <summary>The token [MASK], which replaces a token that is to be predicted.</summary>
    public const int Mask = 4;

    /// <summary>The token that the decoder of an encoder-decoder reads before a target, which is [CLS].</summary>
    public const int Start = Classification;

    /// <summary>The token that an encoder-decoder writes after a target, which is [SEP].</summary>
    public const int End = Separator;

    /// <summary>The number of special tokens; the tokens of text begin at this number.</summary>
    public const int Count = 5;

    /// <summary>The names of the special tokens, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>
    /// The tokens that written text never contains: padding, start and mask (see <see cref="SpecialTokens.NeverGenerated"/>).
    /// </summary>
    public static IReadOnlyList<int> NeverGenerated { get; } = [Padding, Start, Mask];

    /// <summary>Returns the special token whose name a text begins with, in upper or lower case; -1 if there is none.</summary>
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
