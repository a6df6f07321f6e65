using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>Summarizes texts with a trained model.</summary>
internal sealed class PredictCommand() : ModelCommand<EncoderDecoderModel>(ModelText.FileKinds, ModelText.Load)
{
    private readonly Argument<string[]> texts =
        new("TEXT")
        {
            Description = "Texts to summarize, each in quotation marks; without any, the lines of --input or of standard input.",
            Arity = ArgumentArity.ZeroOrMore,
        };
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
        if (given > 1)
            throw new UserException("Give only one of TEXT, --input and --interactive.", isUsage: true);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<EncoderDecoderModel> trained, Context context)
    {
        var summarizer = Summarizer.From(result, trained);
        var about = result.GetValue(topic) is { } given && given.Trim().Length > 0 ? given : null;
        var (file, typed) = (result.GetValue(input), context.Terminal.Input);
        string[] written = result.GetValue(texts)!;
        if (result.GetValue(interactive) || (written.Length == 0 && file is null && context.Terminal.IsInputLive))
        {
            Answer(summarizer, about, context);
            return;
        }

        Example[] sources = written.Length > 0 ? [.. written.Select(t => Require(t, about, null))]
            : file is null ? Lines("Standard input", Typed(typed), n => $"Standard input, line {n}", about)
            : Lines($"'{file}'", TextLines.Read(file).Select(l => l.Text), n => TextLines.Place(file, n), about);
        foreach (var (source, summary) in
            sources.Zip(summarizer.Summarize([.. sources.Select(s => s.Source)], context.Cancellation)))
        {
            Print(source, summary, context.Terminal);
        }
    }

    /// <summary>The texts of lines; blank lines at the end do not count.</summary>
    private static Example[] Lines(string name, IEnumerable<string> lines, Func<int, string> place, string? topic)
    {
        string[] all = [.. lines];
        var count = Array.FindLastIndex(all, l => !string.IsNullOrWhiteSpace(l)) + 1;
        return count > 0 ? [.. all.Take(count).Select((l, i) => Require(l, topic, place(i + 1)))]
            : throw new UserException($"{name} is empty; there is nothing to summarize.");
    }

    private static IEnumerable<string> Typed(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
            yield return line;
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
        terminal.Line(WeightedText.Plain(line));
        terminal.Result(("event", "summary"), ("text", source.Source), ("summary", line));
    }

    private static Example Require(string text, string? topic, string? place) =>
        Example.Of(text, "", topic) is { Text.Length: > 0 } found ? found : throw new UserException(
            $"{(place is null ? "" : $"{place}: ")}A text to summarize should not be empty.", isUsage: place is null);
}
