using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary><c>ladder</c>: an operation from its definition to the library's kernel, each step timed.</summary>
internal static class LadderCommand
{
    private const string MatMul = "matmul";
    private const string Attention = "attention";

    internal static Command Create()
    {
        var operation = new Argument<string>("operation")
        {
            Description = $"The ladder: {MatMul}, a square matrix product, or {Attention}, one head of {Head.Size} elements.",
            DefaultValueFactory = _ => MatMul,
        };
        operation.AcceptOnlyFromAmong(MatMul, Attention);
        var size = OptionKinds.Whole("--size",
            "Number of rows and columns of the matrices, or of queries and keys of attention, whose"
            + " default is 2048.", 1024, 1, 8192);
        var threads = OptionKinds.Threads();
        var device = OptionKinds.Device();
        var svg = OptionKinds.Svg("rungs");
        var command = new Command("ladder", "Time an operation step by step, from its definition to the library's kernel.") {
            operation, size, device, threads, svg };
        command.SetAction(result =>
        {
            if (result.GetValue(operation) == Attention && result.GetValue(device)! != Device.Cpu)
                throw new UserException("The ladder of attention runs on the CPU only; leave --device out.", isUsage: true);
            var count = result.Threads(threads) is > 0 and var given ? given : Environment.ProcessorCount;
            var (drawing, output) = (result.GetValue(svg), result.InvocationConfiguration.Output);
            if (result.GetValue(operation) == Attention)
                AttentionLadder.Run(result.Given("--size", 2048), count, drawing, output);
            else
                MatMulLadder.Run(result.GetValue(size), result.GetValue(device)!, count, drawing, output);
        });
        return command;
    }
}
