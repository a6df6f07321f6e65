namespace SeqCore.Models;

public abstract partial class EncoderDecoderModel
{
    /// <summary>
    /// Translates a text, in evaluation mode whatever the model's mode. Needs <see cref="SourceTokenizer"/> and
    /// <see cref="TargetTokenizer"/>, whose padding, start and end are those of <see cref="SpecialToken"/>.
    /// </summary>
    /// <param name="text">The text; the translation of one without any token is empty.</param>
    /// <param name="options">How to search; null for the defaults.</param>
    /// <param name="cancellation">Cancels the search.</param>
    /// <returns>The best translation that was found.</returns>
    /// <exception cref="ArgumentException">
    /// The text cannot be encoded or has more tokens than the model can read, or an option is out of range.
    /// </exception>
    /// <exception cref="InvalidOperationException">The model has no tokenizers, or not suitable ones.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public Translation Translate(string text, TranslationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Translate([text], options, cancellation)[0];
    }

    /// <summary>Translates texts, those of similar length side by side.</summary>
    /// <param name="texts">The texts; the translation of one without any token is empty.</param>
    /// <param name="options">How to search; null for the defaults.</param>
    /// <param name="cancellation">Cancels the search.</param>
    /// <returns>The best translation of each text, in the order of the texts.</returns>
    /// <inheritdoc cref="Translate(string, TranslationOptions?, CancellationToken)"/>
    public IReadOnlyList<Translation> Translate(IReadOnlyList<string> texts, TranslationOptions? options = null,
        CancellationToken cancellation = default) =>
        [.. TranslateToSeveral(texts, 1, options, cancellation).Select(found => found[0])];

    /// <summary>Finds several translations of each text, those of similar length side by side.</summary>
    /// <param name="texts">The texts; the only translation of one without any token is empty.</param>
    /// <param name="results">The number of translations of each, from 1 to <see cref="TranslationOptions.BeamWidth"/>.</param>
    /// <param name="options">How to search; null for the defaults.</param>
    /// <param name="cancellation">Cancels the search.</param>
    /// <returns>The translations of each text, best first; fewer than requested if there are no more.</returns>
    /// <inheritdoc cref="Translate(string, TranslationOptions?, CancellationToken)"/>
    public IReadOnlyList<IReadOnlyList<Translation>> TranslateToSeveral(IReadOnlyList<string> texts, int results,
        TranslationOptions? options = null, CancellationToken cancellation = default)
    {
        var all = Argument.NoNulls(texts, Kind, nameof(texts));
        options ??= new();
        options.Check(results);
        var (reader, writer) = (RequireTokenizer(SourceTokenizer, nameof(SourceTokenizer)), RequireWriter());
        var search = new BeamSearchOptions
        {
            MaximumLength = 1,
            EndToken = SpecialToken.End,
            ForbiddenTokens = Forbidden(writer, options),
            LengthPenalty = options.LengthPenalty,
            NoRepeatNgram = options.NoRepeatNgram,
            Width = options.BeamWidth,
            Results = results,
        };
        int[][] sources = [.. all.Select((t, i) => RequireReadable(Cut(reader.Encode(t), options), i))];
        int[] full = [.. Enumerable.Range(0, sources.Length).Where(i => sources[i].Length > 0)];
        var found = new IReadOnlyList<Translation>[sources.Length];
        Array.Fill(found, [new Translation("", [], [], 0, 0, IsComplete: true)]);
        foreach (var rows in LengthBatches.Of(full, i => sources[i].Length, options.BeamWidth))
        {
            int[][] read = [.. rows.Select(row => sources[full[row]])];
            int[] limits = [.. read.Select(s => options.MaximumLength(s.Length, MaximumLength))];
            var best = Search(read, search with { MaximumLength = limits.Max(), MaximumLengths = limits }, cancellation);
            for (var b = 0; b < read.Length; b++)
                found[full[rows[b]]] = [.. best[b].Select(h => NewTranslation(read[b], h, writer))];
        }

        return found;
    }

    private IReadOnlyList<IReadOnlyList<BeamHypothesis>> Search(int[][] sources, BeamSearchOptions options,
        CancellationToken cancellation)
    {
        var backend = Parameters().First().Value.Backend;
        var width = sources.Max(s => s.Length);
        var padded = new int[sources.Length * width];
        Array.Fill(padded, SpecialToken.Padding);
        for (var b = 0; b < sources.Length; b++)
            sources[b].CopyTo(padded, b * width);
        using var scope = new TensorScope("translation");
        using var tokens = IndexTensor.FromSpan(padded, new Shape(sources.Length, width), backend);
        using var lengths = IndexTensor.FromSpan([.. sources.Select(s => s.Length)], new Shape(sources.Length), backend);
        using var stream = NewStream(tokens, lengths, options.Width!.Value);
        return new BeamSearch(stream, options).SearchAll([SpecialToken.Start], cancellation);
    }

    private static Translation NewTranslation(int[] source, BeamHypothesis found, Tokenizer writer)
    {
        var tokens = (found.IsComplete ? found.Tokens[..^1] : found.Tokens).ToArray();
        var text = writer.Decode(tokens);
        if (writer is BytePairTokenizer { Options.AddsLeadingSpace: true } && text.StartsWith(' '))
            text = text[1..];
        return new Translation(text, source, tokens, found.LogProbability, found.Score, found.IsComplete);
    }

    private static HashSet<int> Forbidden(Tokenizer writer, TranslationOptions options)
    {
        HashSet<int> forbidden = [.. SpecialToken.NeverGenerated, .. writer.Special.NeverGenerated, .. options.ForbiddenTokens];
        if (!options.AllowsUnknown && writer.Special.Unknown is { } unknown)
            forbidden.Add(unknown);
        return forbidden;
    }

    private static int[] Cut(int[] tokens, TranslationOptions options) =>
        tokens.Length > options.MaximumSourceLength ? tokens[..options.MaximumSourceLength.Value] : tokens;

    private int[] RequireReadable(int[] tokens, int index) => tokens.Length > MaximumLength
        ? throw new ArgumentException($"{Kind}: text {index} has {Counted.Of(tokens.Length, "token")}, but the model can read"
            + $" only {MaximumLength}. Hint: translate its sentences one by one, or set"
            + $" {nameof(TranslationOptions.MaximumSourceLength)} to read only the beginning.", "texts")
        : tokens;

    private Tokenizer RequireWriter()
    {
        var writer = RequireTokenizer(TargetTokenizer, nameof(TargetTokenizer));
        return writer.Special is { Padding: SpecialToken.Padding, Start: SpecialToken.Start, End: SpecialToken.End }
            ? writer
            : throw new InvalidOperationException($"{Kind}: translations are written with padding {SpecialToken.Padding}, start"
                + $" {SpecialToken.Start} and end {SpecialToken.End}, but these are {Name(writer.Special.Padding)},"
                + $" {Name(writer.Special.Start)} and {Name(writer.Special.End)} in {nameof(TargetTokenizer)}. Hint: make it with"
                + $" {nameof(SpecialToken)}.{nameof(SpecialToken.Names)} as its first tokens.");

        static string Name(int? token) => token?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "missing";
    }

    private Tokenizer RequireTokenizer(Tokenizer? tokenizer, string name) => tokenizer
        ?? throw new InvalidOperationException($"{Kind}: a model without a {name} cannot translate texts. Hint: set it before"
            + " training, so that it is saved with the model.");
}
