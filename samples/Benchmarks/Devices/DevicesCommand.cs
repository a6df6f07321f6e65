using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Benchmarks;

/// <summary><c>devices [--json]</c>: every device found and, for each one that cannot be used, why.</summary>
internal static class DevicesCommand
{
    internal static Command Create(Context context)
    {
        var json = OptionKinds.Json();
        var command = new Command("devices",
            "List every device found, its memory, and for each one that cannot be used the reason.") { json };
        command.SetAction(result => Machine.List(context.Terminal.With(result.GetValue(json))));
        return command;
    }
}
