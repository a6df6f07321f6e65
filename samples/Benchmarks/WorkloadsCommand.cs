using System.CommandLine;
using System.Reflection;
using SeqCore.Kernels;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary><c>workloads [--device D] [--threads N] [--precision P] NAME...</c>: one JSON line for each named workload.</summary>
internal static class WorkloadsCommand
{
    /// <summary>The workloads that are timed where no name is given.</summary>
    internal static readonly string[] Standard =
    [
        "matmul/128", "matmul/256", "matmul/512", "matmul/1024", "matmul/2048",
        "matmul_nt/1x1024x4096", "matmul_nt/32x1024x4096", "matmul_nt/3200x256x4096", "matmul_nt/768x3072x64",
        "softmax/4096x1024", "layernorm/4096x1024", "gelu/4096x1024", "cross_entropy_fwdbwd/2048x8192",
        "lstm_fwd/4x100x256x1024", "lstm_fwdbwd/4x100x256x1024", "lstm_fwd/32x100x256x1024", "lstm_fwdbwd/32x100x256x1024",
        "lstm_fwd/64x64x128x256", "lstm_fwdbwd/64x64x128x256", "lstm_fwd/16x256x64x128", "lstm_fwdbwd/16x256x64x128",
        "gru_fwd/32x100x256x1024", "gru_fwdbwd/32x100x256x1024", "gru_fwd/64x64x128x256", "gru_fwdbwd/64x64x128x256",
        "gru_fwd/16x256x64x128", "gru_fwdbwd/16x256x64x128",
        "rnn_fwd/64x64x128x256", "rnn_fwdbwd/64x64x128x256", "rnn_fwd/16x256x64x128", "rnn_fwdbwd/16x256x64x128",
        "lstm_step/1x256x1024", "lstm_step/1x64x128",
        "sdpa_fwd_full/8x8x256x64", "sdpa_fwdbwd_full/8x8x256x64", "sdpa_fwd_full/4x8x1024x64", "sdpa_fwdbwd_full/4x8x1024x64",
        "sdpa_fwd_full/1x8x4096x64", "sdpa_fwdbwd_full/1x8x4096x64",
        "sdpa_fwd_causal/8x8x256x64", "sdpa_fwdbwd_causal/8x8x256x64", "sdpa_fwd_causal/4x8x1024x64",
        "sdpa_fwdbwd_causal/4x8x1024x64",
        "sdpa_fwd_causal/1x8x4096x64", "sdpa_fwdbwd_causal/1x8x4096x64",
        "adam_step/10000000",
        "train_charlstm/4x100x83x256x1024x1", "train_charlstm/32x128x65x128x512x2",
        "train_gpt/12x64x65x128x4x4", "train_gpt/8x256x65x384x6x6",
        "generate_charlstm/200x83x256x1024x1", "generate_gpt/200x65x384x6x6",
    ];

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
        var command = new Command("workloads",
            "Time named workloads and print a JSON line for each.") { device, threads, precision, names };
        command.SetAction(result =>
        {
            var workloads = Array.ConvertAll(result.GetValue(names) is { Length: > 0 } given ? given : Standard,
                WorkloadName.Parse);
            using var machine = Machine.Open(result.GetValue(device)!, result.Threads(threads));
            PrecisionOption.Use(result.GetValue(precision), machine.Backend);
            return Run(machine.Backend, workloads, result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        });
        return command;
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
