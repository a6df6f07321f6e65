using System.CommandLine;
using System.Globalization;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary><c>devices [--json]</c>: every device found and, for each one that cannot be used, why.</summary>
internal static class DevicesCommand
{
    internal static Command Create()
    {
        var json = OptionKinds.Json();
        var command = new Command("devices",
            "List every device found, its memory, and for each one that cannot be used the reason.") { json };
        command.SetAction(result =>
        {
            foreach (var info in Device.List())
                result.InvocationConfiguration.Output.WriteLine(result.GetValue(json) ? AsJson(info) : AsText(info));
        });
        return command;
    }

    private static string AsText(DeviceInfo info)
    {
        var memory = info.Memory is { } bytes ? string.Create(CultureInfo.InvariantCulture, $", {bytes / 1e9:0.0} GB") : "";
        var text = $"{info.Device,-10} {info.Description}{memory}";
        return info.UnusableReason is null ? text : $"{text}{Environment.NewLine}{"",-10} cannot be used: {info.UnusableReason}";
    }

    private static string AsJson(DeviceInfo info) => JsonLine.Of(Machine.Values(info));
}
