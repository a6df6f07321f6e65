using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>Predicts the labels of texts with a trained model.</summary>
internal sealed class PredictCommand() : ModelCommand<TextClassifier>(ModelText.FileKinds, ModelText.Load)
{
    private const int Chunk = 256;

    private readonly Argument<string[]> texts = new("TEXT")
    {
        Description = "Texts, each in quotation marks; without any, the lines of --input or of standard input.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> input = OptionKinds.Path("--input", "A file with a text on each line.", "FILE");
    private readonly Option<bool> interactive = new("--interactive") { Description = "Ask for texts, one after the other." };
    private readonly Option<bool> explain = new("--explain") { Description = "Show the words that predictions rest on." };
    private readonly Option<string?> explainPage = PredictionOutput.ExplainPage("none");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        command.Arguments.Add(texts);
        base.AddTo(command);
        command.StartGroup("Texts and results");
        foreach (var option in (Option[])[input, interactive, explain, explainPage])
            command.Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result)
    {
        var sources = (result.GetValue(texts)!.Length > 0 ? 1 : 0) + (result.GetValue(input) is null ? 0 : 1)
            + (result.GetValue(interactive) ? 1 : 0);
        if (sources > 1)
            throw new UserException("Texts, --input and --interactive exclude one another; give one of them.", isUsage: true);
        if (Array.FindIndex(result.GetValue(texts)!, string.IsNullOrWhiteSpace) is >= 0 and var empty)
            throw new UserException($"Text {empty + 1} is empty; there is nothing to classify.", isUsage: true);
        PredictionOutput.Check(several: false, confusion: null, result.GetValue(explainPage));
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<TextClassifier> trained, Context context)
    {
        var (terminal, model) = (context.Terminal, trained.Model);
        var (shows, page) = (result.GetValue(explain) || result.GetValue(interactive), result.GetValue(explainPage));
        var explained = new List<(Explanation, IReadOnlyList<string>?)>();
        foreach (var chunk in Texts(result, terminal))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            foreach (var (text, prediction) in chunk.Zip(model.Predict(chunk)))
            {
                var explanation = shows || page is not null ? Explanation.Of(model, text, prediction) : null;
                PredictionOutput.Write(terminal, model.Options.Labels, text, prediction, shows ? explanation : null);
                if (page is not null)
                    explained.Add((explanation!, null));
            }
        }

        if (page is null)
            return;
        Explanation.WritePage(page, model, explained);
        terminal.Error.WriteLine($"Explanation: {page}");
    }

    /// <summary>The texts in groups that are predicted together.</summary>
    private IEnumerable<string[]> Texts(ParseResult result, Terminal terminal)
    {
        if (result.GetValue(texts) is { Length: > 0 } given)
            return [given];
        if (result.GetValue(interactive) || (result.GetValue(input) is null && !Console.IsInputRedirected))
            return Asked(terminal);
        var lines = result.GetValue(input) is { } path ? Lines(path)
            : File.Exists(StandardInput) ? Lines(StandardInput) : Typed(terminal.Input);
        return lines.Chunk(Chunk);
    }

    private const string StandardInput = "/dev/stdin";

    private static IEnumerable<string> Lines(string path) => Filled(path, TextLines.Read(path));

    private static IEnumerable<string> Typed(TextReader reader)
    {
        return Filled("standard input", Numbered());

        IEnumerable<TextLine> Numbered()
        {
            for (var number = 1L; reader.ReadLine() is { } line; number++)
                yield return new TextLine(line, number);
        }
    }

    /// <summary>The texts of lines; blank lines at the end are left out, and one before a text is an error.</summary>
    private static IEnumerable<string> Filled(string source, IEnumerable<TextLine> lines)
    {
        var (isEmpty, blank) = (true, 0L);
        foreach (var line in lines)
        {
            if (string.IsNullOrWhiteSpace(line.Text))
            {
                blank = blank == 0 ? line.Number : blank;
                continue;
            }

            if (blank > 0)
                throw new DataSourceException($"{TextLines.Place(source, blank)} is empty; there is nothing to classify.");
            isEmpty = false;
            yield return line.Text;
        }

        if (isEmpty)
            throw new DataSourceException($"'{source}' is empty; there is nothing to classify.");
    }

    private static IEnumerable<string[]> Asked(Terminal terminal)
    {
        terminal.Line("Type a text and press Enter; an empty line ends.");
        while (true)
        {
            terminal.Messages.Write("> ");
            terminal.Messages.Flush();
            var line = terminal.Input.ReadLine();

            // Where the input ends without an empty line, the prompt is still on its line.
            if (line is null)
                terminal.Line();
            if (string.IsNullOrWhiteSpace(line))
                yield break;
            yield return [line.Trim()];
        }
    }
}
