using System.Globalization;
using System.Text.RegularExpressions;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>Writes the page, its charts and the CSV files from the JSON files of a folder, and prints the tables.</summary>
internal static partial class StudyReport
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
        var comparison = Comparison(study);
        foreach (var (part, section) in sections)
        {
            if (printed.HasFlag(part))
                section.Print(terminal);
        }

        if (printed == Parts.All)
            Summarise(comparison, study, terminal);
        CsvFiles.Write(folder, study);
        WriteCharts(folder, sections.SelectMany(s => s.Section.Charts));
        var page = new HtmlPage("LSTM against Transformer, measured");
        Introduce(page, study);
        comparison.AddTo(page);
        foreach (var (_, section) in sections)
            section.AddTo(page);
        page.Save(Path.Combine(folder, PageName));
        terminal.Line();
        var hidden = sections.Where(s => printed.HasFlag(s.Part))
            .Sum(s => s.Section.Tables.Count(t => !t.Fits(terminal)));
        if (terminal.IsLive && hidden > 0)
            terminal.Paragraph($"{Show.Number(hidden, "table")} wider than this terminal: see the page.");
        terminal.Pair("page", Path.Combine(folder, PageName));
    }

    /// <summary>
    /// Prints the claims with their verdicts: the whole comparison where it fits, or else a line or two for each.
    /// </summary>
    private static void Summarise(Section comparison, Study study, Terminal terminal)
    {
        comparison.Print(terminal);
        if (!terminal.IsLive || comparison.Tables.All(t => t.Fits(terminal)))
            return;
        foreach (var claim in Claim.All)
            terminal.Pair(Words(claim.Weigh(study).Verdict), $"{claim.Aspect}: {claim.Says}");
    }

    /// <summary>The common claims, each with its measurements.</summary>
    private static Section Comparison(Study study)
    {
        var section = new Section("Common claims, and what was measured");
        var claims = Claim.All.Select(c => (Claim: c, Evidence: c.Weigh(study))).ToArray();
        var known = claims.Where(c => c.Evidence.Verdict != Verdict.NotMeasured).ToArray();
        section.Text($"Of {claims.Length} claims, {known.Count(c => c.Evidence.Verdict == Verdict.Confirmed)} are confirmed,"
            + $" {known.Count(c => c.Evidence.Verdict == Verdict.Partly)} partly, "
            + $"{known.Count(c => c.Evidence.Verdict == Verdict.Refuted)} refuted,"
            + $" {claims.Length - known.Length} not measured in this run.");
        section.Text("Each claim has its rule beside it. \"The LSTM\" is the one with a forget bias of 1 unless stated"
            + " otherwise, and \"the Transformer\" the one with tiled attention.");
        section.AddToTerminalOnly(new Table("The comparison", ["aspect", "claim", "verdict", "LSTM", "Transformer"],
            [.. claims.Select(c => (IReadOnlyList<Cell>)
                [c.Claim.Aspect, c.Claim.Says, Words(c.Evidence.Verdict), c.Evidence.Lstm, c.Evidence.Transformer])]));
        foreach (var aspect in claims.GroupBy(c => c.Claim.Aspect))
        {
            section.AddToPageOnly(new Table(char.ToUpperInvariant(aspect.Key[0]) + aspect.Key[1..],
                ["claim", "verdict", "LSTM", "Transformer", "rule"],
                [.. aspect.Select(c => (IReadOnlyList<Cell>)[c.Claim.Says, Words(c.Evidence.Verdict), c.Evidence.Lstm,
                    c.Evidence.Transformer, c.Claim.Rule])]));
        }

        return section;
    }

    private static string Words(Verdict verdict) => verdict switch
    {
        Verdict.Confirmed => "confirmed",
        Verdict.Partly => "partly",
        Verdict.Refuted => "refuted",
        _ => "not measured",
    };

    /// <summary>The beginning of the page: what was measured, where, when and how long it took.</summary>
    private static void Introduce(HtmlPage page, Study study)
    {
        page.Paragraph("This page sets common claims about LSTMs and Transformers beside figures from a run on one machine."
            + " Every verdict below is computed from "
            + "these figures by the rule beside it, so other figures can give another verdict.");
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
            AtomicFile.WriteText(Path.Combine(figures, Name(chart.Title ?? "chart") + ".svg"), chart.ToSvg());
    }

    /// <summary>A file name such as <c>remember-the-first-length-100-loss</c>.</summary>
    private static string Name(string title) => Others().Replace(title.ToLowerInvariant(), "-").Trim('-');

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Others();
}
