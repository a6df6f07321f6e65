using System.CommandLine;
using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Tells about the devices here, or about a checkpoint.</summary>
internal sealed class InfoCommand
{
    private readonly Option<string?> checkpoint = OptionKinds.Path("--checkpoint",
        "A checkpoint, or a folder with some, to tell about.", "PATH");
    private readonly MachineOptions machine = new();

    /// <summary>The command <c>info</c>.</summary>
    public static Command Create(Context context)
    {
        var self = new InfoCommand();
        var command = new Command("info", "Tell about the devices of this machine, or about a checkpoint.");
        command.Options.Add(self.checkpoint);
        self.machine.AddTo(command);
        command.SetAction(result => self.Run(result, context));
        return command;
    }

    private int Run(ParseResult result, Context context)
    {
        var terminal = context.Terminal.With(machine.Json(result));
        if (result.GetValue(checkpoint) is { } path)
            TellCheckpoint(path, terminal);
        else
            TellDevices(terminal);
        return ExitCode.Done;
    }

    private static void TellDevices(Terminal terminal)
    {
        terminal.Heading("Devices");
        foreach (var info in Device.List())
        {
            terminal.Pair(info.Device.ToString(), info.Unusable is null ? info.Description : $"not usable: {info.Unusable}");
            terminal.Result(("event", "device"), ("device", info.Device.ToString()), ("description", info.Description),
                ("unusable", info.Unusable));
        }
    }

    private static void TellCheckpoint(string path, Terminal terminal)
    {
        using var trained = new TrainedModel<LanguageModel>(path, ModelText.FileKinds, ModelText.Load, terminal);
        var configuration = trained.Options.Concat(trained.Configuration).OrderBy(c => c.Key, StringComparer.Ordinal).ToList();
        terminal.Heading(trained.Source);
        terminal.Pair("model", ModelText.Describe(trained.Model));
        if (trained.Step is { } step)
            terminal.Pair("trained", $"{Show.Count(step)} iterations");
        foreach (var (name, value) in configuration.Where(c => c.Value.Length > 0))
            terminal.Pair(name, value.Replace("\n", "\\n", StringComparison.Ordinal));
        terminal.Line();
        terminal.Line(trained.Model.Summary());
        terminal.Result([("event", "checkpoint"), ("path", trained.Source), ("iteration", trained.Step),
            ("parameters", trained.Model.ParameterCount),
            ("model", ModelText.NameOf(trained.Model)), ("configuration", configuration.Select(c => (c.Key, (object?)c.Value)))]);
    }
}
