using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel;

/// <summary>Measures how well a trained model predicts the last tenth of a text.</summary>
internal sealed class EvaluateCommand() : ModelCommand<LanguageModel>(ModelText.FileKinds, ModelText.Load)
{
    private readonly Option<int> sequence = OptionKinds.Whole("--sequence",
        "Characters in a window; 0 takes as many as in training.", 0, 0, 65_536);
    private readonly TextOptions data = new();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        base.AddTo(command);
        data.AddTo(command);
        command.Options.Add(sequence);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result) => data.Name(result);

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<LanguageModel> trained, Context context)
    {
        var terminal = context.Terminal;
        data.TakeFrom(result, trained.Source, trained.Configuration, terminal);
        var name = data.Name(result);
        var corpus = data.Load(result, trained.Model.Tokenizer, terminal, context.Cancellation);
        var length = result.GetValue(sequence);
        if (length == 0)
            length = trained.Number("sequence", trained.Model.MaximumLength ?? 128);
        if (length > trained.Model.MaximumLength)
        {
            throw new UserException($"--sequence should be at most {trained.Model.MaximumLength},"
                + $" as many characters as this model can look back on; got {length}.", isUsage: true);
        }

        var windows = new TokenWindows(corpus.Validation, length);
        using var task = new LanguageModelTask(trained.Model,
            new RandomWindows(corpus.Training, 1, 1, new RandomGenerator(0)), windows)
        {
            EvaluationBatchSize = new TrainOptions { Sequence = length, Batch = 1 }.For(trained.Model)
                .EvaluationBatch(trained.Model.VocabularySize),
        };
        if (!data.IsGiven(result))
            trained.RequireData(task.DataHash);
        var loss = task.Evaluate(context.Cancellation);
        terminal.Heading(ModelText.Describe(loss));
        terminal.Pair("checkpoint", trained.Description);
        terminal.Pair("data", $"{name}, {Show.Count(windows.Count)} windows of {length} characters");
        terminal.Result(("event", "evaluation"), ("iteration", trained.Step), ("data", name), ("windows", windows.Count),
            ("sequence", length), ("validation_loss", loss),
            ("bits_per_character", loss / Math.Log(2)), ("perplexity", Math.Exp(loss)));
    }
}

/// <summary>Shows the devices of this machine, or a checkpoint.</summary>
internal sealed class InfoCommand
{
    private readonly Option<string?> checkpoint = OptionKinds.Path("--checkpoint",
        "A checkpoint, or a folder of checkpoints, to describe.", "PATH");
    private readonly MachineOptions machine = new();

    /// <summary>The command <c>info</c>.</summary>
    public static Command Create(Context context)
    {
        var self = new InfoCommand();
        var command = new Command("info", "Show the devices of this machine, or describe a checkpoint.");
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
        {
            terminal.Heading("Devices");
            Machine.List(terminal);
        }

        return ExitCode.Done;
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
