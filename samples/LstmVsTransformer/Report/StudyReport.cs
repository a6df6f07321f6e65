using SeqCore.Samples.Common;
using SeqCore.Samples.LstmVsTransformer.Commands;
using SeqCore.Samples.LstmVsTransformer.Results;

namespace SeqCore.Samples.LstmVsTransformer.Report;

/// <summary>Writes the page, its pictures and the CSV files from the JSON files of a folder, and prints the tables.</summary>
internal static class StudyReport
{
    /// <summary>Name of the page.</summary>
    internal const string PageName = "lstm-vs-transformer.html";

    /// <summary>Writes and prints.</summary>
    /// <param name="folder">Where the JSON files are and the others go.</param>
    /// <param name="printed">Parts whose tables are printed.</param>
    /// <param name="terminal">Where to print.</param>
    /// <exception cref="UserException">There is nothing to report.</exception>
    internal static void Write(string folder, Parts printed, Terminal terminal)
    {
        var study = ResultFiles.Read(folder);
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
        var comparison = ComparisonSection.Build(study);
        foreach (var (part, section) in sections)
        {
            if (printed.HasFlag(part))
                section.Print(terminal);
        }

        if (printed == Parts.All)
            comparison.Print(terminal);
        CsvFiles.Write(folder, study);
        ChartFiles.Write(folder, sections.SelectMany(s => s.Section.Charts));
        var page = new HtmlPage("LSTM against Transformer, measured");
        Introduction.AddTo(page, study);
        comparison.AddTo(page);
        foreach (var (_, section) in sections)
            section.AddTo(page);
        page.Save(Path.Combine(folder, PageName));
        terminal.Line();
        terminal.Pair("page", Path.Combine(folder, PageName));
    }
}
