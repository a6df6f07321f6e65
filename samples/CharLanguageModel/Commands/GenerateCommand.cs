using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.CharLanguageModel.Tunes;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Writes text with a trained model, as it is drawn.</summary>
internal sealed class GenerateCommand() : ModelCommand<LanguageModel>(ModelText.FileKinds, ModelText.Load)
{
    private readonly Option<ulong> seed = OptionKinds.Seed("--seed", "The same command gives the same text.", 1);
    private readonly Option<string?> attention = AttentionPage.NewOption(
        "what each character of the text attends to, in each layer and head of a gpt");
    private readonly SamplingOptions sampling = new();

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        base.AddTo(command);
        sampling.AddTo(command);
        command.Options.Add(seed);
        command.Options.Add(attention);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result) => sampling.Read(result);

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<LanguageModel> trained, Context context)
    {
        var (terminal, settings, page) = (context.Terminal, sampling.Read(result), result.GetValue(attention));
        var seen = page is null ? null : AttentionPicture.Require(trained.Model);
        AttentionPage.RequireWritable(page);
        var author = new Author(trained.Model, settings, result.GetValue(seed));
        author.EncodePrompt();
        var isAbc = author.Prompt.StartsWith("X:", StringComparison.Ordinal);
        var text = Sample.Write(author, settings.Length, isAbc, terminal.Messages, attempt: 0, context.Cancellation);
        if (author.FillsBeams(text))
        {
            terminal.Error.WriteLine("The text ends where the model can look back no further: beams see"
                + $" {trained.Model.MaximumLength} characters.");
        }

        var verdicts = isAbc ? AbcChecker.CheckAll(text, isExcerpt: true) : [];
        var report = new TuneReport(verdicts.Count, verdicts.Count(v => v.Parses), verdicts.Count(v => v.AddsUp));
        if (verdicts.Count > 0)
        {
            terminal.Error.WriteLine(verdicts.Count == 1
                ? TuneReport.Sentence(verdicts[0].Text)
                : $"Checked: {report.Description}.");
        }

        if (seen is not null)
        {
            AttentionPicture.Write(seen, trained.Model.Tokenizer!, text, page!);
            terminal.Error.WriteLine($"Attention: {page}");
        }

        terminal.Result(("event", "sample"), ("prompt", author.Prompt), ("text", text), ("abc", isAbc ? report.Values : null),
            ("attention", page));
    }
}
