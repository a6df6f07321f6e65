using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>Translates texts with a trained model: those of the command line, the lines of a file, or line by line.</summary>
internal sealed class TranslateCommand() : ModelCommand<EncoderDecoderModel>(ModelText.FileKinds, ModelText.Load)
{
    private readonly Argument<string[]> texts =
        new("TEXT")
        {
            Description = "Texts to translate, each in quotation marks; without any, the lines of --input or of standard input.",
            Arity = ArgumentArity.ZeroOrMore,
        };
    private readonly Option<string?> input = OptionKinds.Path("--input", "A text file to translate line by line.", "FILE");
    private readonly Option<string?> output =
        OptionKinds.Path("--output", "The file for the translations of --input. [default: standard output]", "FILE");
    private readonly Option<bool> interactive =
        new("--interactive") { Description = "Translate each line that is typed; an empty one ends." };
    private readonly Option<string?> attention = OptionKinds.AttentionPage("the attention of the model");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        command.Aliases.Add("generate");
        command.Arguments.Add(texts);
        command.StartGroup("Texts");
        command.Options.Add(input);
        command.Options.Add(output);
        command.Options.Add(interactive);
        base.AddTo(command);
        Translator.AddTo(command);
        command.Options.Add(attention);
    }

    /// <inheritdoc/>
    protected override void Check(ParseResult result)
    {
        var (written, file, asks) = (result.GetValue(texts)!.Length > 0, result.GetValue(input) is not null,
            result.GetValue(interactive));
        if ((written && (file || asks)) || (file && asks))
            throw new UserException("Give only one of TEXT, --input and --interactive.", isUsage: true);
        if (!file && result.GetValue(output) is not null)
            throw new UserException("--output: there is no --input whose lines to translate.", isUsage: true);
        if (!written && result.GetValue(attention) is not null)
            throw new UserException("--attention shows TEXT given on the command line; there is none.", isUsage: true);
        OptionKinds.RequireWritable(result.GetValue(output), "--output");
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<EncoderDecoderModel> trained, Context context)
    {
        ModelText.CheckAttention(ModelText.Attends(trained.Model), result.GetValue(attention));
        var reader = new SourceReader(ModelText.VocabulariesOf(trained.Model), Translator.LongestOf(trained));
        var translator = Translator.From(result, trained.Model);
        var typed = context.Terminal.Input;
        if (result.GetValue(texts) is { Length: > 0 } written)
            TranslateTexts(written, result.GetValue(attention), reader, translator, trained.Model, context);
        else if (result.GetValue(input) is { } file)
            TranslateLines(Lines(file), result.GetValue(output), reader, translator, context);
        else if (result.GetValue(interactive) || context.Terminal.IsInputLive)
            Answer(reader, translator, context);
        else
            TranslateLines(Lines(typed), null, reader, translator, context);
    }

    private static void TranslateTexts(string[] written, string? path, SourceReader reader, Translator translator,
        EncoderDecoderModel model, Context context)
    {
        string[] sources = [.. written.Select(t => reader.Require(t))];
        var translations = translator.TranslateToSeveral(sources, context.Cancellation);
        var page = path is null
            ? null
            : Alignment.WritePage(path, model, [.. translations.Select(t => Alignment.Of(model, t[0]))]);
        for (var i = 0; i < written.Length; i++)
            Print(written[i], translations[i], context.Terminal);
        if (page is not null)
            context.Terminal.Error.WriteLine($"Attention: {page}");
    }

    private static (string Text, string Place)[] Lines(string file)
    {
        (string Text, string Place)[] lines = [.. TextLines.Read(file).Select(l => (l.Text, TextLines.Place(file, l.Number)))];
        return !lines.All(l => string.IsNullOrWhiteSpace(l.Text)) ? lines
            : throw new UserException($"'{file}' is empty; there is nothing to translate.");
    }

    private static (string Text, string Place)[] Lines(TextReader typed)
    {
        var lines = new List<(string, string)>();
        while (typed.ReadLine() is { } line)
            lines.Add((line, $"Standard input, line {lines.Count + 1}"));
        return lines.Count > 0 ? [.. lines]
            : throw new UserException("Standard input is empty; there is nothing to translate.");
    }

    private static void TranslateLines((string Text, string Place)[] lines, string? path, SourceReader reader,
        Translator translator, Context context)
    {
        string[] sources = [.. lines.Select(l => reader.Require(l.Text, l.Place, mayBeEmpty: true))];
        var translations = translator.Translate(sources, context.Cancellation);
        if (path is not null)
            AtomicFile.WriteText(path, string.Concat(translations.Select(t => $"{OnOneLine(t.Text)}\n")));
        var terminal = context.Terminal;
        for (var i = 0; i < lines.Length; i++)
        {
            if (path is null && !terminal.Json)
                terminal.Line(Shown(translations[i].Text));
            PrintResult(sources[i], translations[i], terminal);
        }

        if (path is not null)
            terminal.Error.WriteLine($"Translations: {path}");
    }

    private static void Answer(SourceReader reader, Translator translator, Context context)
    {
        var terminal = context.Terminal;
        terminal.Error.WriteLine("Type a text and press Enter; an empty line ends.");
        while (!context.Cancellation.IsCancellationRequested && terminal.Input.ReadLine()?.Trim() is { Length: > 0 } line)
        {
            try
            {
                var source = reader.Require(line);
                Print(line, translator.TranslateToSeveral([source], context.Cancellation)[0], terminal);
            }
            catch (UserException wrong)
            {
                terminal.Error.WriteLine(wrong.Message);
            }
        }
    }

    private static void Print(string source, IReadOnlyList<Translation> found, Terminal terminal)
    {
        terminal.Line(Shown(found[0].Text));
        foreach (var other in found.Skip(1))
            terminal.Line($"  or {Shown(other.Text)}");
        foreach (var one in found)
            PrintResult(source, one, terminal);
    }

    private static void PrintResult(string source, Translation one, Terminal terminal) => terminal.Result(
        ("event", "translation"), ("source", source), ("text", one.Text), ("log_probability", one.LogProbability),
        ("complete", one.IsComplete));

    /// <summary>A translation as a terminal shows it, without characters that it would obey.</summary>
    public static string Shown(string text) => WeightedText.Plain(OnOneLine(text));

    /// <summary>A translation on one line, as every source has one; byte pairs can write a line break.</summary>
    private static string OnOneLine(string text) => text.ReplaceLineEndings(" ");

    /// <summary>Checks the texts to translate.</summary>
    /// <param name="vocabularies">The vocabularies of the model.</param>
    /// <param name="longest">The largest number of tokens of a text.</param>
    private sealed class SourceReader(Vocabularies vocabularies, int longest)
    {
        public string Require(string text, string? place = null, bool mayBeEmpty = false)
        {
            var source = text.Trim();
            var count = Count(source, place);
            return count <= longest && (count > 0 || mayBeEmpty)
                ? source
                : throw new UserException($"{(place is null ? "" : $"{place}: ")}A text to translate should have 1 to {longest}"
                    + $" {vocabularies.Units}; '{Start(source)}' has {count}.", isUsage: place is null);
        }

        private static string Start(string source)
        {
            const int Longest = 60;
            if (source.Length <= Longest)
                return WeightedText.Plain(source);
            return WeightedText.Plain(source[..(char.IsHighSurrogate(source[Longest - 1]) ? Longest - 1 : Longest)]) + "…";
        }

        private int Count(string source, string? place)
        {
            try
            {
                return vocabularies.Source.Encode(source).Length;
            }
            catch (ArgumentException wrong)
            {
                throw new UserException($"{(place is null ? "" : $"{place}: ")}{wrong.Message}", isUsage: place is null);
            }
        }
    }
}
