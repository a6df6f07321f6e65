namespace SeqCore.Models;

/// <summary>
/// Searches for the likeliest texts on any <see cref="TokenStream"/>: of all one-token extensions of the W likeliest unfinished
/// texts, the W likeliest are kept (the beams; each is a row of the stream). Texts are compared by log P(Y) / lp(Y), and a
/// complete one is final only when no unfinished text can become better. Equal probabilities are ordered by token, lower first.
/// With one beam and no penalty this is greedy decoding; with enough beams for all unfinished texts it finds the best of all
/// texts.
/// </summary>
public sealed class BeamSearch
{
    private readonly TokenStream stream;
    private readonly BeamSearchOptions options;
    private readonly int width;

    /// <summary>Makes a search.</summary>
    /// <param name="stream">The stream, with G W rows: W beams for each of G texts, the beams of a text side by side.</param>
    /// <param name="options">The options of the search.</param>
    /// <exception cref="ArgumentException">
    /// An option is out of range, or the number of rows is not a multiple of the number of beams.
    /// </exception>
    public BeamSearch(TokenStream stream, BeamSearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        width = options.Width ?? stream.BatchSize;
        Argument.AtLeast(options.MaximumLength, nameof(BeamSearch), nameof(options.MaximumLength));
        Argument.AtLeast(width, nameof(BeamSearch), nameof(options.Width));
        Argument.AtLeast(options.Results, nameof(BeamSearch), nameof(options.Results));
        Argument.AtMost(options.Results, nameof(BeamSearch), nameof(options.Results), width);
        Argument.AtLeast(options.NoRepeatNgram, nameof(BeamSearch), nameof(options.NoRepeatNgram), 0);
        if (!(options.LengthPenalty >= 0 && double.IsFinite(options.LengthPenalty)))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.LengthPenalty,
                "BeamSearch: LengthPenalty should be at least 0.");
        }

        if (stream.BatchSize % width != 0)
        {
            throw new ArgumentException($"BeamSearch: a stream of {Counted.Of(stream.BatchSize, "row")} does not fit"
                + $" {Counted.Of(width, "beam")} for each text. Open a stream with a multiple of {width} rows.", nameof(stream));
        }

        if (options.MaximumLengths is { } lengths)
            CheckLengths(lengths, stream.BatchSize / width, options.MaximumLength);
        stream.RequireToken(nameof(BeamSearch), nameof(options.EndToken), options.EndToken);
        LogitRow.CheckForbidden(nameof(BeamSearch), stream, options.ForbiddenTokens, options.EndToken);
        (this.stream, this.options) = (stream, options);
    }

    /// <summary>
    /// Computes the length penalty lp(Y) = ((5 + |Y|) / (5 + 1))^alpha (Wu et al., "Google's Neural Machine Translation System:
    /// Bridging the Gap between Human and Machine Translation", arXiv:1609.08144, equation 14, which also has a penalty of source
    /// words that attention leaves out).
    /// </summary>
    /// <param name="length">The number of tokens of the text, |Y|, including the end token.</param>
    /// <param name="alpha">The exponent; with 0 the penalty is 1.</param>
    public static double LengthPenalty(int length, double alpha) => Math.Pow((5.0 + length) / 6, alpha);

    /// <summary>Finds the best texts after a prompt, on a stream whose rows are the beams of one text.</summary>
    /// <param name="prompt">
    /// The tokens that are read first; empty to continue from what every row of the stream has read and predicted.
    /// </param>
    /// <param name="cancellation">Cancels the search.</param>
    /// <returns>The best texts, best first; fewer than requested if there are no more.</returns>
    /// <exception cref="ArgumentException">The stream cannot read such a long prompt, or its logits are not numbers.</exception>
    /// <exception cref="InvalidOperationException">
    /// The stream holds the beams of several texts, or the prompt is empty and the stream has read nothing.
    /// </exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public IReadOnlyList<BeamHypothesis> Search(ReadOnlySpan<int> prompt, CancellationToken cancellation = default) =>
        width == stream.BatchSize ? SearchAll(prompt, cancellation)[0]
            : throw new InvalidOperationException(
                $"BeamSearch.Search: the stream holds {Counted.Of(stream.BatchSize / width, "text")} of"
                    + $" {Counted.Of(width, "beam")}. Call SearchAll.");

    /// <summary>Finds the best texts for each of G texts side by side, such as for the G sources of an encoder-decoder.</summary>
    /// <param name="prompt">
    /// The tokens that every row reads first; empty to continue from what the stream has read and predicted.
    /// </param>
    /// <param name="cancellation">Cancels the search.</param>
    /// <returns>The G lists of texts, each with the best first.</returns>
    /// <exception cref="ArgumentException">The stream cannot read such a long prompt, or its logits are not numbers.</exception>
    /// <exception cref="InvalidOperationException">The prompt is empty and the stream has read nothing.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public IReadOnlyList<IReadOnlyList<BeamHypothesis>> SearchAll(ReadOnlySpan<int> prompt,
        CancellationToken cancellation = default)
    {
        if (stream.Remaining < prompt.Length)
        {
            throw new ArgumentException($"BeamSearch: the prompt has {Counted.Of(prompt.Length, "token")}, but the"
                + $" stream can read only {stream.Remaining} more.", nameof(prompt));
        }

        if (!prompt.IsEmpty)
            stream.Read(prompt);
        stream.RequirePrediction(nameof(BeamSearch));

        // The last token of a text need not be read.
        var limit = stream.Remaining is { } remaining && remaining < options.MaximumLength
            ? remaining + 1
            : options.MaximumLength;
        var beams = Enumerable.Range(0, stream.BatchSize / width)
            .Select(g => new Beam(options, g * width, width, Math.Min(limit, options.MaximumLengths?[g] ?? limit))).ToArray();
        var (rows, tokens) = (new int[stream.BatchSize], new int[stream.BatchSize]);
        var logits = stream.NewLogits();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            stream.Logits.CopyTo(logits);
            LogitRow.Forbid(logits, stream.VocabularySize, options.ForbiddenTokens);
            foreach (var beam in beams)
                beam.Advance(logits, rows, tokens);
            if (Array.TrueForAll(beams, b => b.IsDone))
                return Array.ConvertAll(beams, b => b.Best);
            if (!IsInPlace(rows))
                stream.Reorder(rows);
            stream.Step(tokens);
        }
    }

    private static void CheckLengths(IReadOnlyList<int> lengths, int texts, int maximumLength)
    {
        const string Name = nameof(BeamSearchOptions.MaximumLengths);
        if (lengths.Count != texts)
        {
            throw new ArgumentException($"BeamSearch: {Name} should have one length for each of {Counted.Of(texts, "text")};"
                + $" got {lengths.Count}.", Name);
        }

        foreach (var length in lengths)
        {
            Argument.AtLeast(length, nameof(BeamSearch), Name);
            Argument.AtMost(length, nameof(BeamSearch), Name, maximumLength);
        }
    }

    private static bool IsInPlace(int[] rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] != i)
                return false;
        }

        return true;
    }
}
