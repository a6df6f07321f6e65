using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary>
/// <c>bench [--device D] --filter PATTERN</c>: the BenchmarkDotNet classes; all other arguments go to BenchmarkDotNet.
/// </summary>
internal static class BenchCommand
{
    internal static Command Create()
    {
        var device = OptionKinds.Device();
        var command = new Command("bench", "Run BenchmarkDotNet classes, one per operation;"
            + " all other arguments are passed to it, for example --filter '*MatMul*' or --list flat.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.Options.Add(device);
        command.SetAction(result =>
        {
            try
            {
                return Run(result.GetValue(device)!, [.. result.UnmatchedTokens]);
            }
            catch (FileNotFoundException e) when (e.FileName?.StartsWith("BenchmarkDotNet", StringComparison.Ordinal) == true)
            {
                throw new UserException("This copy of the program has no BenchmarkDotNet."
                    + " Run it from the repository: dotnet run -c Release --project samples/Benchmarks -- bench.", isUsage: true);
            }
        });
        return command;
    }

    private static int Run(Device device, string[] arguments)
    {
        using var machine = Machine.Open(device);

        // Runs in this process, with the device and runtime settings of the workloads, and no project generated and
        // built for each class.
        var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
            .WithMaxIterationCount(20).AsMutator());
        if (!Micro.OpenBlas.IsPresent || device != Device.Cpu)
        {
            config = config.AddFilter(new SimpleFilter(c =>
                c.Descriptor.WorkloadMethod.Name != nameof(Micro.MatMulBenchmarks.OpenBLAS)));
        }

        var summaries = BenchmarkSwitcher.FromAssembly(typeof(BenchCommand).Assembly).Run(arguments, config);
        return summaries.Any(s => s.HasCriticalValidationErrors || s.Reports.Any(r => !r.Success)) ? 1 : 0;
    }
}
