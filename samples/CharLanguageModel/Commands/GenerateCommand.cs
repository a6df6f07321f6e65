using System.CommandLine;
using SeqCore.Samples.CharLanguageModel.Tunes;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Writes text with a trained model, as it is drawn.</summary>
internal sealed class GenerateCommand
{
    private readonly Option<string?> checkpoint = OptionKinds.Text("--checkpoint", "A checkpoint, or a folder with some. [default: the newest under runs]", "PATH");
    private readonly Option<ulong> seed = OptionKinds.Seed("--seed", "The same command gives the same text.", 1);
    private readonly Option<string?> attention = OptionKinds.Text("--attention", "Write a page that shows what each character of the text attends to, in each layer and head of a gpt.", "FILE");
    private readonly SamplingOptions sampling = new();
    private readonly MachineOptions machine = new();

    /// <summary>The command <c>generate</c>.</summary>
    public static Command Create(Context context)
    {
        var self = new GenerateCommand();
        var command = new Command("generate", "Write text with a trained model.");
        command.Options.Add(self.checkpoint);
        self.sampling.AddTo(command);
        command.Options.Add(self.seed);
        command.Options.Add(self.attention);
        self.machine.AddTo(command);
        command.SetAction(result => self.Run(result, context));
        return command;
    }

    private int Run(ParseResult result, Context context)
    {
        var terminal = context.Terminal.With(machine.Json(result));
        var settings = sampling.Read(result);
        var page = result.GetValue(attention);
        if (page?.Length == 0)
            throw new UserException("--attention should name a file; got ''.", isUsage: true);
        using var opened = machine.Open(result);
        using var loaded = new LoadedModel(result.GetValue(checkpoint), terminal);
        var seen = page is null ? null : AttentionPicture.Require(loaded);
        var author = new Author(loaded.Model, loaded.Form.Vocabulary, settings, result.GetValue(seed));
        author.EncodePrompt();
        var isAbc = author.Prompt.StartsWith("X:", StringComparison.Ordinal);
        var text = Sample.Write(author, settings.Length, isAbc, terminal.Messages, attempt: 0, context.Cancellation);
        if (author.FillsBeams(text))
            terminal.Error.WriteLine($"The text ends where the model can look back no further: beams see {loaded.Model.MaximumLength} characters.");
        var verdicts = isAbc ? AbcChecker.CheckAll(text, isExcerpt: true) : [];
        var report = new TuneReport(verdicts.Count, verdicts.Count(v => v.Parses), verdicts.Count(v => v.AddsUp));
        if (verdicts.Count > 0)
            terminal.Error.WriteLine(verdicts.Count == 1 ? TuneReport.Sentence(verdicts[0].Text) : $"Checked: {report.Description}.");
        if (seen is not null)
        {
            AttentionPicture.Write(seen, loaded.Form.Vocabulary, text, page!);
            terminal.Error.WriteLine($"Attention: {page}");
        }

        terminal.Result(("event", "sample"), ("prompt", author.Prompt), ("text", text), ("abc", isAbc ? report.Values : null), ("attention", page));
        return ExitCode.Done;
    }
}
