using System.Text;
using System.Text.Json;

namespace SeqCore.Models;

/// <summary>
/// The distinct characters (Unicode code points) of a text in ascending order; a token is a position in that order.
/// </summary>
public sealed class CharacterTokenizer : Tokenizer
{
    internal const string KindName = "characters";
    private readonly Rune[] characters;
    private readonly Dictionary<Rune, int> tokens;

    /// <summary>Collects the characters of a text.</summary>
    /// <param name="text">The text, of which repeated characters and their order do not matter.</param>
    /// <exception cref="ArgumentException">The text has half of a surrogate pair; the message says where.</exception>
    public CharacterTokenizer(string text)
    {
        WellFormedText.Require(text, nameof(CharacterTokenizer), nameof(text));
        var distinct = new HashSet<Rune>();
        foreach (var character in text.EnumerateRunes())
            distinct.Add(character);
        characters = [.. distinct.Order()];
        tokens = new Dictionary<Rune, int>(characters.Length);
        for (var i = 0; i < characters.Length; i++)
            tokens.Add(characters[i], i);
    }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>The number of characters, V.</summary>
    public override int Count => characters.Length;

    /// <summary>All characters in order; a tokenizer made from this string is equal to this one.</summary>
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
    public override string Decode(ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder(tokens.Length);
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)characters.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(tokens), token,
                    $"CharacterTokenizer: tokens are in [0, {Count}); got {token}.");
            }

            text.Append(characters[token]);
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("characters", Characters);
    }

    internal static CharacterTokenizer Read(JsonElement json)
    {
        var tokenizer = new CharacterTokenizer(CharactersOf(json));
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
            $"CharacterTokenizer: the character {shown}(U+{character.Value:X4}) at position {position} is not among the {Count}"
                + " known ones." + $" Hint: use only {(known.Length <= 200 ? known : known[..200] + "...")}");
    }
}
