using System.CommandLine;
using System.CommandLine.Invocation;
using SeqCore.Benchmarks;

var root = new RootCommand("Times SeqCore: named workloads, one operation at a time, and the steps to fast matrix products and attention.")
{
    WorkloadsCommand.Create(),
    BenchCommand.Create(),
    LadderCommand.Create(),
};
var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction mistake)
    mistake.ShowHelp = false;
try
{
    var code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count > 0 ? 2 : code;
}
catch (UsageException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 2;
}
