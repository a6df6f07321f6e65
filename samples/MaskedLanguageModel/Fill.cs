using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel;

/// <summary>Fills the blanks of a text with a trained model.</summary>
internal sealed class FillCommand() : ModelCommand<Bert>(ModelText.FileKinds, ModelText.Load)
{
    private readonly Option<string?> text = new("--text")
    {
        Description = "The text to fill; each [MASK] is a blank.",
        HelpName = "TEXT",
        Arity = ArgumentArity.ExactlyOne,
        Required = true,
    };
    private readonly Option<int> top = OptionKinds.Whole("--top", "Number of guesses to show for each blank.", 5, 1, 1000);
    private readonly Option<string?> attention = OptionKinds.AttentionPage(
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
        OptionKinds.RequireWritable(result.GetValue(attention));
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

    /// <summary>The tokens of a text with blanks; unknown words are reported.</summary>
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

/// <summary>
/// Fills blanks with a trained model: all blanks of a text at once, each without knowing the others. Special tokens, such as
/// [MASK] itself, are never offered.
/// </summary>
/// <param name="model">A model in evaluation mode.</param>
internal sealed class Guesser(Bert model)
{
    /// <summary>The guesses for each [MASK] of a text.</summary>
    /// <param name="tokens">The text, at most T - 2 tokens.</param>
    public IReadOnlyList<Blank> Fill(ReadOnlySpan<int> tokens)
    {
        var places = new List<int>();
        for (var t = 0; t < tokens.Length; t++)
        {
            if (tokens[t] == SpecialToken.Mask)
                places.Add(t);
        }

        using var scope = new TensorScope("blanks");
        using var read = IndexTensor.FromSpan(Frame(tokens), new Shape(1, tokens.Length + 2));
        using var rows = IndexTensor.FromSpan([.. places.Select(p => p + 1)], new Shape(places.Count));
        var hidden = model.Encode(read).Reshape(tokens.Length + 2, -1);
        var units = model.VocabularySize - SpecialToken.Count;
        var logits = model.PredictTokens(hidden.Embedding(rows)).Slice(1, SpecialToken.Count, units);
        var chances = logits.Softmax().Value.ToArray();
        return [.. places.Select((place, i) => new Blank(place, Rank(chances.AsSpan(i * units, units))))];
    }

    /// <summary>A text between [CLS] and [SEP].</summary>
    public static int[] Frame(ReadOnlySpan<int> tokens) => [SpecialToken.Classification, .. tokens, SpecialToken.Separator];

    private static (int, double)[] Rank(ReadOnlySpan<float> chances)
    {
        var ranked = new (int Token, double Probability)[chances.Length];
        for (var v = 0; v < chances.Length; v++)
            ranked[v] = (SpecialToken.Count + v, chances[v]);
        return [.. ranked.OrderByDescending(r => r.Probability)];
    }
}

/// <summary>A blank in a text, with the guesses for it.</summary>
/// <param name="Place">The index of the token in the text.</param>
/// <param name="Guesses">Every word or character with its probability, the likeliest first.</param>
internal sealed record Blank(int Place, IReadOnlyList<(int Token, double Probability)> Guesses)
{
    /// <summary>The likeliest token.</summary>
    public int Best => Guesses[0].Token;

    /// <summary>The rank of a token among the guesses, from 1.</summary>
    public int RankOf(int token)
    {
        var rank = 1;
        while (Guesses[rank - 1].Token != token)
            rank++;
        return rank;
    }
}

/// <summary>Shows texts with blanks and the guesses of a model.</summary>
/// <param name="vocabulary">Words or characters.</param>
/// <param name="terminal">Shows the texts.</param>
/// <param name="top">The number of guesses to show for each blank.</param>
internal sealed class BlankReport(UnitTokenizer vocabulary, Terminal terminal, int top)
{
    /// <summary>Shows one text.</summary>
    /// <param name="tokens">The tokens, with [MASK] at each blank.</param>
    /// <param name="blanks">The guesses of the model.</param>
    /// <param name="truth">The true tokens; null if unknown.</param>
    public void Show(int[] tokens, IReadOnlyList<Blank> blanks, int[]? truth)
    {
        var text = vocabulary.Decode(tokens);
        terminal.Line($"  {text.TrimEnd('\n')}");
        for (var i = 0; i < blanks.Count; i++)
        {
            var guesses = blanks[i].Guesses.Take(top).ToArray();
            var line = string.Concat(guesses.Select(g => $"{Unit(g.Token) + " " + MaskedText.Percent(g.Probability),-17}"));
            terminal.Line($"    {i + 1,2}  {line}{(truth is null ? "" : Verdict(blanks[i], truth[blanks[i].Place]))}".TrimEnd());
            terminal.Result(("event", "blank"), ("text", text), ("blank", i + 1),
                ("truth", truth is null ? null : vocabulary.Unit(truth[blanks[i].Place])),
                ("guesses", guesses.Select(g => (vocabulary.Unit(g.Token), (object?)g.Probability))));
        }
    }

    /// <summary>A text with the likeliest guess in every blank.</summary>
    public string Filled(int[] tokens, IReadOnlyList<Blank> blanks)
    {
        int[] filled = [.. tokens];
        foreach (var blank in blanks)
            filled[blank.Place] = blank.Best;
        return vocabulary.Decode(filled);
    }

    private string Verdict(Blank blank, int truth) => blank.RankOf(truth) switch
    {
        1 => $"answer: {Unit(truth)}",
        var rank => $"answer: {Unit(truth)} (rank {rank})",
    };

    private string Unit(int token) => vocabulary.Unit(token) switch
    {
        "\n" => "\\n",
        "\r" => "\\r",
        "\t" => "\\t",
        " " => "space",
        var unit => unit,
    };
}

/// <summary>Draws what each token of a text attends to, for every layer and head.</summary>
internal static class AttentionPicture
{
    /// <summary>Writes a page.</summary>
    /// <param name="path">The path of the HTML file.</param>
    /// <param name="model">A model in evaluation mode.</param>
    /// <param name="vocabulary">Words or characters.</param>
    /// <param name="tokens">The text, with or without blanks.</param>
    public static void Save(string path, Bert model, UnitTokenizer vocabulary, ReadOnlySpan<int> tokens)
    {
        var read = Guesser.Frame(tokens);
        string[] words = [.. read.Select(vocabulary.Unit)];
        using var scope = new TensorScope("attention");
        using var x = IndexTensor.FromSpan(read, new Shape(1, read.Length));
        var page = new AttentionPage("BERT: what attends to what",
            "Each row is a token of the text, and its colours show how much it attends to each token, before and after it."
                + " Where a [MASK] is filled correctly, some head often attends from it to the token that decides it.");
        page.Add(vocabulary.Decode(tokens), [.. model.AttentionWeights(x).Select(w => w.Value.ToArray())],
            model.Options.HeadCount, words, words, "attends", "attended to");
        page.Save(path);
    }
}
