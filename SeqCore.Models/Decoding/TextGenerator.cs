namespace SeqCore.Models;

/// <summary>
/// Writes texts token by token on any <see cref="TokenStream"/>, whatever its model: reads the prompts, draws a token for each
/// row, reports it, reads it, and continues until every text has ended. Rows whose text has ended read padding until the others
/// have ended.
/// </summary>
public sealed class TextGenerator
{
    private readonly TokenStream stream;
    private readonly Sampler[] samplers;
    private readonly float[] logits;

    /// <summary>Makes a generator.</summary>
    /// <param name="stream">The stream, with B rows and a text in each.</param>
    /// <param name="samplers">
    /// The samplers: one for each row, or one that all rows share in turn; none always takes the likeliest token.
    /// </param>
    /// <exception cref="ArgumentException">The number of samplers is neither B nor at most 1.</exception>
    public TextGenerator(TokenStream stream, params Sampler[] samplers)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(samplers);
        if (samplers.Length > 1 && samplers.Length != stream.BatchSize)
        {
            throw new ArgumentException($"TextGenerator: there should be {stream.BatchSize} samplers, one for each row,"
                + $" or one for all; got {samplers.Length}.", nameof(samplers));
        }

        this.stream = stream;
        this.samplers = samplers.Length > 0 ? samplers : [Sampler.Greedy()];
        logits = stream.NewLogits();
    }

    /// <summary>Writes a text in each row after the same prompt.</summary>
    /// <param name="prompt">
    /// The tokens that every row reads first; empty to continue from what the stream has read and predicted.
    /// </param>
    /// <param name="options">The options that specify when a text ends.</param>
    /// <param name="onToken">Receives each token as soon as it is drawn; rows come in order.</param>
    /// <param name="cancellation">Ends all texts where they are.</param>
    /// <returns>The B texts. Their last tokens have been written but not read, unless other rows continued.</returns>
    /// <exception cref="ArgumentException">The stream cannot read such a long prompt, or an option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The prompt is empty and the stream has read nothing.</exception>
    public IReadOnlyList<GeneratedText> Generate(ReadOnlySpan<int> prompt, GenerationOptions options,
        Action<GeneratedToken>? onToken = null, CancellationToken cancellation = default)
    {
        if (prompt.IsEmpty)
            stream.RequirePrediction(nameof(TextGenerator));
        var shared = prompt.ToArray();
        return Generate([.. Enumerable.Repeat(shared, stream.BatchSize)], shared.Length, options, onToken, cancellation);
    }

    /// <summary>
    /// Writes a text in each row after its own prompt. A stream that <see cref="TokenStream.SupportsPadding"/> reads all prompts
    /// in one pass if it has read nothing yet, or their lengths are equal, and the longest text fits; otherwise they are read
    /// token by token, and rows with a shorter prompt begin to write earlier.
    /// </summary>
    /// <param name="prompts">The B prompts, each of at least one token.</param>
    /// <param name="options">The options that specify when a text ends.</param>
    /// <param name="onToken">Receives each token as soon as it is drawn.</param>
    /// <param name="cancellation">Ends all texts where they are.</param>
    /// <returns>The B texts.</returns>
    /// <exception cref="ArgumentException">
    /// There are not B prompts, a prompt is empty or too long, or an option is out of range.
    /// </exception>
    public IReadOnlyList<GeneratedText> GenerateEach(IReadOnlyList<int[]> prompts, GenerationOptions options,
        Action<GeneratedToken>? onToken = null, CancellationToken cancellation = default)
    {
        StreamChecks.Prompts(nameof(TextGenerator), prompts, stream.BatchSize);
        return Generate(prompts, 0, options, onToken, cancellation);
    }

    private GeneratedText[] Generate(IReadOnlyList<int[]> prompts, int shared, GenerationOptions options,
        Action<GeneratedToken>? onToken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        stream.RequireToken(nameof(TextGenerator), nameof(options.EndToken), options.EndToken);
        stream.RequireToken(nameof(TextGenerator), nameof(options.PadToken), options.PadToken);
        LogitRow.CheckForbidden(nameof(TextGenerator), stream, options.ForbiddenTokens, options.EndToken);
        int[][] fitting = [.. prompts.Select(p => Fitting(p, options))];
        var past = StreamPast.Take(stream, out var isPastKnown);
        var rows = fitting.Select((p, b) => new GeneratorRow(b, past[b], p, options, onToken)).ToArray();
        if (shared > 0)
        {
            stream.Read(rows[0].Prompt);
            foreach (var row in rows)
                row.HasReadPrompt();
        }
        else if (ReadsAtOnce(fitting, options))
        {
            stream.ReadEach(fitting);
            foreach (var row in rows)
                row.HasReadPrompt();
        }

        var end = Write(rows, options, isPastKnown, cancellation);
        foreach (var row in rows)
            row.End ??= end;
        if (isPastKnown)
            StreamPast.Keep(stream, rows.Select(r => r.Past));
        return Array.ConvertAll(rows, r => r.Text);
    }

    /// <summary>Whether the stream reads prompts in one pass, with padding on the left of shorter ones.</summary>
    private bool ReadsAtOnce(int[][] prompts, GenerationOptions options)
    {
        var longest = prompts.Max(p => p.Length);
        return stream.SupportsPadding && options.MaximumLength > 0 && longest > 0
            && (!stream.HasPredicted || Array.TrueForAll(prompts, p => p.Length == longest))
            && !(longest + options.MaximumLength - 1L > stream.Remaining);
    }

    /// <returns>The reason why the texts end that have not ended by themselves.</returns>
    private GenerationEnd? Write(GeneratorRow[] rows, GenerationOptions options, bool isPastKnown, CancellationToken cancellation)
    {
        var next = new int[rows.Length];
        while (!Array.TrueForAll(rows, r => r.End is not null))
        {
            if (cancellation.IsCancellationRequested)
                return GenerationEnd.Cancelled;
            if (!Array.TrueForAll(rows, r => r.IsReadingPrompt))
                stream.Logits.CopyTo(logits);
            for (var b = 0; b < rows.Length; b++)
            {
                next[b] = rows[b].Next(logits.AsSpan(b * stream.VocabularySize, stream.VocabularySize),
                    samplers[Math.Min(b, samplers.Length - 1)]);
            }

            if (Array.TrueForAll(rows, r => r.End is not null))
                break;
            if (stream.Remaining == 0 && !BeginAnew(rows, options, isPastKnown))
                return GenerationEnd.StreamFull;
            stream.Step(next);
            foreach (var row in rows)
                row.HasRead();
        }

        return null;
    }

    /// <summary>Returns the prompt, or its end if the stream cannot read all of it and may discard tokens.</summary>
    private int[] Fitting(int[] prompt, GenerationOptions options)
    {
        if (stream.Remaining is not { } remaining || prompt.Length <= remaining)
            return prompt;
        if (options.KeptContext is { } kept && remaining > 0)
            return prompt[^Math.Min(kept, remaining)..];
        throw new ArgumentException($"TextGenerator: the prompt has {Counted.Of(prompt.Length, "token")}, but the"
            + " stream can read only"
            + $" {remaining} more." + " Shorten it, reset the stream, or set KeptContext to read its end only.", nameof(prompt));
    }

    /// <summary>Makes space by discarding all but the last tokens.</summary>
    /// <returns>False if the options do not allow it.</returns>
    /// <exception cref="InvalidOperationException">The last tokens are not known.</exception>
    private bool BeginAnew(GeneratorRow[] rows, GenerationOptions options, bool isPastKnown)
    {
        if (options.KeptContext is not { } kept)
            return false;
        stream.Reset();
        var last = Math.Min(kept, stream.Remaining!.Value - 1);
        if (!isPastKnown && rows[0].History(last).Length < last)
        {
            throw new InvalidOperationException($"TextGenerator: the stream was full, and its last"
                + $" {Counted.Of(last, "token")} cannot be read"
                + " again, because some were not read through a generator; it is at its start now. Hint: let the"
                + " generator read the prompt, or call Reset before.");
        }

        // Rows whose prompts were read at once may have read fewer tokens than others, but at least one.
        int[][] history = [.. rows.Select(r => r.History(last))];
        if (history[0].Length > 0)
            stream.ReadEach(history);
        return true;
    }
}
