using System.Text.RegularExpressions;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Tunes;

/// <summary>The verdict of the checker on one tune.</summary>
/// <param name="Title">Its first T: field, or empty.</param>
/// <param name="Text">The tune itself.</param>
/// <param name="Parses">Whether it is ABC notation with a header and music.</param>
/// <param name="AddsUp">Whether it parses and every bar is as long as the metre says.</param>
/// <param name="Problem">The first thing that is wrong; null where nothing is.</param>
/// <param name="Bars">Number of bars read.</param>
internal sealed record AbcVerdict(string Title, string Text, bool Parses, bool AddsUp, string? Problem, int Bars);

/// <summary>Checks whether tunes in ABC notation parse and whether their bars add up.</summary>
internal static class AbcChecker
{
    /// <summary>Checks every tune in a text.</summary>
    /// <param name="text">Tunes, each from an X: field to an empty line or the next X:.</param>
    /// <param name="isExcerpt">
    /// Whether the text is an excerpt: then text before the first X: and a last tune without an empty line after it are left
    /// out.
    /// </param>
    public static IReadOnlyList<AbcVerdict> CheckAll(string text, bool isExcerpt = false) =>
        [.. Split(text.ReplaceLineEndings("\n"), isExcerpt).Select(Check)];

    /// <summary>Whether a text looks like ABC notation: it has at least three tunes near its start.</summary>
    public static bool LooksLikeAbc(string text)
    {
        var start = "\n" + text[..Math.Min(text.Length, 20_000)];
        return start.AsSpan().Count("\nX:") >= 3 && start.AsSpan().Count("\nK:") >= 3;
    }

    /// <summary>Checks one tune.</summary>
    public static AbcVerdict Check(string tune)
    {
        var lines = tune.Split('\n');
        var title = lines.FirstOrDefault(l => l.StartsWith("T:", StringComparison.Ordinal)) is { } t ? AbcFields.Value(t) : "";
        AbcMusic? music = null;
        try
        {
            music = ReadHeader(lines, out var body);
            foreach (var line in lines.AsSpan(body))
            {
                if (line.StartsWith("%", StringComparison.Ordinal))
                    continue;
                if (AbcFields.IsField(line))
                    music.Field(line[0], AbcFields.Value(line));
                else
                    music.Read(line.TrimEnd());
            }

            music.Finish();
            if (music.Bars.Count == 0)
                throw new AbcException("there is no music");
        }
        catch (AbcException problem)
        {
            return new AbcVerdict(title, tune, false, false, problem.Message, music?.Bars.Count ?? 0);
        }

        return AbcBar.FirstWrong(music.Bars) is { } wrong
            ? new AbcVerdict(title, tune, true, false, wrong.ToString(), music.Bars.Count)
            : new AbcVerdict(title, tune, true, true, null, music.Bars.Count);
    }

    /// <summary>Reads X: to K:.</summary>
    private static AbcMusic ReadHeader(string[] lines, out int body)
    {
        if (!lines[0].StartsWith("X:", StringComparison.Ordinal) || !int.TryParse(AbcFields.Value(lines[0]), out _))
            throw new AbcException("it does not start with X: and a number");
        AbcMetre? metre = null;
        Fraction? unit = null;
        var hasTitle = false;
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].StartsWith('%'))
                continue;
            if (!AbcFields.IsField(lines[i]))
                throw new AbcException("music or text comes before the K: field");
            var value = AbcFields.Value(lines[i]);
            if (lines[i][0] == 'M')
                metre = AbcFields.Metre(value);
            else if (lines[i][0] == 'L')
                unit = AbcFields.UnitLength(value);
            else if (lines[i][0] == 'T')
                hasTitle = true;
            else if (lines[i][0] == 'K')
            {
                if (!hasTitle)
                    throw new AbcException("there is no title, T:");
                AbcFields.CheckKey(value);
                body = i + 1;
                return new AbcMusic(metre, unit ?? AbcFields.DefaultUnit(metre));
            }
        }

        throw new AbcException("there is no key, K:");
    }

    /// <summary>Cuts a text into tunes; text that is neither a tune nor looks like part of one is left out.</summary>
    private static List<string> Split(string text, bool isExcerpt)
    {
        var tunes = new List<string>();
        var blocks = text.Replace("\nX:", "\n\nX:", StringComparison.Ordinal).Split("\n\n");
        for (var i = 0; i < blocks.Length; i++)
        {
            var block = blocks[i].Trim('\n');
            var isTune = block.StartsWith("X:", StringComparison.Ordinal);
            if (isExcerpt && (tunes.Count == 0 && !isTune || i == blocks.Length - 1))
                continue;
            if (isTune || block.StartsWith("K:", StringComparison.Ordinal) || block.Contains("\nK:", StringComparison.Ordinal))
                tunes.Add(block);
        }

        return tunes;
    }
}

/// <summary>The metre of an M: field.</summary>
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
    /// <exception cref="AbcException">The text is not a metre.</exception>
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
    /// <exception cref="AbcException">The text is not a length.</exception>
    public static Fraction UnitLength(string value)
    {
        var match = LengthPattern().Match(value);
        if (!match.Success)
            throw new AbcException($"L:{value} is not a note length");
        return new Fraction(1, match.Groups[1].Success ? long.Parse(match.Groups[1].Value) : 1);
    }

    /// <summary>The unit that the metre implies where L: is missing: 1/16 below 3/4, else 1/8.</summary>
    public static Fraction DefaultUnit(AbcMetre? metre) => new(1, metre is { } m && m.Bar < new Fraction(3, 4) ? 16 : 8);

    /// <summary>Refuses a text that is not a key.</summary>
    /// <exception cref="AbcException">The text is not a key.</exception>
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

/// <summary>The music between two bar lines.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Length">Sum of its notes and rests, where 1 is a semibreve.</param>
/// <param name="Metre">The length that it should have; null in a free metre.</param>
/// <param name="Section">The number of its section: repeats, double bars and thick bars part sections.</param>
/// <param name="Opens">Whether the section starts with it.</param>
/// <param name="Closes">Whether the section, or one of its endings, stops with it.</param>
internal sealed record AbcBar(int Number, Fraction Length, Fraction? Metre, int Section, bool Opens, bool Closes)
{
    /// <summary>Whether it is as long as the metre says.</summary>
    public bool IsFull => Metre is not { } metre || Length == metre;

    /// <summary>The text of an error, for example <c>bar 3 has 7 quavers, not 8</c>.</summary>
    public override string ToString()
    {
        var quavers = new Fraction(8, 1);
        return $"bar {Number} has {Length * quavers} quavers, not {Metre * quavers}";
    }

    /// <summary>
    /// Finds the first bar that does not add up. A bar may be short only where a section starts (a pick-up) or stops, and the
    /// two must make a full bar: a section's last bar with the section's own pick-up or with the next one's. The pick-up of the
    /// tune itself needs no counterpart.
    /// </summary>
    /// <returns>The bar, or null where all add up.</returns>
    public static AbcBar? FirstWrong(IReadOnlyList<AbcBar> bars) => bars.FirstOrDefault(bar => !AddsUp(bar, bars));

    private static bool AddsUp(AbcBar bar, IReadOnlyList<AbcBar> bars)
    {
        if (bar.IsFull)
            return true;
        if (bar.Length > bar.Metre!.Value || !(bar.Opens || bar.Closes))
            return false;
        if (bar.Number == 1)
            return true;
        var partners = bar.Opens
            ? bars.Where(b => b.Closes && (b.Section == bar.Section || b.Section == bar.Section - 1))
            : bars.Where(b => b.Opens && (b.Section == bar.Section || b.Section == bar.Section + 1 || b.Section == 0));
        return partners.Any(p => p.Length + bar.Length == bar.Metre.Value);
    }
}

/// <summary>The error of a text that is not ABC notation; the message gives the reason.</summary>
internal sealed class AbcException(string message) : FormatException(message);

/// <summary>The number of a model's tunes that parse, and of those whose bars all add up.</summary>
/// <param name="Tunes">Whole tunes that were checked.</param>
/// <param name="Parse">Those that parse as ABC notation.</param>
/// <param name="AddUp">Those of them whose bars all add up.</param>
internal sealed record TuneReport(int Tunes, int Parse, int AddUp)
{
    private const int Texts = 32, Characters = 1000;

    /// <summary>The report as shown to users.</summary>
    public string Description =>
        $"of {Tunes} tunes it wrote, {Show.Share(Parse, Tunes)} parse and in {Show.Share(AddUp, Tunes)} all bars add up";

    /// <summary>The values for JSON.</summary>
    public IEnumerable<(string, object?)> Values => [("tunes", Tunes), ("parse", Parse), ("add_up", AddUp)];

    /// <summary>Lets a model write some tens of tunes, and checks them.</summary>
    public static TuneReport Of(Author author) => Of(author.WriteMany(author.IsGreedy ? 1 : Texts, Characters));

    /// <summary>Checks the whole tunes in texts that were cut anywhere.</summary>
    public static TuneReport Of(params IEnumerable<string> texts)
    {
        var verdicts = texts.SelectMany(t => AbcChecker.CheckAll(t, isExcerpt: true)).ToArray();
        return new TuneReport(verdicts.Length, verdicts.Count(v => v.Parses), verdicts.Count(v => v.AddsUp));
    }

    /// <summary>The verdict on one tune, in a sentence.</summary>
    public static string Sentence(string tune) => AbcChecker.Check(tune.Trim('\n')) switch
    {
        { AddsUp: true } v => $"It parses, and all its {v.Bars} bars add up.",
        { Parses: true } v => $"It parses, but {v.Problem}.",
        var v => $"It does not parse: {v.Problem}.",
    };
}
