using System.CommandLine;
using System.Reflection;
using SeqCore.Kernels;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary><c>workloads [--device D] [--threads N] [--precision P] NAME...</c>: one JSON line for each named workload.</summary>
internal static class WorkloadsCommand
{
    internal static Command Create()
    {
        var threads = OptionKinds.Threads();
        var device = OptionKinds.Device();
        var precision = PrecisionOption.Create();
        var names = new Argument<string[]>("NAME")
        {
            Description = "KIND/SIZES, for example matmul/1024 or lstm_fwd/32x100x256x1024; without it a standard list. Kinds: "
                + string.Join(", ", WorkloadKind.All.Select(k => $"{k.Name}/{k.Letters}")) + ".",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var list = new Option<bool>("--list")
        {
            Description = "Print the names of the standard list and of the machine's limits, and time nothing.",
        };
        var command = new Command("workloads",
            "Time named workloads and print a JSON line for each.") { device, threads, precision, list, names };
        command.SetAction(result =>
        {
            var (given, output) = (result.GetValue(names)!, result.InvocationConfiguration.Output);
            if (result.GetValue(list))
                return List(given, output);
            var workloads = (given.Length > 0 ? given : StandardWorkloads.Names).Select(WorkloadName.Parse).ToArray();
            using var machine = Machine.Open(result.GetValue(device)!, result.Threads(threads));
            PrecisionOption.Use(result.GetValue(precision), machine.Backend);
            return Run(machine.Backend, workloads, output, result.InvocationConfiguration.Error);
        });
        return command;
    }

    private static int List(string[] given, TextWriter output)
    {
        if (given.Length > 0)
            throw new UserException("--list prints the standard names; leave the names out.", isUsage: true);
        foreach (var name in StandardWorkloads.Names.Concat(StandardWorkloads.Limits))
            output.WriteLine(name);
        return ExitCode.Done;
    }

    private static int Run(Backend backend, WorkloadName[] workloads, TextWriter output, TextWriter error)
    {
        var code = ExitCode.Done;
        foreach (var name in workloads)
        {
            try
            {
                Measure(name, backend, output);
                Clear(backend);
            }
            catch (Exception e) when (e is ArgumentException or OutOfMemoryException or DeviceException or NotSupportedException
                or NotImplementedException)
            {
                error.WriteLine($"error: {name.Text}: {e.Message.ReplaceLineEndings(" ")}");

                // The library refuses sizes that do not fit one another, or are too large, as arguments.
                code = e is ArgumentException && code != ExitCode.Failed ? ExitCode.Usage : ExitCode.Failed;
            }
        }

        return code;
    }

    private static void Measure(WorkloadName name, Backend backend, TextWriter output)
    {
        var workload = name.Kind.Create(name.Sizes);
        var seconds = Timing.Least(workload.Run, workload.Wait ?? backend.Synchronize);
        var version = typeof(Backend).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        output.WriteLine(JsonLine.OfPresent(
            ("peer", $"SeqCore {version}"),
            ("name", name.Text),
            ("ms", Math.Round(seconds * 1e3, 4)),
            ("gflops", workload.Operations is { } operations ? Math.Round(operations / seconds / 1e9, 1) : null),
            ("gbs", workload.Floats is { } floats ? Math.Round(sizeof(float) * floats / seconds / 1e9, 1) : null),
            ("plan", workload.Plan?.Taken),
            ("chosen", workload.Plan?.Chosen),
            ("device", backend.Device == Device.Cpu ? null : backend.Device.ToString())));
        output.Flush();
    }

    /// <summary>The next workload begins without the last one's memory.</summary>
    private static void Clear(Backend backend)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        backend.TrimMemory();
    }
}
