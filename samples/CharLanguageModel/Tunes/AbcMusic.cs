namespace SeqCore.Samples.CharLanguageModel.Tunes;

/// <summary>Reads the music of a tune, as the ABC standard 2.1 describes it, and measures its bars.</summary>
/// <param name="metre">The metre; null for a free one.</param>
/// <param name="unit">The length of a note without a number.</param>
internal sealed class AbcMusic(AbcMetre? metre, Fraction unit)
{
    private const string NoteLetters = "ABCDEFGabcdefg";
    private static readonly Fraction one = new(1, 1);

    private readonly List<AbcBar> bars = [];
    private Fraction length;
    private Fraction lastNote;
    private Fraction pendingScale = one;
    private Fraction tupletScale = one;
    private int tupletNotes;
    private int section;
    private bool opens = true;
    private bool hasMusic;
    private bool brokenPending;
    private string line = "";
    private int at;

    /// <summary>The bars read so far; complete after <see cref="Finish"/>.</summary>
    public IReadOnlyList<AbcBar> Bars => bars;

    private char Here => at < line.Length ? line[at] : '\0';

    /// <summary>Reads a line of music.</summary>
    /// <exception cref="AbcException">Something in it is not ABC.</exception>
    public void Read(string musicLine)
    {
        line = musicLine;
        at = 0;
        while (at < line.Length && line[at] != '%')
            ReadElement();
    }

    /// <summary>Follows a field between lines of music, or in brackets within one.</summary>
    /// <exception cref="AbcException">The metre, length or key is not valid.</exception>
    public void Field(char name, string value)
    {
        if (name == 'M')
            metre = AbcFields.Metre(value);
        else if (name == 'L')
            unit = AbcFields.UnitLength(value);
        else if (name == 'K')
            AbcFields.CheckKey(value);
    }

    /// <summary>Ends the music: what follows the last bar line is a bar too.</summary>
    /// <exception cref="AbcException">Something is left open.</exception>
    public void Finish()
    {
        if (brokenPending)
            throw new AbcException("a broken rhythm sign has no note after it");
        if (tupletNotes > 0)
            throw new AbcException("a tuplet has too few notes");
        EndBar(closes: true);
    }

    private void ReadElement()
    {
        var c = line[at];
        if (NoteLetters.Contains(c) || c is '^' or '_' or '=' || c is 'z' or 'x')
            Sound(SkipNote() * Number() * unit);
        else if (c is 'Z' or 'X')
            WholeBars();
        else if (c == '[' && at + 2 < line.Length && char.IsAsciiLetter(line[at + 1]) && line[at + 2] == ':')
            InlineField();
        else if (c == '[' && IsEnding(at + 1))
            Ending(1);
        else if (c is '|' or ':' || c == '[' && at + 1 < line.Length && line[at + 1] == '|')
            BarLine();
        else if (c == '[')
            Chord();
        else if (c == '{')
            Grace();
        else if (c == '(')
            SlurOrTuplet();
        else if (c is '>' or '<')
            Broken();
        else if (c == '"')
            SkipTo('"', "a quotation mark is never closed");
        else if (c == '!')
            Decoration();
        else if (" \t)-.~HLMOPSTuvy`\\$".Contains(c))
            at++;
        else
            throw new AbcException($"'{c}' is not music");
    }

    /// <summary>Steps over accidentals, letter and octave marks of a note or rest.</summary>
    private Fraction SkipNote()
    {
        var start = at;
        while (Here is '^' or '_' or '=')
            at++;
        var accidentals = at - start;
        if (accidentals > 0 && line[start..at] is not ("^" or "^^" or "_" or "__" or "=")
            || !(NoteLetters.Contains(Here) || accidentals == 0))
            throw new AbcException($"\"{line[start..Math.Min(at + 1, line.Length)]}\" is not a note");
        var rest = Here is 'z' or 'x';
        at++;
        while (!rest && Here is '\'' or ',')
            at++;
        return one;
    }

    /// <summary>Reads a length such as 2, 3/2, /, //, or nothing, which is 1.</summary>
    private Fraction Number()
    {
        var result = new Fraction(char.IsAsciiDigit(Here) ? Digits() : 1, 1);
        while (Here == '/')
        {
            at++;
            result *= new Fraction(1, char.IsAsciiDigit(Here) ? Digits() : 2);
        }

        return result;
    }

    private int Digits()
    {
        var start = at;
        while (char.IsAsciiDigit(Here))
            at++;
        if (!int.TryParse(line.AsSpan(start, at - start), out var value) || value is 0 or > 4096)
            throw new AbcException($"{line[start..at]} is not a length");
        return value;
    }

    /// <summary>Adds a note, rest or chord, with the broken rhythm and the tuplet that it is part of.</summary>
    private void Sound(Fraction duration)
    {
        duration *= pendingScale;
        if (tupletNotes > 0)
        {
            duration *= tupletScale;
            tupletNotes--;
        }

        pendingScale = one;
        brokenPending = false;
        lastNote = duration;
        length += duration;
        hasMusic = true;
    }

    private void WholeBars()
    {
        at++;
        var count = char.IsAsciiDigit(Here) ? Digits() : 1;
        if (hasMusic)
            throw new AbcException("a rest of whole bars is within a bar");
        hasMusic = true;
        length = metre?.Bar ?? one;
        for (; count > 1; count--)
        {
            EndBar(closes: false);
            (hasMusic, length) = (true, metre?.Bar ?? one);
        }
    }

    private void InlineField()
    {
        var close = line.IndexOf(']', at);
        if (close < 0)
            throw new AbcException($"the field {line[at..Math.Min(at + 3, line.Length)]} is never closed");
        Field(line[at + 1], line[(at + 3)..close].Trim());
        at = close + 1;
    }

    private void Chord()
    {
        at++;
        Fraction? first = null;
        while (Here != ']')
        {
            if (Here == '\0')
                throw new AbcException("a chord is never closed");
            if (Here is ' ' or '-' or '.' or '~')
            {
                at++;
                continue;
            }

            if (!(NoteLetters.Contains(Here) || Here is '^' or '_' or '='))
                throw new AbcException($"'{Here}' is within a chord");
            SkipNote();
            var number = Number();
            first ??= number;
        }

        at++;
        if (first is null)
            throw new AbcException("a chord has no notes");
        Sound(first.Value * Number() * unit);
    }

    private void Grace()
    {
        at++;
        if (Here == '/')
            at++;
        while (Here != '}')
        {
            if (!(NoteLetters.Contains(Here) || Here is '^' or '_' or '=' or ' '))
                throw new AbcException(Here == '\0' ? "grace notes are never closed" : $"'{Here}' is among grace notes");
            if (Here == ' ')
            {
                at++;
                continue;
            }

            SkipNote();
            Number();
        }

        at++;
    }

    /// <summary>(p:q:r puts p notes into the time of q for the next r; (3 alone is 3 in the time of 2.</summary>
    private void SlurOrTuplet()
    {
        at++;
        if (!char.IsAsciiDigit(Here))
            return;
        if (tupletNotes > 0)
            throw new AbcException("a tuplet starts within another");
        var p = Digits();
        int? q = null, r = null;
        if (Here == ':')
        {
            at++;
            q = char.IsAsciiDigit(Here) ? Digits() : null;
            if (Here == ':')
            {
                at++;
                r = char.IsAsciiDigit(Here) ? Digits() : null;
            }
        }

        q ??= p switch
        {
            2 or 4 or 8 => 3,
            3 or 6 => 2,
            5 or 7 or 9 => metre is { IsCompound: true } ? 3 : 2,
            _ => throw new AbcException($"({p} is not a tuplet"),
        };
        tupletScale = new Fraction(q.Value, p);
        tupletNotes = r ?? p;
    }

    /// <summary>A > B lengthens A by half and halves B; each further sign halves again.</summary>
    private void Broken()
    {
        if (lastNote == Fraction.Zero || brokenPending)
            throw new AbcException($"'{Here}' has no note before it");
        var sign = Here;
        var count = 0;
        for (; Here == sign; at++)
            count++;
        if (count > 3)
            throw new AbcException($"{new string(sign, count)} is not a broken rhythm");
        var shorter = new Fraction(1, 1 << count);
        var longer = new Fraction((1 << (count + 1)) - 1, 1 << count);
        var old = lastNote;
        length = Replace(length, old, old * (sign == '>' ? longer : shorter));
        pendingScale = sign == '>' ? shorter : longer;
        lastNote = Fraction.Zero;
        brokenPending = true;
    }

    private static Fraction Replace(Fraction sum, Fraction old, Fraction replacement)
    {
        var scaled = sum + replacement;
        return new Fraction(
            scaled.Numerator * old.Denominator - old.Numerator * scaled.Denominator,
            scaled.Denominator * old.Denominator);
    }

    /// <summary>Bar lines are any run of |, :, [ and ], and a number after one starts an ending.</summary>
    private void BarLine()
    {
        var start = at;
        while (Here is '|' or ':' || Here == ']' && line[at - 1] is '|' or ':'
            || Here == '[' && at + 1 < line.Length && line[at + 1] == '|')
            at++;
        var sign = line[start..at];
        if (sign == ":")
            throw new AbcException("':' is not a bar line");
        if (brokenPending)
            throw new AbcException("a broken rhythm sign comes before a bar line");
        if (tupletNotes > 0)
            throw new AbcException("a bar line cuts a tuplet");
        var parts = sign.Any(c => c is ':' or '[' or ']') || sign.Contains("||", StringComparison.Ordinal);
        EndBar(closes: parts);
        if (parts && (bars.Count > 0))
        {
            section = bars[^1].Section + 1;
            opens = true;
        }

        var skip = at;
        while (skip < line.Length && line[skip] == ' ')
            skip++;
        if (IsEnding(at))
            Ending(0);
        else if (skip + 1 < line.Length && line[skip] == '[' && IsEnding(skip + 1))
            Ending(skip - at + 1);
    }

    private bool IsEnding(int position) => position < line.Length && char.IsAsciiDigit(line[position]);

    /// <summary>An ending such as 1, 2 or 1,3-4 continues the section before it.</summary>
    private void Ending(int skip)
    {
        if (hasMusic)
            throw new AbcException("an ending starts within a bar");
        at += skip;
        while (char.IsAsciiDigit(Here) || Here is ',' or '-' && at + 1 < line.Length && char.IsAsciiDigit(line[at + 1]))
            at++;
        if (bars.Count > 0)
            section = bars[^1].Section;
        opens = bars.Count == 0;
    }

    /// <summary>In old files ! alone ends a staff; in new ones a pair of them surrounds a decoration's name.</summary>
    private void Decoration()
    {
        var close = line.IndexOf('!', at + 1);
        if (close < 0 || line.AsSpan(at + 1, close - at - 1).IndexOfAny(" |") >= 0)
            at++;
        else
            at = close + 1;
    }

    private void SkipTo(char close, string otherwise)
    {
        var end = line.IndexOf(close, at + 1);
        if (end < 0)
            throw new AbcException(otherwise);
        at = end + 1;
    }

    private void EndBar(bool closes)
    {
        if (hasMusic)
        {
            bars.Add(new AbcBar(bars.Count + 1, length, metre?.Bar, section, opens, closes));
            opens = false;
        }
        else if (closes && bars.Count > 0)
        {
            bars[^1] = bars[^1] with { Closes = true };
        }

        (length, lastNote, hasMusic) = (Fraction.Zero, Fraction.Zero, false);
    }
}
