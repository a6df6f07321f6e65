using System.CommandLine;
using System.CommandLine.Invocation;
using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>The program: reads the command line, runs the command, and turns mistakes into one line and an exit code.</summary>
internal static class BenchmarkProgram
{
    /// <summary>Runs the program.</summary>
    /// <returns>0 done, 1 failed, 2 wrong usage.</returns>
    internal static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Times SeqCore: named workloads, one operation at a time,"
            + " and the steps to fast matrix products and attention.")
        {
            WorkloadsCommand.Create(),
            BenchCommand.Create(),
            LadderCommand.Create(),
            DevicesCommand.Create(),
            SelfTestCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction mistake)
            mistake.ShowHelp = false;
        try
        {
            var code = parsed.Invoke(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = error });
            return parsed.Errors.Count > 0 ? 2 : code;
        }
        catch (UsageException e)
        {
            error.WriteLine($"error: {e.Message}");
            return 2;
        }
        catch (Exception e) when (e is NotSupportedException or DeviceException)
        {
            error.WriteLine($"error: {e.Message}");
            return 1;
        }
    }
}
