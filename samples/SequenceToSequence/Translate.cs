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

/// <summary>Translates sources with a model.</summary>
/// <param name="model">A model in evaluation mode.</param>
/// <param name="longest">The largest number of tokens of a translation.</param>
/// <param name="beam">The beam width; 1 always takes the likeliest token.</param>
/// <param name="lengthPenalty">The exponent of the length penalty; larger values prefer longer translations.</param>
internal sealed class Translator(EncoderDecoderModel model, int longest, int beam, float lengthPenalty)
{
    private const int BatchSize = 64;

    /// <summary>Adds the options of the search for translations to a command.</summary>
    public static void AddTo(Command command)
    {
        command.StartGroup("Writing");
        command.Add(OptionKinds.Whole("--beam", "Beam width; 1 always takes the likeliest token.", 1,
            1, 1024));
        command.Add(OptionKinds.Real("--length-penalty",
            "Length penalty: 0 compares plain probabilities, larger values prefer longer translations.", 0,
            "from 0 to 10", p => p is >= 0 and <= 10));
    }

    /// <summary>A translator with the options of a command line.</summary>
    public static Translator From(ParseResult result, EncoderDecoderModel model, int longest) =>
        new(model, longest, result.GetValue<int>("--beam"), result.GetValue<float>("--length-penalty"));

    /// <summary>The largest number of tokens of a source or translation that a model was trained on.</summary>
    public static int LongestOf(TrainedModel<EncoderDecoderModel> trained) =>
        trained.Number("sequence", trained.Model.MaximumLength ?? 64);

    /// <summary>Translates sources, many side by side.</summary>
    /// <param name="sources">Tokens of each, at least one.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <returns>For each the translations found, the best first.</returns>
    public IReadOnlyList<IReadOnlyList<Translated>> TranslateAll(IReadOnlyList<int[]> sources, CancellationToken cancellation)
    {
        var best = new IReadOnlyList<Translated>[sources.Count];

        // Sources of similar length are translated together.
        foreach (var chunk in Enumerable.Range(0, sources.Count).OrderBy(i => sources[i].Length)
            .Chunk(Math.Max(1, BatchSize / beam)))
        {
            var found = TranslateTogether([.. chunk.Select(i => sources[i])], cancellation);
            for (var i = 0; i < chunk.Length; i++)
                best[chunk[i]] = found[i];
        }

        return best;
    }

    /// <summary>Translates the different sources of some pairs and counts those that are right.</summary>
    /// <param name="pairs">The validation pairs.</param>
    /// <param name="most">The largest number of sources.</param>
    /// <param name="cancellation">Stops early.</param>
    public (Score Score, IReadOnlyList<(int[] Source, Translated Translated)> Translations) Examine(
        IEnumerable<(int[] Source, int[] Target)> pairs, int most, CancellationToken cancellation)
    {
        var groups = pairs.GroupBy(p => string.Join(',', p.Source)).Take(most).Select(g => g.ToArray()).ToArray();
        int[][] sources = [.. groups.Select(g => g[0].Source)];
        Translated[] found = [.. TranslateAll(sources, cancellation).Select(t => t[0])];
        var score = Score.Of(found, groups.Select(g => (IReadOnlyList<int[]>)[.. g.Select(p => p.Target)]));
        return (score, [.. sources.Zip(found)]);
    }

    private IReadOnlyList<Translated>[] TranslateTogether(int[][] sources, CancellationToken cancellation)
    {
        using var scope = new TensorScope("translation");
        var width = sources.Max(s => s.Length);
        int[] padded = [.. sources.SelectMany(s => s.Concat(Enumerable.Repeat(SpecialToken.Padding, width - s.Length)))];
        using var tokens = IndexTensor.FromSpan(padded, new Shape(sources.Length, width));
        using var lengths = IndexTensor.FromSpan([.. sources.Select(s => s.Length)], new Shape(sources.Length));
        using var stream = model.NewStream(tokens, lengths, beam);
        var search = new BeamSearch(stream, new BeamSearchOptions
        {
            MaximumLength = longest,
            EndToken = SpecialToken.End,
            ForbiddenTokens = SpecialToken.NeverGenerated,
            LengthPenalty = lengthPenalty,
            Width = beam,
            Results = beam,
        });
        return [.. search.SearchAll([SpecialToken.Start], cancellation)
            .Select(found => (IReadOnlyList<Translated>)[.. found.Select(Read)])];
    }

    private Translated Read(BeamHypothesis found)
    {
        var tokens = (found.IsComplete ? found.Tokens[..^1] : found.Tokens).ToArray();
        return new Translated(model.TargetTokenizer!.Decode(tokens), tokens, found.LogProbability, found.IsComplete);
    }
}

/// <summary>The translation of a text.</summary>
/// <param name="Text">The translation as text.</param>
/// <param name="Tokens">The tokens without the end.</param>
/// <param name="LogProbability">The log-probability of the tokens and the end.</param>
/// <param name="IsComplete">Whether the model wrote an end.</param>
internal sealed record Translated(string Text, int[] Tokens, double LogProbability, bool IsComplete);

/// <summary>The number of right translations.</summary>
/// <param name="Count">The number of sources.</param>
/// <param name="Right">The number of sources whose best translation equals one of the expected ones, token by token.</param>
internal readonly record struct Score(int Count, int Right)
{
    /// <summary>The fraction of right translations, in [0, 1].</summary>
    public double Share => (double)Right / Count;

    /// <summary>Compares translations with the expected ones.</summary>
    /// <param name="translations">The translation of each source.</param>
    /// <param name="wanted">All right translations of each source.</param>
    public static Score Of(IEnumerable<Translated> translations, IEnumerable<IReadOnlyList<int[]>> wanted)
    {
        var right = translations.Zip(wanted,
            (t, all) => t.IsComplete && all.Any(w => w.AsSpan().SequenceEqual(t.Tokens))).ToArray();
        return new Score(right.Length, right.Count(r => r));
    }
}
