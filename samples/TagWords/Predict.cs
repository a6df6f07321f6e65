using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>Predicts the tags of sentences with a trained model.</summary>
internal sealed class PredictCommand() : ModelCommand<TextTagger>(ModelText.FileKinds, ModelText.Load)
{
    private const int Chunk = 256;

    private readonly Argument<string[]> sentences = new("SENTENCE")
    {
        Description = "Sentences, each in quotation marks, with spaces between words and punctuation marks; without any, those of"
            + " --input or of standard input.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> input = OptionKinds.Path("--input", "A file with sentences.", "FILE");
    private readonly Option<string> format = OptionKinds.Choice("--format",
        "How --input holds sentences: on lines, or in columns; auto takes columns for files .conll and .conllu.", "auto", "auto",
        "lines", "conll", "conllu");
    private readonly Option<int> column = OptionKinds.Whole("--token-column",
        "Column of the words of --input, from 1; 0 for 1, or 2 in CoNLL-U.", 0, 0, 1000);
    private readonly Option<string> output = OptionKinds.Choice("--output",
        "Write sentences as lines of word/tag, or as columns; auto writes what --input is.", "auto", "auto", "inline", "conll");
    private readonly Option<bool> interactive = new("--interactive") { Description = "Ask for sentences, one after the other." };

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Arguments.Add(sentences);
        base.AddTo(command);
        command.StartGroup("Sentences");
        foreach (var option in (Option[])[input, format, column, output, interactive])
            command.Options.Add(option);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result)
    {
        var sources = (result.GetValue(sentences)!.Length > 0 ? 1 : 0) + (result.GetValue(input) is null ? 0 : 1)
            + (result.GetValue(interactive) ? 1 : 0);
        if (sources > 1)
            throw new UserException("Sentences, --input and --interactive exclude one another; give one of them.", isUsage: true);
        if (Array.FindIndex(result.GetValue(sentences)!, string.IsNullOrWhiteSpace) is >= 0 and var empty)
            throw new UserException($"Sentence {empty + 1} is empty; there is nothing to tag.", isUsage: true);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<TextTagger> trained, Context context)
    {
        var (terminal, model) = (context.Terminal, trained.Model);
        var (columns, groups) = Sentences(result, terminal);
        var isInline = result.GetValue(output) == "inline" || (result.GetValue(output) == "auto" && columns is null);
        foreach (var group in groups)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            foreach (var (tokens, tags) in group.Zip(model.Predict(group)))
                PredictionOutput.Write(terminal, tokens, tags, isInline);
        }
    }

    /// <summary>The columns of the input, null for lines, and its sentences in groups that are predicted together.</summary>
    private (ConllOptions? Columns, IEnumerable<IReadOnlyList<string>[]> Groups) Sentences(ParseResult result, Terminal terminal)
    {
        const string standardInput = "/dev/stdin";
        if (result.GetValue(sentences) is { Length: > 0 } given)
            return (null, [[.. given.Select(Words)]]);
        var file = result.GetValue(input);
        if (result.GetValue(interactive) || (file is null && !Console.IsInputRedirected))
            return (null, Asked(terminal));
        if (file is null && !File.Exists(standardInput))
            return (null, Typed(terminal.Input).Chunk(Chunk));
        var path = file ?? standardInput;
        var columns = Columns(result, path);
        return (columns, (columns is null ? WordFile.ReadLines(path) : WordFile.ReadColumns(path, columns)).Chunk(Chunk));
    }

    private ConllOptions? Columns(ParseResult result, string path)
    {
        var wanted = result.GetValue(format)!;
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        string[] extensions = [".conll", ".conllu", ".bio", ".iob", ".iob2"];
        if (wanted == "lines" || (wanted == "auto" && !extensions.Contains(Path.GetExtension(name).ToLowerInvariant())))
        {
            return !result.IsGiven("--token-column")
                ? null
                : throw new UserException("--token-column goes with --format conll or conllu; leave one of them out.",
                    isUsage: true);
        }

        return new TagFormat(wanted, result.GetValue(column) is > 0 and var own ? own : null).For(path);
    }

    private static IReadOnlyList<string> Words(string sentence) =>
        sentence.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<IReadOnlyList<string>> Typed(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
                yield return Words(line);
        }
    }

    private static IEnumerable<IReadOnlyList<string>[]> Asked(Terminal terminal)
    {
        terminal.Paragraph("Type a sentence with spaces between words and punctuation marks, and press Enter;"
            + " an empty line ends.");
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
            yield return [Words(line)];
        }
    }
}
