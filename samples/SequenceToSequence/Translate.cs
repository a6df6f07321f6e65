using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>Translates texts with a trained model.</summary>
internal sealed class TranslateCommand() : ModelCommand<EncoderDecoderModel>(ModelText.FileKinds, ModelText.Load)
{
    private readonly Argument<string[]> texts =
        new("TEXT") { Description = "Texts to translate, each in quotation marks.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> attention = OptionKinds.AttentionPage("the attention of the model");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        command.Aliases.Add("generate");
        command.Arguments.Add(texts);
        base.AddTo(command);
        Translator.AddTo(command);
        command.Options.Add(attention);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<EncoderDecoderModel> trained, Context context)
    {
        var terminal = context.Terminal;
        ModelText.CheckAttention(ModelText.Attends(trained.Model), result.GetValue(attention));
        var (vocabularies, longest) = (ModelText.VocabulariesOf(trained.Model), Translator.LongestOf(trained));
        var written = result.GetValue(texts)!;
        int[][] sources = [.. written.Select(t => Encode(t, vocabularies, longest))];
        var translations = Translator.From(result, trained.Model, longest).TranslateAll(sources, context.Cancellation);
        var page = result.GetValue(attention) is { } path
            ? Alignment.WritePage(path, trained.Model,
                [.. sources.Zip(translations, (s, t) => Alignment.Of(trained.Model, s, t[0]))])
            : null;
        for (var i = 0; i < written.Length; i++)
            Print(written[i], translations[i], terminal);
        if (page is not null)
            terminal.Error.WriteLine($"Attention: {page}");
    }

    private static void Print(string source, IReadOnlyList<Translated> found, Terminal terminal)
    {
        terminal.Line(found[0].Text);
        foreach (var other in found.Skip(1))
            terminal.Line($"  or {other.Text}");
        foreach (var one in found)
        {
            terminal.Result(("event", "translation"), ("source", source), ("text", one.Text),
                ("log_probability", one.LogProbability), ("complete", one.IsComplete));
        }
    }

    private static int[] Encode(string text, Vocabularies vocabularies, int longest)
    {
        var tokens = vocabularies.Source.Encode(text.Trim());
        if (tokens.Length == 0 || tokens.Length > longest)
        {
            throw new UserException($"A text to translate should have 1 to {longest} {vocabularies.Level};"
                + $" '{text}' has {tokens.Length}.", isUsage: true);
        }

        return tokens;
    }
}
