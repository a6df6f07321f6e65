using System.Text.RegularExpressions;

namespace SeqCore.Samples.CharLanguageModel.Tunes;

/// <summary>What an M: field says.</summary>
/// <param name="Bar">The length of a bar, where 1 is a semibreve.</param>
/// <param name="IsCompound">Whether its beats are dotted: 6/8, 9/8, 12/8.</param>
internal sealed record AbcMetre(Fraction Bar, bool IsCompound);

/// <summary>The fields of ABC notation that a tune's rhythm depends on, and which lines are fields.</summary>
internal static partial class AbcFields
{
    /// <summary>Whether a line is a field, such as <c>K:D</c>, and not music that starts with a note and a repeat sign.</summary>
    public static bool IsField(string line) =>
        line.Length >= 2 && line[1] == ':' && (char.IsAsciiLetter(line[0]) || line[0] == '+')
            && !(line.Length > 2 && line[2] is '|' or ':');

    /// <summary>The value of a field without a comment.</summary>
    public static string Value(string line)
    {
        var comment = line.IndexOf('%');
        return (comment < 0 ? line[2..] : line[2..comment]).Trim();
    }

    /// <summary>A metre; null for a free one.</summary>
    /// <exception cref="AbcException">Not a metre.</exception>
    public static AbcMetre? Metre(string value)
    {
        if (value is "C" or "C|")
            return new AbcMetre(new Fraction(1, 1), false);
        if (value is "none" or "")
            return null;
        var match = MetrePattern().Match(value);
        if (!match.Success)
            throw new AbcException($"M:{value} is not a metre");
        var beats = match.Groups[1].Value.Split('+', StringSplitOptions.TrimEntries).Sum(long.Parse);
        var unit = long.Parse(match.Groups[2].Value);
        if (beats == 0 || unit == 0)
            throw new AbcException($"M:{value} is not a metre");
        return new AbcMetre(new Fraction(beats, unit), unit == 8 && beats % 3 == 0);
    }

    /// <summary>The length of a note without a number.</summary>
    /// <exception cref="AbcException">Not a length.</exception>
    public static Fraction UnitLength(string value)
    {
        var match = LengthPattern().Match(value);
        if (!match.Success)
            throw new AbcException($"L:{value} is not a note length");
        return new Fraction(1, match.Groups[1].Success ? long.Parse(match.Groups[1].Value) : 1);
    }

    /// <summary>The unit that the metre implies where L: is missing: 1/16 below 3/4, else 1/8.</summary>
    public static Fraction DefaultUnit(AbcMetre? metre) => new(1, metre is { } m && m.Bar < new Fraction(3, 4) ? 16 : 8);

    /// <summary>Refuses what is not a key.</summary>
    /// <exception cref="AbcException">Not a key.</exception>
    public static void CheckKey(string value)
    {
        if (!KeyPattern().IsMatch(value))
            throw new AbcException($"K:{value} is not a key");
    }

    [GeneratedRegex(@"^\(?(\d{1,3}(?:\s*\+\s*\d{1,3})*)\)?\s*/\s*(\d{1,3})$")]
    private static partial Regex MetrePattern();

    [GeneratedRegex(@"^1(?:/(1|2|4|8|16|32|64|128|256|512))?$")]
    private static partial Regex LengthPattern();

    [GeneratedRegex(
        @"^(?:none|HP|Hp|[A-G][#b]?\s*(?:(?:maj|min|ion|dor|phr|lyd|mix|aeo|loc)[a-z]*|m)?)?"
            + @"(?:\s+(?:exp|[_^=]{1,2}[a-gA-G]|[a-z]+=\S+|(?:treble|alto|tenor|bass|perc)\S*))*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex KeyPattern();
}
