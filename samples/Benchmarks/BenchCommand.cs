using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace SeqCore.Benchmarks;

/// <summary><c>bench --filter PATTERN</c>: the BenchmarkDotNet classes; all arguments go to BenchmarkDotNet.</summary>
internal static class BenchCommand
{
    internal static Command Create()
    {
        var command = new Command("bench", "Runs BenchmarkDotNet classes, one per operation; all arguments go to it, for example --filter '*MatMul*' or --list flat.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(result =>
        {
            // In this process: the same runtime settings as the workloads, and no project generated and built for each class.
            var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithMaxIterationCount(20).AsMutator());
            if (!Micro.OpenBlas.IsPresent)
                config = config.AddFilter(new SimpleFilter(c => c.Descriptor.WorkloadMethod.Name != nameof(Micro.MatMulBenchmarks.OpenBLAS)));
            var summaries = BenchmarkSwitcher.FromAssembly(typeof(BenchCommand).Assembly).Run([.. result.UnmatchedTokens], config);
            return summaries.Any(s => s.HasCriticalValidationErrors || s.Reports.Any(r => !r.Success)) ? 1 : 0;
        });
        return command;
    }
}
