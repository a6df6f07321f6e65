namespace SeqCore.Samples.CharLanguageModel.Tunes;

/// <summary>What the checker found about one tune.</summary>
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
    /// Whether the text is cut out of a longer one: then what stands before the first X: and a last tune without an empty line
    /// after it are left out.
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
                throw new AbcException("music or text stands before the K: field");
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

    /// <summary>Cuts a text into tunes; what is neither a tune nor looks like part of one is free text and left out.</summary>
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
