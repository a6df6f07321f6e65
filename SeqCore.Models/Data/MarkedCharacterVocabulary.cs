using System.Text;

namespace SeqCore.Models;

/// <summary>
/// Characters (Unicode code points) in ascending order, after the special tokens: a <see cref="CharacterVocabulary"/> for masked
/// language models.
/// </summary>
/// <param name="text">Any text; repeated characters and their order do not matter.</param>
public sealed class MarkedCharacterVocabulary(string text) : TextVocabulary(Distinct(text))
{
    /// <inheritdoc/>
    public override string Units => string.Concat(OrderedUnits);

    /// <inheritdoc/>
    /// <remarks>Letters, digits and marks that follow one another are.</remarks>
    public override bool AreOneWord(int left, int right) => IsOfWord(left) && IsOfWord(right);

    /// <inheritdoc/>
    private protected override int UnitLength(ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out _, out var length);
        return length;
    }

    private static IEnumerable<string> Distinct(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var known = new CharacterVocabulary(text);
        return Enumerable.Range(0, known.Count).Select(known.Decode);
    }

    private bool IsOfWord(int token) => token >= SpecialToken.Count && WordCharacters.Contains(Unit(token));
}
