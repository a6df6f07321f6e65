using System.CommandLine;
using System.Diagnostics;
using SeqCore.Samples.Common;
using SeqCore.Samples.LstmVsTransformer.Forms;
using SeqCore.Samples.LstmVsTransformer.Gradients;
using SeqCore.Samples.LstmVsTransformer.Measuring;
using SeqCore.Samples.LstmVsTransformer.Memory;
using SeqCore.Samples.LstmVsTransformer.Recall;
using SeqCore.Samples.LstmVsTransformer.Report;
using SeqCore.Samples.LstmVsTransformer.Results;
using SeqCore.Samples.LstmVsTransformer.Speed;

namespace SeqCore.Samples.LstmVsTransformer.Commands;

/// <summary>Measures some parts of the study and writes them beside those that were measured before.</summary>
internal sealed class StudyCommand(Parts parts, Context context)
{
    private readonly Option<bool> full =
        new("--full") { Description = "The full form: all lengths, more seeds and steps, longer timings." };
    private readonly Option<int> longest = OptionKinds.Whole("--max-length", "Leaves out lengths above this; 0 for none.", 0,
        0, 1 << 20);
    private readonly Option<int> steps = OptionKinds.Whole("--iterations",
        "Training steps of each run at most; 0 for the form's.", 0, 0, 1_000_000);
    private readonly Option<int> seeds = OptionKinds.Whole("--seeds",
        "Runs of each model in recall and gradients; 0 for the form's.", 0, 0, 100);
    private readonly Option<ulong> seed = OptionKinds.Seed("--seed",
        "Of all random numbers: the same gives the same results, but for times.", 1);
    private readonly OutputFolder output = new();
    private readonly MachineOptions machine = new();

    /// <summary>A command of that name.</summary>
    internal static Command Create(string name, string description, Parts parts, Context context)
    {
        var command = new Command(name, description);
        new StudyCommand(parts, context).AddTo(command);
        return command;
    }

    /// <summary>Adds the options to a command and makes it do this.</summary>
    internal void AddTo(Command command)
    {
        foreach (var option in new Option[] { full, longest, steps, seeds, seed })
            command.Options.Add(option);
        output.AddTo(command);
        machine.AddTo(command);
        command.SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        var terminal = context.Terminal.With(machine.Json(result));
        using var opened = machine.Open(result);
        var form = (result.GetValue(full) ? StudyForm.Full : StudyForm.Short)
            .Limit(result.GetValue(longest), result.GetValue(steps), result.GetValue(seeds));
        var folder = output.Name(result);
        using var taken = OutputFolder.Take(folder);
        terminal.Heading($"LSTM against Transformer, {form.Name} form");
        terminal.Pair("machine", MachineDescription.Now(opened).Words);
        Measure(Parts.Speed, "speed", p => new SpeedStudy(form.Speed, result.GetValue(seed), p, context.Cancellation).Run());
        Measure(Parts.Memory, "memory",
            p => new MemoryStudy(form.Speed, form.Memory, result.GetValue(seed), p, context.Cancellation).Run());
        Measure(Parts.Recall, "recall", p => RecallStudy.Run(form.Recall, result.GetValue(seed), p, context.Cancellation));
        Measure(Parts.Gradients, "gradients",
            p => GradientStudy.Run(form.Gradients, result.GetValue(seed), p, context.Cancellation));
        StudyReport.Write(folder, parts, terminal);
        return ExitCode.Done;

        void Measure<T>(Parts part, string name, Func<Progress, T> measure)
        {
            if (!parts.HasFlag(part))
                return;
            var start = Stopwatch.GetTimestamp();
            var measured = measure(new Progress(terminal, name));
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            ResultFiles.Write(folder, name,
                new Part<T>(form.Name, result.GetValue(seed), MachineDescription.Now(opened), seconds, measured));
            terminal.Pair(name, $"measured in {Show.Time(seconds)}");
        }
    }
}
