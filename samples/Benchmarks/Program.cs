using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary>The program: its commands, run as those of every sample are.</summary>
internal static class Program
{
    public static int Main(string[] args) => Samples.Common.CommandLine.Run(args, Commands, Terminal.OfConsole());

    /// <summary>Runs the program.</summary>
    /// <returns>0 for success, 1 for failure, 2 for wrong usage.</returns>
    internal static int Run(string[] arguments, TextWriter output, TextWriter error) =>
        Samples.Common.CommandLine.Run(arguments, Commands, new Terminal(output, error));

    private static RootCommand Commands(Context context) => new RootCommand("Times SeqCore: named workloads, one operation"
        + " at a time, and the steps to fast matrix products and attention.")
    {
        WorkloadsCommand.Create(),
        ReportCommand.Create(),
        BenchCommand.Create(),
        LadderCommand.Create(),
        DevicesCommand.Create(context),
        SelfTestCommand.Create(),
    }.WithExample("Time two workloads", "workloads matmul/1024 lstm_fwd/32x100x256x1024")
        .WithExample("Check every kernel of a device", "selftest --device cuda");
}
