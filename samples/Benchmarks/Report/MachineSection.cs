namespace SeqCore.Benchmarks;

/// <summary>The section of a recorded file in docs/benchmarks.md.</summary>
internal static class MachineSection
{
    /// <summary>Heading, machine, table and summary.</summary>
    internal static string Write(Comparison comparison)
    {
        var (file, machine) = (comparison.File, comparison.File.Machine);
        var name = Path.GetFileName(file.Path);
        string[] libraries = [$"{file.Version ?? Library.Ours} on {machine.Runtime}", .. file.Peers];
        var rounds = file.Rounds > 1 ? $" The least of {file.Rounds} rounds." : "";
        var note = machine.Note is { } text ? $" {text}" : "";
        return $"### {machine.Day}: {machine.Words}\n\n"
            + ReportText.Paragraph($"{ReportText.List(libraries)}.{rounds}{note} Recorded in"
                + $" [{name}](benchmarks/{Uri.EscapeDataString(name)}).")
            + $"\n{Table(comparison)}"
            + Paragraph(Summary(comparison)) + Paragraph(Limits(comparison));
    }

    /// <summary>Each workload with its times, ratio and share of the limit.</summary>
    private static string Table(Comparison comparison) => ReportText.Table(
        ["workload", "SeqCore ms", .. comparison.File.Peers.Select(p => $"{p} ms"), "ratio", "of the limit"],
        [.. comparison.Workloads.Select(w => (string[])[$"`{w.Name.Text}`", ReportText.Milliseconds(w.Ours),
            .. w.Peers.Select(ReportText.Milliseconds), ReportText.Ratio(w.Ratio), ReportText.Percent(w.Share)])]);

    private static string Summary(Comparison comparison) => comparison.Ratios.Count == 0
        ? ""
        : $"Over {comparison.Ratios.Count} workloads the geometric mean of the ratios is {ReportText.Ratio(comparison.Mean)},"
            + $" the smallest {ReportText.Ratio(comparison.Ratios.Min())}.";

    private static string Limits(Comparison comparison) => comparison.Limits.All.Count == 0
        ? ""
        : "Limits of the machine: "
            + ReportText.List([.. comparison.Limits.All.Select(l => $"`{l.Name.Text}` {Rate(l.Figure)}")]) + ".";

    private static string Rate(Figure figure) => figure.Gflops is { } gflops
        ? $"{ReportText.Ratio(gflops, 0)} GFLOP/s"
        : $"{ReportText.Ratio(figure.Gbs, 1)} GB/s";

    private static string Paragraph(string text) => text.Length == 0 ? "" : $"\n{ReportText.Paragraph(text)}";
}
