using System.CommandLine;
using System.Diagnostics;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>Measures some parts of the study and writes them beside those measured before.</summary>
internal sealed class StudyCommand(Parts parts) : MachineCommand
{
    private readonly Option<bool> full =
        new("--full") { Description = "Use the full preset: all lengths, more seeds and steps, longer timings." };
    private readonly Option<int> longest = OptionKinds.Whole("--max-length",
        "Leave out lengths above this; 0 leaves none out.", 0, 0, 1 << 20);
    private readonly Option<int> steps = OptionKinds.Whole("--iterations",
        "Largest number of training steps of each run; 0 takes the preset's.", 0, 0, 1_000_000);
    private readonly Option<int> seeds = OptionKinds.Whole("--seeds",
        "Number of runs of each model in recall and gradients; 0 takes the preset's.", 0, 0, 100);
    private readonly Option<ulong> seed = OptionKinds.Seed("--seed",
        "Random seed; equal seeds give equal results, except times.", 1);
    private readonly Option<string?> output = NewOutputOption();

    /// <summary>The option for the folder of the page and of all results.</summary>
    internal static Option<string?> NewOutputOption() => OptionKinds.Text("--out",
        "Folder of the page, its charts, and the CSV and JSON files. [default: runs/lstm-vs-transformer]", "DIR");

    /// <summary>The folder.</summary>
    /// <exception cref="UserException">The name is empty.</exception>
    internal static string FolderOf(ParseResult result, Option<string?> output) => result.GetValue(output) switch
    {
        null => Path.Combine(Runs.Folder, "lstm-vs-transformer"),
        "" => throw new UserException("--out should name a folder; got ''.", isUsage: true),
        var name => name,
    };

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        foreach (var option in new Option[] { full, longest, steps, seeds, seed, output })
            command.Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var terminal = context.Terminal;
        var least = StudyPreset.Create(result.GetValue(full)).LeastLimit(parts);
        if (result.GetValue(longest) is > 0 and var limit && limit < least)
        {
            throw new UserException($"--max-length should be at least {least} here, or 0 for no limit; with {limit} there is"
                + " nothing to measure.", isUsage: true);
        }

        var preset = StudyPreset.Create(result.GetValue(full), result.GetValue(longest), result.GetValue(steps),
            result.GetValue(seeds));
        var (folder, random) = (FolderOf(result, output), result.GetValue(seed));

        // Two programs would overwrite each other's results.
        using var taken = new CheckpointFolder(folder).Lock();
        terminal.Heading($"LSTM against Transformer, {preset.Name} preset");
        terminal.Pair("machine", MachineDescription.Now(machine).Words);
        Measure(Parts.Speed, p => new SpeedStudy(preset.Speed, random, p, context.Cancellation).Run());
        Measure(Parts.Memory, p => new MemoryStudy(preset.MemoryLengths, random, p, context.Cancellation).Run());
        Measure(Parts.Recall, p => RecallStudy.Run(preset.Recall, random, p, context.Cancellation));
        Measure(Parts.Gradients, p => GradientStudy.Run(preset.Gradients, random, p, context.Cancellation));
        StudyReport.Write(folder, parts, terminal);

        void Measure<T>(Parts part, Func<Progress, T> measure)
        {
            if (!parts.HasFlag(part))
                return;
            var name = part.ToString().ToLowerInvariant();
            var start = Stopwatch.GetTimestamp();
            var measured = measure(new Progress(terminal, name));
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            StudyFile.Write(folder, name, new Part<T>(preset.Name, random, MachineDescription.Now(machine), seconds, measured));
            terminal.Pair(name, $"measured in {Show.Time(seconds)}");
        }
    }
}
