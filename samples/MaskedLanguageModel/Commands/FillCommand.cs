using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.MaskedLanguageModel.Blanks;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>Fills the blanks of a text with a trained model.</summary>
internal sealed class FillCommand : ModelCommand<ModelForm, Bert>
{
    private readonly Option<string?> text = new("--text") { Description = "What to fill: each [MASK] is a blank.", HelpName = "TEXT", Arity = ArgumentArity.ExactlyOne, Required = true };
    private readonly Option<int> top = OptionKinds.Whole("--top", "Guesses to show for each blank.", 5, 1, 1000);
    private readonly Option<string?> attention = AttentionPage.NewOption("what each token of the text attends to, in each layer and head");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        command.Options.Add(text);
        command.Options.Add(top);
        base.AddTo(command);
        command.Options.Add(attention);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, LoadedModel<ModelForm, Bert> loaded, Context context)
    {
        var terminal = context.Terminal;
        AttentionPage.RequireWritable(result.GetValue(attention));
        var tokens = Read(result.GetValue(text)!, loaded.Form, terminal);
        var report = new BlankReport(loaded.Form.Vocabulary, terminal, result.GetValue(top));
        var blanks = new Guesser(loaded.Model).Fill(tokens);
        report.Show(tokens, blanks, truth: null);
        var filled = report.Filled(tokens, blanks);
        terminal.Line($"  {filled}");
        if (result.GetValue(attention) is { } path)
        {
            AttentionPicture.Save(path, loaded.Model, loaded.Form.Vocabulary, tokens);
            terminal.Pair("attention", path);
        }

        terminal.Result(("event", "filled"), ("text", filled));
    }

    /// <summary>The tokens of a text with blanks; words that are not known are named.</summary>
    private static int[] Read(string text, ModelForm form, Terminal terminal)
    {
        var tokens = form.Vocabulary.Encode(text);
        if (!tokens.Contains(SpecialToken.Mask))
            throw new UserException($"--text should have at least one [MASK] to fill; got '{text}'.", isUsage: true);
        if (tokens.Length > form.Sequence - 2)
            throw new UserException($"--text has {Show.Count(tokens.Length)} {form.Unit}; the model reads at most {Show.Count(form.Sequence - 2)}. Give a shorter text.", isUsage: true);
        var unknown = tokens.Count(t => t == SpecialToken.Unknown);
        if (unknown > 0)
            terminal.Error.WriteLine($"The model does not know {unknown} of the {form.Unit}, and reads: {form.Vocabulary.Decode(tokens)}");
        return tokens;
    }
}
