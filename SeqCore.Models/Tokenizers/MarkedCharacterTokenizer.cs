using System.Text;
using System.Text.Json;

namespace SeqCore.Models;

/// <summary>
/// A <see cref="CharacterTokenizer"/> for masked language models: the special tokens, then the characters (Unicode code points)
/// in ascending order.
/// </summary>
/// <param name="text">The text, of which repeated characters and their order do not matter.</param>
/// <exception cref="ArgumentException">The text has half of a surrogate pair; the message says where.</exception>
public sealed class MarkedCharacterTokenizer(string text) : UnitTokenizer(Distinct(text))
{
    internal const string KindName = "marked-characters";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    /// <remarks>Adjacent letters, digits and combining marks are.</remarks>
    public override bool AreInSameWord(int left, int right) => IsOfWord(left) && IsOfWord(right);

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("characters", string.Concat(Units));
    }

    internal static MarkedCharacterTokenizer Read(JsonElement json)
    {
        var tokenizer = new MarkedCharacterTokenizer(CharacterTokenizer.CharactersOf(json));
        CharacterTokenizer.RequireDistinct(json, string.Concat(tokenizer.Units));
        return tokenizer;
    }

    /// <inheritdoc/>
    private protected override int UnitLength(ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out _, out var length);
        return length;
    }

    private static IEnumerable<string> Distinct(string text)
    {
        WellFormedText.Require(text, nameof(MarkedCharacterTokenizer), nameof(text));
        var known = new CharacterTokenizer(text);
        return Enumerable.Range(0, known.Count).Select(known.Decode);
    }

    private bool IsOfWord(int token) => token >= SpecialToken.Count && WordCharacters.Contains(Unit(token));
}
