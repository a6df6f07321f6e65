using System.Text;
using System.Text.Json;

namespace SeqCore.Models;

/// <summary>
/// The distinct characters (Unicode code points) of a text in ascending order; a token is a position in that order, from 0, or
/// from 1 if token 0 is reserved for padding.
/// </summary>
/// <remarks>
/// Sequences of different lengths that are padded, as in a <see cref="PaddedBatch"/>, need a token for it: without the reserved
/// one, its padding 0 is the first character.
/// </remarks>
public sealed class CharacterTokenizer : Tokenizer
{
    internal const string KindName = "characters";
    private readonly Rune[] characters;
    private readonly Dictionary<Rune, int> tokens;
    private readonly int first;

    /// <summary>Collects the characters of a text; no token is reserved for padding.</summary>
    /// <param name="text">The text, of which repeated characters and their order do not matter.</param>
    /// <exception cref="ArgumentException">The text has half of a surrogate pair; the message says where.</exception>
    public CharacterTokenizer(string text) : this(text, hasPadding: false)
    {
    }

    /// <summary>Collects the characters of a text.</summary>
    /// <param name="text">The text, of which repeated characters and their order do not matter.</param>
    /// <param name="hasPadding">
    /// Whether token 0 is reserved for padding, so that the characters begin at 1; no text has it, and it is decoded to nothing.
    /// </param>
    /// <exception cref="ArgumentException">The text has half of a surrogate pair; the message says where.</exception>
    public CharacterTokenizer(string text, bool hasPadding)
    {
        first = hasPadding ? SpecialToken.Padding + 1 : 0;
        Special = hasPadding ? new SpecialTokens { Padding = SpecialToken.Padding } : SpecialTokens.None;
        WellFormedText.Require(text, nameof(CharacterTokenizer), nameof(text));
        var distinct = new HashSet<Rune>();
        foreach (var character in text.EnumerateRunes())
            distinct.Add(character);
        characters = [.. distinct.Order()];
        tokens = new Dictionary<Rune, int>(characters.Length);
        for (var i = 0; i < characters.Length; i++)
            tokens.Add(characters[i], first + i);
    }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>The number of characters and, if it is reserved, the token for padding, V.</summary>
    public override int Count => first + characters.Length;

    /// <summary>The token for padding, 0, if it is reserved; otherwise none.</summary>
    public override SpecialTokens Special { get; }

    /// <summary>All characters in order; a tokenizer made from this string, with padding as here, is equal to this one.</summary>
    public string Characters => string.Concat(characters);

    /// <summary>Converts a text to one token for each character.</summary>
    /// <exception cref="ArgumentException">
    /// A character is not a known one or is an unpaired surrogate; the message names it and its position.
    /// </exception>
    public override int[] Encode(string text)
    {
        WellFormedText.Require(text, nameof(CharacterTokenizer), nameof(text));
        var result = new int[text.Length];
        var count = 0;
        foreach (var character in text.EnumerateRunes())
        {
            if (!tokens.TryGetValue(character, out result[count]))
                throw Unknown(character, count);
            count++;
        }

        return count == result.Length ? result : result[..count];
    }

    /// <inheritdoc/>
    public override TokenizedText EncodeWithOffsets(string text)
    {
        var encoded = Encode(text);
        var ranges = new Range[encoded.Length];
        var (count, at) = (0, 0);
        foreach (var character in text.EnumerateRunes())
        {
            ranges[count++] = at..(at + character.Utf16SequenceLength);
            at += character.Utf16SequenceLength;
        }

        return new(encoded, ranges);
    }

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder(tokens.Length);
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(tokens), token,
                    $"CharacterTokenizer: tokens are in [0, {Count}); got {token}.");
            }

            if (token >= first)
                text.Append(characters[token - first]);
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("characters", Characters);
        if (first > 0)
            json.WriteBoolean("padding", true);
    }

    internal static CharacterTokenizer Read(JsonElement json)
    {
        var hasPadding = json.TryGetProperty("padding", out var padding) && padding.GetBoolean();
        var tokenizer = new CharacterTokenizer(CharactersOf(json), hasPadding);
        RequireDistinct(json, tokenizer.Characters);
        return tokenizer;
    }

    /// <summary>Returns the characters of a tokenizer from its JSON.</summary>
    /// <exception cref="FormatException">The characters are null.</exception>
    internal static string CharactersOf(JsonElement json) => json.GetProperty("characters").GetString()
        ?? throw new FormatException(
            "Tokenizer: the JSON does not describe a tokenizer: 'characters' should be a text, got null.");

    /// <summary>
    /// Requires that the characters in the JSON are distinct and in order: otherwise their tokens would differ from those that
    /// the model was trained with.
    /// </summary>
    /// <exception cref="FormatException">The characters are not distinct or not in order.</exception>
    internal static void RequireDistinct(JsonElement json, string characters)
    {
        if (CharactersOf(json) != characters)
        {
            throw new FormatException("Tokenizer: the JSON does not describe a tokenizer: 'characters' should have each character"
                + " once, in ascending order of code points.");
        }
    }

    private ArgumentException Unknown(Rune character, int position)
    {
        var shown = Rune.IsControl(character) ? "" : $"'{character}' ";
        var known = Characters.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
        return new ArgumentException(
            $"CharacterTokenizer: the character {shown}(U+{character.Value:X4}) at position {position} is not among the"
                + $" {characters.Length} known ones. Hint: use only {(known.Length <= 200 ? known : known[..200] + "...")}");
    }
}
