using System.Text;

namespace SeqCore.Models;

/// <summary>
/// Splits texts into units, words or characters, and numbers them: first the <see cref="SpecialToken"/>s, then the known units.
/// Unknown units become [UNK], and special tokens can be written in a text by their names.
/// </summary>
public abstract class UnitTokenizer : Tokenizer
{
    private readonly string[] units;
    private readonly Dictionary<string, int> tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;

    /// <summary>Makes a tokenizer of known units.</summary>
    /// <param name="units">The distinct units, in the order of their tokens.</param>
    private protected UnitTokenizer(IEnumerable<string> units)
    {
        this.units = [.. units];
        for (var i = 0; i < this.units.Length; i++)
            tokens.Add(this.units[i], SpecialToken.Count + i);
        lookup = tokens.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The number of different tokens, V, including the special tokens.</summary>
    public override int Count => SpecialToken.Count + units.Length;

    /// <inheritdoc/>
    public override SpecialTokens Special { get; } = new()
    {
        Padding = SpecialToken.Padding,
        Unknown = SpecialToken.Unknown,
        Start = SpecialToken.Start,
        End = SpecialToken.End,
        Mask = SpecialToken.Mask,
    };

    /// <summary>The units in the order of their tokens, without the special tokens.</summary>
    public IReadOnlyList<string> Units => units;

    /// <summary>Converts a text to one token for each unit.</summary>
    /// <exception cref="ArgumentException">The text has half of a surrogate pair; the message says where.</exception>
    public override int[] Encode(string text) => [.. Encode(text, hasRanges: false).Tokens];

    /// <inheritdoc/>
    public override TokenizedText EncodeWithOffsets(string text) => Encode(text, hasRanges: true).ToText();

    /// <summary>Returns the unit of a token, or the name of a special one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The token is not in [0, V).</exception>
    public string Unit(int token)
    {
        if ((uint)token >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(token), token,
                $"{GetType().Name}: tokens are in [0, {Count}); got {token}.");
        }

        return token < SpecialToken.Count ? SpecialToken.Names[token] : units[token - SpecialToken.Count];
    }

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder(4 * tokens.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            if (i > 0 && HasGap(Unit(tokens[i - 1]), Unit(tokens[i])))
                text.Append(' ');
            text.Append(Unit(tokens[i]));
        }

        return text.ToString();
    }

    /// <summary>Returns the token of a unit, or [UNK].</summary>
    private protected int Find(string unit) => tokens.GetValueOrDefault(unit, SpecialToken.Unknown);

    private TokenSink Encode(string text, bool hasRanges)
    {
        var normal = Normalize(WellFormedText.Require(text, GetType().Name, nameof(text)));
        var result = new TokenSink(text.Length / 4, hasRanges);
        for (var at = SkipGaps(normal, 0); at < normal.Length; at = SkipGaps(normal, at))
        {
            var rest = normal.AsSpan(at);
            var token = SpecialToken.At(rest);
            var length = token >= 0 ? SpecialToken.Names[token].Length : UnitLength(rest);
            if (token < 0)
                token = lookup.TryGetValue(rest[..length], out var known) ? known : SpecialToken.Unknown;
            result.Add(token, at, at + length);
            at += length;
        }

        return result;
    }

    /// <summary>Returns a text in the normal form in which it is read, whose units are where they are in the text.</summary>
    private protected virtual string Normalize(string text) => text;

    /// <summary>Returns the first position, at or after a given one, at which a unit begins.</summary>
    private protected virtual int SkipGaps(string text, int at) => at;

    /// <summary>Returns the number of UTF-16 units of the unit at the beginning of a text, at least 1.</summary>
    private protected abstract int UnitLength(ReadOnlySpan<char> text);

    /// <summary>Returns whether a space is written between two units.</summary>
    private protected virtual bool HasGap(string left, string right) => false;
}
