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
    private readonly Option<bool> interactive =
        new("--interactive") { Description = "Summarize each text that is typed; an empty line ends a text." };

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        command.Arguments.Add(texts);
        command.StartGroup("Texts");
        command.Options.Add(input);
        command.Options.Add(interactive);
        base.AddTo(command);
        Summarizer.AddTo(command);
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
        var summarizer = Summarizer.From(result, trained.Model, Limits.Of(trained));
        if (result.GetValue(interactive))
        {
            Answer(summarizer, context);
            return;
        }

        string[] sources = result.GetValue(input) is { } file
            ? [.. TextLines.Read(file).Select(l => Require(l.Text, $"'{file}', line {l.Number}: "))]
            : [.. result.GetValue(texts)!.Select(t => Require(t, ""))];
        foreach (var (text, summary) in sources.Zip(summarizer.Summarize(sources, context.Cancellation)))
            Print(text, summary, context.Terminal);
    }

    private static void Answer(Summarizer summarizer, Context context)
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
            var text = Example.Clean(string.Join('\n', lines));
            Print(text, summarizer.Summarize([text], context.Cancellation)[0], terminal);
        }
    }

    private static void Print(string text, string summary, Terminal terminal)
    {
        // Byte pairs can write a line break; every summary has one line.
        var line = summary.ReplaceLineEndings(" ");
        terminal.Line(line);
        terminal.Result(("event", "summary"), ("text", text), ("summary", line));
    }

    private static string Require(string text, string place) => Example.Clean(text) is { Length: > 0 } clean
        ? clean
        : throw new UserException($"{place}A text to summarize should not be empty.", isUsage: place.Length == 0);
}
