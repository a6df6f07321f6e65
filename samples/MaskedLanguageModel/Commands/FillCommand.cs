using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.MaskedLanguageModel.Blanks;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>Fills the blanks of a text with a trained model.</summary>
internal sealed class FillCommand() : ModelCommand<Bert>(ModelText.FileKinds, ModelText.Load)
{
    private readonly Option<string?> text = new("--text")
    {
        Description = "What to fill: each [MASK] is a blank.",
        HelpName = "TEXT",
        Arity = ArgumentArity.ExactlyOne,
        Required = true,
    };
    private readonly Option<int> top = OptionKinds.Whole("--top", "Guesses to show for each blank.", 5, 1, 1000);
    private readonly Option<string?> attention = AttentionPage.NewOption(
        "what each token of the text attends to, in each layer and head");

    /// <inheritdoc/>
    protected override void AddTo(Command command)
    {
        command.Options.Add(text);
        command.Options.Add(top);
        base.AddTo(command);
        command.Options.Add(attention);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult result, TrainedModel<Bert> trained, Context context)
    {
        var terminal = context.Terminal;
        AttentionPage.RequireWritable(result.GetValue(attention));
        var tokens = Read(result.GetValue(text)!, trained.Model, terminal);
        var report = new BlankReport(ModelText.UnitsOf(trained.Model), terminal, result.GetValue(top));
        var blanks = new Guesser(trained.Model).Fill(tokens);
        report.Show(tokens, blanks, truth: null);
        var filled = report.Filled(tokens, blanks);
        terminal.Line($"  {filled}");
        if (result.GetValue(attention) is { } path)
        {
            AttentionPicture.Save(path, trained.Model, ModelText.UnitsOf(trained.Model), tokens);
            terminal.Pair("attention", path);
        }

        terminal.Result(("event", "filled"), ("text", filled));
    }

    /// <summary>The tokens of a text with blanks; words that are not known are named.</summary>
    private static int[] Read(string text, Bert model, Terminal terminal)
    {
        var (tokenizer, longest) = (ModelText.UnitsOf(model), model.Options.MaximumLength - 2);
        var unit = ModelText.Unit(tokenizer);
        var tokens = tokenizer.Encode(text);
        if (!tokens.Contains(SpecialToken.Mask))
            throw new UserException($"--text should have at least one [MASK] to fill; got '{text}'.", isUsage: true);
        if (tokens.Length > longest)
        {
            throw new UserException($"--text has {Show.Count(tokens.Length)} {unit};"
                + $" the model reads at most {Show.Count(longest)}. Give a shorter text.", isUsage: true);
        }

        var unknown = tokens.Count(t => t == SpecialToken.Unknown);
        if (unknown > 0)
            terminal.Error.WriteLine($"The model does not know {unknown} of the {unit}, and reads: {tokenizer.Decode(tokens)}");
        return tokens;
    }
}
