using System.Text;

namespace SeqCore.Models;

/// <summary>The distinct characters (Unicode code points) of a text in ascending order; a token is a place in that order.</summary>
public sealed class CharacterVocabulary
{
    private readonly Rune[] characters;
    private readonly Dictionary<Rune, int> tokens;

    /// <summary>Collects the characters of a text.</summary>
    /// <param name="text">Any text; repeated characters and their order do not matter.</param>
    public CharacterVocabulary(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var distinct = new HashSet<Rune>();
        foreach (var character in text.EnumerateRunes())
            distinct.Add(character);
        characters = [.. distinct.Order()];
        tokens = new Dictionary<Rune, int>(characters.Length);
        for (var i = 0; i < characters.Length; i++)
            tokens.Add(characters[i], i);
    }

    /// <summary>V, the number of characters.</summary>
    public int Count => characters.Length;

    /// <summary>All characters in order; a vocabulary made from this string is equal to this one.</summary>
    public string Characters => string.Concat(characters);

    /// <summary>Turns a text into one token for each character.</summary>
    /// <exception cref="ArgumentException">A character is outside the vocabulary; the message names it and its place.</exception>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
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

    /// <summary>The character of a token, as a string of one or two UTF-16 units.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The token is not in [0, V).</exception>
    public string Decode(int token)
    {
        if ((uint)token >= (uint)characters.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(token), token,
                $"CharacterVocabulary: tokens are in [0, {Count}); got {token}.");
        }

        return characters[token].ToString();
    }

    /// <summary>The text of a run of tokens.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in [0, V).</exception>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder(tokens.Length);
        foreach (var token in tokens)
            text.Append(Decode(token));
        return text.ToString();
    }

    private ArgumentException Unknown(Rune character, int position)
    {
        var shown = Rune.IsControl(character) ? "" : $"'{character}' ";
        var known = Characters.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
        return new ArgumentException(
            $"CharacterVocabulary: the character {shown}(U+{character.Value:X4}) at position {position} is not among the {Count} known ones."
            + $" Hint: use only {(known.Length <= 200 ? known : known[..200] + "...")}");
    }
}
