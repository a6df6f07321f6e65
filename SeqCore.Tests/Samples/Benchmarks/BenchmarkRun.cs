using SeqCore.Benchmarks;

namespace SeqCore.Tests.Samples.Benchmarks;

/// <summary>A run of samples/Benchmarks inside this process.</summary>
internal static class BenchmarkRun
{
    internal static ProgramRun Of(string arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Program.Run(arguments.Split(' '), output, error);
        return new ProgramRun(code, output.ToString(), error.ToString());
    }
}
