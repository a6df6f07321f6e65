using System.Globalization;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>Writes the page, its charts and the CSV files from the JSON files of a folder, and prints the tables.</summary>
internal static class StudyReport
{
    /// <summary>The file name of the page.</summary>
    internal const string PageName = "lstm-vs-transformer.html";

    /// <summary>Writes the files and prints the tables.</summary>
    /// <param name="folder">The folder of the JSON files and of the written files.</param>
    /// <param name="printed">The parts whose tables are printed.</param>
    /// <param name="terminal">The terminal to print to.</param>
    /// <exception cref="UserException">There is nothing to report.</exception>
    internal static void Write(string folder, Parts printed, Terminal terminal)
    {
        var study = Study.Read(folder);
        if (study == Study.Empty)
        {
            throw new UserException($"There are no results in the folder '{folder}'."
                + " Run the all command first, or name another folder with --out.");
        }

        var sections = new List<(Parts Part, Section Section)>();
        if (study.Speed is { } speed)
            sections.Add((Parts.Speed, SpeedSection.Build(speed)));
        if (study.Memory is { } memory)
            sections.Add((Parts.Memory, MemorySection.Build(memory)));
        if (study.Recall is { } recall)
            sections.Add((Parts.Recall, RecallSection.Build(recall)));
        if (study.Gradients is { } gradients)
            sections.Add((Parts.Gradients, GradientSection.Build(gradients)));
        foreach (var (part, section) in sections)
        {
            if (printed.HasFlag(part))
                section.Print(terminal);
        }

        if (printed == Parts.All)
            ClaimList.Print(study, terminal);
        CsvFiles.Write(folder, study);
        WriteCharts(folder, sections.SelectMany(s => s.Section.Charts));
        var page = new HtmlPage("LSTM against Transformer, measured");
        ClaimList.AddHeadline(page, study);
        foreach (var (_, section) in sections)
            section.AddTo(page);
        ClaimList.AddTo(page, study, [.. sections.SelectMany(s => s.Section.Charts)]);
        AddMethod(page, study);
        page.Save(Path.Combine(folder, PageName));
        terminal.Line();
        var hidden = sections.Where(s => printed.HasFlag(s.Part))
            .Sum(s => s.Section.Tables.Count(t => !t.Fits(terminal)));
        if (terminal.IsLive && hidden > 0)
            terminal.Paragraph($"{Show.Number(hidden, "table")} wider than this terminal: see the page.");
        terminal.Pair("page", Path.Combine(folder, PageName));
    }

    /// <summary>The end of the page: what was measured, where, when and how long it took.</summary>
    private static void AddMethod(HtmlPage page, Study study)
    {
        page.Heading("How it was measured");
        page.Table(["part", "preset", "time", "seed", "date"], Rows(study));
        page.List(Machines(study));
        page.Paragraph("Times are the shortest of several calls after a warm-up."
            + " Other programs on the machine make them longer, never shorter.");
    }

    private static IEnumerable<string> Machines(Study study) =>
        new[] { study.Speed?.Machine, study.Memory?.Machine, study.Recall?.Machine, study.Gradients?.Machine }
            .OfType<MachineDescription>().Select(m => m.Words).Distinct();

    private static List<IReadOnlyList<string>> Rows(Study study)
    {
        var rows = new List<IReadOnlyList<string>>();
        Add("speed", study.Speed);
        Add("memory", study.Memory);
        Add("recall", study.Recall);
        Add("gradients", study.Gradients);
        return rows;

        void Add<T>(string name, Part<T>? part)
        {
            if (part is not null)
            {
                rows.Add([name, part.Preset, Show.Time(part.Seconds),
                    part.Seed.ToString(CultureInfo.InvariantCulture), part.Machine.Date]);
            }
        }
    }

    /// <summary>Writes the charts as files named after their titles into the folder <c>figures</c>.</summary>
    private static void WriteCharts(string folder, IEnumerable<LineChart> charts)
    {
        var figures = Directory.CreateDirectory(Path.Combine(folder, "figures")).FullName;
        foreach (var chart in charts)
            AtomicFile.WriteText(Path.Combine(figures, HtmlPage.Anchor(chart.Title ?? "chart") + ".svg"), chart.ToSvg());
    }
}
