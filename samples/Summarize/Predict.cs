using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>Summarizes texts with a trained model.</summary>
internal sealed class PredictCommand() : ModelCommand<EncoderDecoderModel>(ModelText.FileKinds, ModelText.Load)
{
    private readonly Argument<string[]> texts =
        new("TEXT") { Description = "Texts to summarize, each in quotation marks.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> input = OptionKinds.Path("--input", "A text file to summarize line by line.", "FILE");
    private readonly Option<string?> topic = OptionKinds.Text("--topic",
        "What the texts are about, such as a section's name, for a model that was trained with a topic. [default: none]",
        "TEXT");
    private readonly Option<bool> interactive =
        new("--interactive") { Description = "Summarize each text that is typed; an empty line ends a text." };

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        command.Arguments.Add(texts);
        command.StartGroup("Texts");
        command.Options.Add(input);
        command.Options.Add(interactive);
        command.Options.Add(topic);
        base.AddTo(command);
        Summarizer.AddTo(command, "as in the model's training");
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result)
    {
        var given = (result.GetValue(texts)!.Length > 0 ? 1 : 0) + (result.GetValue(input) is null ? 0 : 1)
            + (result.GetValue(interactive) ? 1 : 0);
        if (given == 0)
        {
            throw new UserException("Nothing to summarize: give a TEXT in quotation marks, or --input FILE, or --interactive.",
                isUsage: true);
        }

        if (given > 1)
            throw new UserException("Give only one of TEXT, --input and --interactive.", isUsage: true);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<EncoderDecoderModel> trained, Context context)
    {
        var summarizer = Summarizer.From(result, trained);
        var about = result.GetValue(topic) is { } given && given.Trim().Length > 0 ? given : null;
        if (result.GetValue(interactive))
        {
            Answer(summarizer, about, context);
            return;
        }

        Example[] sources = result.GetValue(input) is { } file ? Lines(file, about)
            : [.. result.GetValue(texts)!.Select(t => Require(t, about, null))];
        foreach (var (source, summary) in
            sources.Zip(summarizer.Summarize([.. sources.Select(s => s.Source)], context.Cancellation)))
        {
            Print(source, summary, context.Terminal);
        }
    }

    private static Example[] Lines(string file, string? topic)
    {
        Example[] lines =
            [.. TextLines.Read(file).Select(l => Require(l.Text, topic, TextLines.Place(file, l.Number)))];
        return lines.Length > 0 ? lines : throw new UserException($"'{file}' is empty; there is nothing to summarize.");
    }

    private static void Answer(Summarizer summarizer, string? topic, Context context)
    {
        var terminal = context.Terminal;
        terminal.Error.WriteLine("Type or paste a text; an empty line ends it, and a second one the program.");
        while (!context.Cancellation.IsCancellationRequested)
        {
            var lines = new List<string>();
            while (terminal.Input.ReadLine() is { } line && line.Trim().Length > 0)
                lines.Add(line);
            if (lines.Count == 0)
                return;
            var source = Example.Of(string.Join('\n', lines), "", topic);
            Print(source, summarizer.Summarize([source.Source], context.Cancellation)[0], terminal);
        }
    }

    private static void Print(Example source, string summary, Terminal terminal)
    {
        // Byte pairs can write a line break; every summary has one line.
        var line = summary.ReplaceLineEndings(" ");
        terminal.Line(line);
        terminal.Result(("event", "summary"), ("text", source.Source), ("summary", line));
    }

    private static Example Require(string text, string? topic, string? place) =>
        Example.Of(text, "", topic) is { Text.Length: > 0 } found ? found : throw new UserException(
            $"{(place is null ? "" : $"{place}: ")}A text to summarize should not be empty.", isUsage: place is null);
}
