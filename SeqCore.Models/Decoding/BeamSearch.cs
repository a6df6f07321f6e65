namespace SeqCore.Models;

/// <summary>
/// Looks for the likeliest texts on any <see cref="TokenStream"/>: of all ways to lengthen the W likeliest beginnings by a token,
/// the W likeliest are kept (the beams; each is a row of the stream). Texts are compared by log P(Y) / lp(Y), and a complete one
/// is final only when no beginning can grow into a better one. Equal probabilities count as ordered by tokens, lower first. With
/// one beam and no penalty this is greedy decoding; with as many as there are beginnings it finds the best of all texts.
/// </summary>
public sealed class BeamSearch
{
    private readonly TokenStream stream;
    private readonly BeamSearchOptions options;
    private readonly int width;

    /// <summary>Makes a search.</summary>
    /// <param name="stream">G W rows: W beams for each of G texts, those of one text side by side.</param>
    /// <param name="options">How to search.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the rows are no multiple of the beams.</exception>
    public BeamSearch(TokenStream stream, BeamSearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        width = options.Width ?? stream.BatchSize;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximumLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1, nameof(options.Width));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Results, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Results, width);
        if (!(options.LengthPenalty >= 0 && double.IsFinite(options.LengthPenalty)))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.LengthPenalty,
                "BeamSearch: LengthPenalty should be at least 0.");
        }

        if (stream.BatchSize % width != 0)
        {
            throw new ArgumentException($"BeamSearch: a stream of {stream.BatchSize} rows does not hold {width} beams for each"
                + $" text. Open one of a multiple of {width} rows.", nameof(stream));
        }

        stream.RequireToken(nameof(BeamSearch), nameof(options.EndToken), options.EndToken);
        LogitRow.CheckForbidden(nameof(BeamSearch), stream, options.ForbiddenTokens, options.EndToken);
        (this.stream, this.options) = (stream, options);
    }

    /// <summary>
    /// lp(Y) = ((5 + |Y|) / (5 + 1))^alpha (Wu et al., "Google's Neural Machine Translation System: Bridging the Gap between
    /// Human and Machine Translation", arXiv:1609.08144).
    /// </summary>
    /// <param name="length">|Y|, tokens of the text, the end token counted.</param>
    /// <param name="alpha">0 gives 1.</param>
    public static double LengthPenalty(int length, double alpha) => Math.Pow((5.0 + length) / 6, alpha);

    /// <summary>Finds the best texts after a prompt, on a stream whose rows are the beams of one text.</summary>
    /// <param name="prompt">What is read first; empty to go on from what every row of the stream has read and predicted.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>The best first; fewer than were asked for where there are no more.</returns>
    /// <exception cref="ArgumentException">The stream cannot read so long a prompt, or its logits are not numbers.</exception>
    /// <exception cref="InvalidOperationException">
    /// The stream holds the beams of several texts, or the prompt is empty and it has read nothing.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<BeamHypothesis> Search(ReadOnlySpan<int> prompt, CancellationToken cancellation = default) =>
        width == stream.BatchSize ? SearchAll(prompt, cancellation)[0]
            : throw new InvalidOperationException(
                $"BeamSearch.Search: the stream holds {stream.BatchSize / width} texts of {width} beams. Call SearchAll.");

    /// <summary>Finds the best texts for each of G texts side by side, as an encoder-decoder does for G sources.</summary>
    /// <param name="prompt">What every row reads first; empty to go on from what the stream has read and predicted.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>G lists, in each the best first.</returns>
    /// <exception cref="ArgumentException">The stream cannot read so long a prompt, or its logits are not numbers.</exception>
    /// <exception cref="InvalidOperationException">The prompt is empty and the stream has read nothing.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<IReadOnlyList<BeamHypothesis>> SearchAll(ReadOnlySpan<int> prompt,
        CancellationToken cancellation = default)
    {
        if (stream.Remaining < prompt.Length)
        {
            throw new ArgumentException($"BeamSearch: the prompt has {prompt.Length} tokens but the stream can read only"
                + $" {stream.Remaining} more.", nameof(prompt));
        }

        if (!prompt.IsEmpty)
            stream.Read(prompt);
        stream.RequirePrediction(nameof(BeamSearch));

        // The last token of a text need not be read.
        var limit = stream.Remaining is { } remaining && remaining < options.MaximumLength
            ? remaining + 1
            : options.MaximumLength;
        var beams = Enumerable.Range(0, stream.BatchSize / width)
            .Select(g => new Beam(options, g * width, width, limit)).ToArray();
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
