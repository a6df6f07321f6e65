using System.CommandLine;
using SeqCore.Benchmarks;

var root = new RootCommand("Times SeqCore: named workloads, one operation at a time, and the steps to a fast matrix product.")
{
    WorkloadsCommand.Create(),
    BenchCommand.Create(),
    LadderCommand.Create(),
};
var parsed = root.Parse(args);
try
{
    var code = parsed.Invoke();
    return parsed.Errors.Count > 0 ? 2 : code;
}
catch (UsageException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 2;
}
