using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>Scores a trained model on texts that it was not trained on, beside baselines that copy sentences.</summary>
internal sealed class EvaluateCommand() : ModelCommand<EncoderDecoderModel>(ModelText.FileKinds, ModelText.Load)
{
    /// <summary>The number of sentences of a baseline, by default.</summary>
    internal const int UsualSentences = 3;

    private readonly Option<string?> split = OptionKinds.Text("--split",
        "The part of the data to score: validation or test, or another one of a named set. [default: validation; all texts of a"
            + " file that the model was not trained on]", "NAME");
    private readonly Option<int> sentences = OptionKinds.Whole("--sentences",
        "Number of sentences of the text that each baseline copies.", UsualSentences, 1, 1000);
    private readonly Option<string?> output = OptionKinds.Path("--output",
        "JSON lines file for the texts, references and summaries. [default: none]", "FILE");
    private readonly SummaryOptions data = new(ofModel: true);

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        base.AddTo(command);
        data.AddTo(command);
        command.Options.Add(split);
        command.Options.Add(sentences);
        command.Options.Add(output);
        Summarizer.AddTo(command, "as in the model's training");
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result)
    {
        data.Name(result);
        OptionKinds.RequireWritable(result.GetValue(output), "--output");
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<EncoderDecoderModel> trained, Context context)
    {
        var terminal = context.Terminal;
        data.TakeFrom(result, trained.Source, trained.Configuration, terminal);
        var (name, named) = (data.Name(result), result.GetValue(split));
        var whole = named is null ? data.LoadNew(result, trained.Configuration) : null;
        var part = whole is null ? named ?? SummaryCorpus.ValidationName : "new";
        var examples = whole ?? data.Load(result, trained.Configuration, terminal, context.Cancellation).Of(part);
        var written = Summarizer.From(result, trained).Summarize([.. examples.Select(e => e.Source)], context.Cancellation);
        terminal.Heading($"{Show.Count(examples.Count)} {part} texts of {name}");
        terminal.Pair("checkpoint", trained.Description);
        Scores.Print("Scores in percent",
            [Scores.Of("model", written, examples), .. Scores.OfBaselines(examples, result.GetValue(sentences))], terminal);
        if (result.GetValue(output) is { } path)
        {
            AtomicFile.WriteText(path, string.Concat(examples.Zip(written, (e, w) => JsonLine.Of(
                [("text", e.Source), ("reference", e.Summary), ("summary", w)]) + "\n")));
            terminal.Pair("summaries", path);
        }

        terminal.Result(("event", "evaluation"), ("data", name), ("split", part), ("texts", examples.Count),
            ("iteration", trained.Step), ("signatures", string.Join(" ", Scores.Metrics.Select(m => m.Signature()))));
    }
}
