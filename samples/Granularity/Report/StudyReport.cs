using SeqCore.Samples.Common;

namespace SeqCore.Samples.Granularity;

/// <summary>Prints the comparison, and writes the page and its charts.</summary>
internal static class StudyReport
{
    /// <summary>The file name of the page.</summary>
    internal const string PageName = "granularity.html";

    /// <summary>Writes the files and prints the table.</summary>
    internal static void Write(string folder, StudyDescription study, IReadOnlyList<RowSummary> rows, Terminal terminal)
    {
        var comparison = ResultTables.Comparison(rows);
        Print(comparison, terminal);
        terminal.Paragraph("  train/s and write/s: tokens a second in training, and when one text is written.");
        if (ResultTables.Smaller(rows) is { } smaller)
            terminal.Paragraph("  " + smaller);
        if (ResultTables.Note(rows) is { } note)
            terminal.Paragraph("  " + note);
        var section = new Section("The comparison");
        section.Text($"The same model ({study.Options.ModelDescription}) reads {Show.Count(study.Options.Characters)} characters"
            + $" of the text {study.Data} in training, as tokens of each kind. It is scored on"
            + $" {Show.Count(study.Text.HeldOutCharacters)} other characters, all of them: the bits of all tokens are added up"
            + " and divided by the number of characters, which makes the rows comparable. For byte pairs and unigrams this is an"
            + " upper bound, because a text can be written with other tokens too, and only those of the tokenizer are counted.");
        section.Add(comparison);
        section.Text("char/tok: characters in a held-out token. train/s and write/s: tokens a second in training and when one"
            + " text is written. unknown: held-out tokens that stand for a part that the vocabulary lacks.");
        if (ResultTables.Smaller(rows) is { } fewer)
            section.Text(fewer);
        section.Add(ResultCharts.BitsByVocabulary(rows), "Lower is better. A larger vocabulary has more parameters.");
        section.Add(ResultCharts.BitsByLength(rows), "Fewer tokens mean fewer steps through which a gradient has to travel.");
        section.Add(ResultCharts.BitsBySpeed(rows), "With a larger vocabulary a token takes longer, but a text has fewer.");
        section.Add(ResultCharts.Speeds(rows), "Of the median training step, and of the fastest of some texts of 200 tokens.");
        section.Add(ResultTables.Details(rows));
        if (rows.Any(r => r.First.UnknownTokens > 0))
        {
            section.Text("Unknown parts are charged for twice, so that they hide nothing: the model predicts that an unknown part"
                + " comes, and then the part is spelled. Each character, and the end, costs the logarithm of its frequency in the"
                + " unknown parts of the training text, plus one; a character that the training text lacks is drawn from all of"
                + " Unicode. A better spelling would cost less, so the figure is an upper bound.");
            section.Add(ResultTables.Unknown(rows));
        }

        var page = new HtmlPage("Characters, byte pairs and words");
        section.AddTo(page);
        page.Heading("What the models write");
        foreach (var row in rows)
        {
            page.Heading(row.Units.Name, 3);
            page.Listing(row.First.Sample);
        }

        page.Heading("How it was measured");
        page.List($"Machine: {study.Machine}", $"Data: {study.Data}, SHA-256 {study.Text.Hash}",
            $"Options: {string.Join(", ", rows[0].First.Options.Where(IsOption).Select(o => $"{o.Key} {o.Value}"))}",
            $"Seeds: {string.Join(", ", rows[0].Runs.Select(r => r.Seed))}");
        page.Paragraph("Other programs that run on the machine lower the speeds but change no other figure.");
        page.Save(Path.Combine(folder, PageName));
        foreach (var chart in section.Charts)
            OptionKinds.WriteSvg(Path.Combine(folder, "figures", HtmlPage.Anchor(chart.Title!) + ".svg"), chart.ToSvg);
        terminal.Line();
        terminal.Pair("page", Path.Combine(folder, PageName));
        terminal.Result(("event", "page"), ("page", Path.Combine(folder, PageName)));
    }

    /// <summary>Prints the table, without its frame where that would be too wide for the terminal.</summary>
    private static void Print(Table table, Terminal terminal)
    {
        terminal.Line();
        table.Print(terminal);
        if (terminal.IsLive && !table.Fits(terminal))
            terminal.Line(string.Join('\n', table.Lines()));
    }

    private static bool IsOption(KeyValuePair<string, string> option) => option.Key is not ("machine" or "data_sha256");
}
