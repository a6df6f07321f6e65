using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary><c>report [FILE...]</c>: writes tables, chart and README's figures from recorded measurements.</summary>
internal static class ReportCommand
{
    private const string Solution = "SeqCore.sln";

    internal static Command Create()
    {
        var checkout = OptionKinds.Path("--checkout",
            "The checkout of SeqCore whose documents are written. [default: the one that the current folder is in]", "DIR");
        var header = new Option<bool>("--header")
        {
            Description = "Print the first line of a file recorded on this machine today, and write nothing.",
        };
        var files = new Argument<string[]>("FILE")
        {
            Description = "A recorded file: the line of --header, then the lines of 'workloads' and of programs that time other"
                + " libraries. [default: each docs/benchmarks/*.jsonl]",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("report", "Write the figures of docs/benchmarks.md, docs/benchmarks.svg and README.md from"
            + " recorded measurements.") { checkout, header, files };
        command.SetAction(result =>
        {
            var (given, output) = (result.GetValue(files)!, result.InvocationConfiguration.Output);
            if (result.GetValue(header))
                output.WriteLine(RecordedMachine.This().ToJson());
            else
                Write(result.GetValue(checkout) ?? FindCheckout(Directory.GetCurrentDirectory()), given, output);
        });
        return command;
    }

    private static void Write(string checkout, string[] given, TextWriter output)
    {
        var comparisons = BenchmarkReport.Compare(given.Length > 0 ? given : BenchmarkReport.Recorded(checkout));

        // All texts are made before the first is written.
        foreach (var (path, text) in BenchmarkReport.Write(checkout, comparisons))
        {
            AtomicFile.WriteText(path, text);
            output.WriteLine(path);
        }

        foreach (var comparison in comparisons)
        {
            output.WriteLine($"{comparison.File.Machine.Day}, {comparison.File.Machine.Words}: geometric mean"
                + $" {ReportText.Ratio(comparison.Mean)} over {Show.Number(comparison.Ratios.Count, "workload")}");
        }
    }

    private static string FindCheckout(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
                return folder.FullName;
        }

        throw new UserException($"'{start}' is not in a checkout of SeqCore. Name one with --checkout.", isUsage: true);
    }
}
