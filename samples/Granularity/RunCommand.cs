using System.CommandLine;
using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Granularity;

/// <summary>Measures the rows that the folder does not have yet, and writes the table and the page.</summary>
internal sealed class RunCommand : MachineCommand
{
    private readonly TextOptions data = new();
    private readonly StudyOptions defaults = new();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        data.AddTo(command);
        defaults.AddTo(command);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, Context context, Machine machine)
    {
        var (options, terminal) = (defaults.Read(result), context.Terminal);
        var name = data.Name(result);
        var text = data.Load(result, terminal, context.Cancellation);
        Segmentation.RequireEnough(options.Rows, text, context.Cancellation);
        var folder = options.Out ?? Path.Combine(Runs.Folder, $"granularity-{name}-{options.Model}");

        // Two programs would overwrite each other's results.
        using var taken = new CheckpointFolder(folder).Lock();
        var file = new ResultsFile<RowResult>(folder);
        var configuration = Configuration(options, text, machine);
        var wanted = Enumerable.Range(0, options.Seeds)
            .SelectMany(i => options.Rows.Select(row => (Row: row, Seed: options.Seed + (ulong)i))).ToArray();
        Introduce(options, name, text, machine, folder, terminal);
        var results = new List<RowResult>();
        foreach (var (row, seed) in wanted)
        {
            var words = $"{row.Name}{(options.Seeds > 1 ? $", seed {seed}" : "")} ({results.Count + 1} of {wanted.Length})";
            var found = file.Find(row.Name, seed, configuration);
            terminal.Heading(found is null ? words : $"{words}: kept from an earlier run");
            if (found is null)
                file.Add(found = new RowRun(options, text, row, seed, terminal).Run(configuration, context.Cancellation));
            results.Add(found);
            terminal.Result(found.Values);
        }

        var summaries = options.Rows.Select(r => new RowSummary(r, [.. results.Where(v => v.Row == r.Name)])).ToArray();
        StudyReport.Write(folder, new StudyDescription(name, text, options, machine.Description), summaries, terminal);
        context.TellMore("-- --full for more rows and longer training, -- --data my.txt for a text of your own");
    }

    private static void Introduce(StudyOptions options, string name, StudyText text, Machine machine, string folder,
        Terminal terminal)
    {
        terminal.Heading("Characters, byte pairs and words");
        terminal.Pair("data", $"{name}: {Show.Count(text.TrainingCharacters)} characters for training,"
            + $" {Show.Count(text.HeldOutCharacters)} held out");
        terminal.Pair("model", options.ModelDescription);
        terminal.Pair("training", $"{Show.Count(options.Characters)} characters for each row, in steps of {options.Batch} x"
            + $" {options.Sequence}");
        terminal.Pair("machine", machine.Description);
        terminal.Pair("folder", folder);
        terminal.Line();
        terminal.Result([("event", "start"), ("data", name), ("training_characters", text.TrainingCharacters),
            ("held_out_characters", text.HeldOutCharacters), .. options.Configuration.Select(Plain),
            ("machine", machine.Description), ("out", folder)]);
    }

    /// <summary>Everything that the figures of a row depend on, beside its units and its seed, as texts.</summary>
    private static Dictionary<string, string> Configuration(StudyOptions options, StudyText text, Machine machine) =>
        options.Configuration.Concat([("data_sha256", text.Hash), ("machine", machine.Description)])
            .Where(c => c.Value is not null)
            .ToDictionary(c => c.Name, c => Convert.ToString(c.Value, CultureInfo.InvariantCulture)!, StringComparer.Ordinal);

    private static (string Name, object? Value) Plain((string Name, object? Value) option) =>
        option.Value is float number ? (option.Name, Math.Round(number, 7)) : option;
}
