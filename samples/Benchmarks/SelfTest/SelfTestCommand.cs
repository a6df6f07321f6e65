using System.CommandLine;
using System.Globalization;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary><c>selftest --device D</c>: every kernel of a device against the CPU.</summary>
internal static class SelfTestCommand
{
    internal static Command Create()
    {
        var device = OptionKinds.Device();
        var filter = new Option<string>("--filter")
        {
            Description = "Run only operations whose name contains this text.",
            DefaultValueFactory = _ => "",
        };
        var quick = new Option<bool>("--quick") { Description = "Run only small sizes, whose times mean little." };
        var json = OptionKinds.Json();
        var command = new Command("selftest", "Run every kernel on a device, compare it with the CPU, and time it."
            + " The exit code is 1 where an error exceeds its bound.")
        {
            device, filter, quick, json,
        };
        command.SetAction(result =>
        {
            var kernels =
                KernelCase.All.Where(k => k.Operation.Contains(result.GetValue(filter)!, StringComparison.OrdinalIgnoreCase))
                    .Where(k => !(k.IsLarge && result.GetValue(quick))).ToList();
            if (kernels.Count == 0)
                throw new UserException($"No operation's name contains '{result.GetValue(filter)}'.", isUsage: true);
            return Run(result.GetValue(device)!, kernels, result.GetValue(json), result.InvocationConfiguration.Output);
        });
        return command;
    }

    private static int Run(Device device, List<KernelCase> kernels, bool json, TextWriter output)
    {
        var test = new KernelTest(device);
        if (!json)
        {
            output.WriteLine("| operation | variant | error | relative | bound | ms | unaligned ms | GB/s | GFLOP/s | |");
            output.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
        }

        int count = 0, failed = 0;
        foreach (var kernel in kernels.Where(test.Has))
        {
            var result = test.Run(kernel);
            output.WriteLine(json ? AsJson(result) : AsRow(result));
            output.Flush();
            count++;
            failed += result.Failure is null ? 0 : 1;
        }

        if (!json)
        {
            output.WriteLine();
            output.WriteLine($"{count} kernels on {device}, {failed} failed.");
        }

        return failed == 0 ? 0 : 1;
    }

    private static string AsRow(KernelResult r) => string.Create(CultureInfo.InvariantCulture,
        $"| {r.Case.Operation} | {r.Case.Variant} | {r.Error:0.0e+0} | {r.Relative:0.0e+0} | {r.Case.Bound:0.0e+0} |"
            + $" {r.Seconds * 1e3:0.####} | {r.UnalignedSeconds * 1e3:0.####} | {r.Bandwidth:0.#} | {r.Rate:0.#} |"
            + $" {(r.Failure is null ? "" : "FAILED: " + r.Failure.ReplaceLineEndings(" "))} |");

    private static string AsJson(KernelResult r) => JsonLine.OfPresent(
        ("operation", r.Case.Operation),
        ("variant", r.Case.Variant),
        ("bound", r.Case.Bound),
        ("error", Finite(r.Error)),
        ("relative", Finite(r.Relative)),
        ("ms", Finite(Math.Round(r.Seconds * 1e3, 5))),
        ("unaligned_ms", Finite(Math.Round(r.UnalignedSeconds * 1e3, 5))),
        ("gbs", Finite(r.Bandwidth)),
        ("gflops", Finite(r.Rate)),
        ("passed", r.Failure is null),
        ("failure", r.Failure));

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
