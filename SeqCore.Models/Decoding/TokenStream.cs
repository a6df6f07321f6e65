using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Texts that a model reads token by token: each step predicts the next tokens from a state that the stream holds, such as
/// recurrent states or cached keys and values. Decoders use models only through streams. The model must outlive the stream.
/// Several streams of one model may run at once, each on one thread.
/// </summary>
public abstract class TokenStream : IDisposable
{
    /// <summary>The number of texts, B.</summary>
    public abstract int BatchSize { get; }

    /// <summary>The number of tokens of the vocabulary, V.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The number of tokens that can still be read; null for no limit.</summary>
    public virtual int? Remaining => null;

    /// <summary>Whether <see cref="Logits"/> are a prediction; a model makes none before it has read something.</summary>
    public abstract bool HasPredicted { get; }

    /// <summary>The prediction of the last step, shape (B, V); the next step overwrites it.</summary>
    public abstract Tensor Logits { get; }

    /// <summary>Reads one token of the only text and predicts the next.</summary>
    /// <returns>The <see cref="Logits"/>.</returns>
    public Tensor Step(int token) => Step([token]);

    /// <summary>Reads one token of each text and predicts the next ones.</summary>
    /// <param name="next">The B tokens, each in [0, V).</param>
    /// <returns>The <see cref="Logits"/>.</returns>
    /// <exception cref="ArgumentException">There are not B tokens, or one is out of range.</exception>
    /// <exception cref="InvalidOperationException">The model can look back on no more tokens.</exception>
    public abstract Tensor Step(ReadOnlySpan<int> next);

    /// <summary>Reads the same tokens in every text, such as a prompt; a model that supports it reads them in one pass.</summary>
    /// <param name="prompt">The tokens to read, at least one.</param>
    /// <returns>The <see cref="Logits"/> after the last token.</returns>
    public virtual Tensor Read(ReadOnlySpan<int> prompt)
    {
        if (prompt.IsEmpty)
            throw new ArgumentException($"{GetType().Name}: at least one token to read is needed.", nameof(prompt));
        var tokens = new int[BatchSize];
        foreach (var token in prompt)
        {
            Array.Fill(tokens, token);
            Step(tokens);
        }

        return Logits;
    }

    /// <summary>Reads some tokens of each text; a model that supports it reads them in one pass.</summary>
    /// <param name="tokens">The tokens, shape (B, T), row by row, T at least 1.</param>
    /// <returns>The <see cref="Logits"/> after the last tokens.</returns>
    /// <exception cref="ArgumentException">There are no tokens, or not the same number for each text.</exception>
    public virtual Tensor ReadEach(ReadOnlySpan<int> tokens)
    {
        var steps = StepsOf(tokens);
        var next = new int[BatchSize];
        for (var t = 0; t < steps; t++)
        {
            for (var b = 0; b < BatchSize; b++)
                next[b] = tokens[(b * steps) + t];
            Step(next);
        }

        return Logits;
    }

    /// <summary>Whether <see cref="ReadEach(IReadOnlyList{int[]})"/> reads prompts of different lengths.</summary>
    public virtual bool SupportsPadding => false;

    /// <summary>
    /// Reads a prompt of each text. A model that <see cref="SupportsPadding"/> reads prompts of different lengths in one pass, if
    /// nothing was read before: shorter ones get padding on the left, which is hidden, so that each text continues as if it were
    /// alone. The padding takes space: what <see cref="Remaining"/> allows depends on the longest text.
    /// </summary>
    /// <param name="prompts">The B prompts, each of at least one token.</param>
    /// <returns>The <see cref="Logits"/> after the last tokens.</returns>
    /// <exception cref="ArgumentException">There are not B prompts, or one is empty.</exception>
    /// <exception cref="InvalidOperationException">The lengths differ, and something was read before.</exception>
    /// <exception cref="NotSupportedException">
    /// The lengths differ, and the stream does not support padding; <see cref="TextGenerator.GenerateEach"/> does without.
    /// </exception>
    public virtual Tensor ReadEach(IReadOnlyList<int[]> prompts)
    {
        StreamChecks.Prompts(GetType().Name, prompts, BatchSize);
        if (prompts.Any(p => p.Length != prompts[0].Length))
        {
            throw new NotSupportedException($"{GetType().Name}: it reads only prompts of one length at once."
                + $" Hint: {nameof(TextGenerator)}.{nameof(TextGenerator.GenerateEach)} reads others token by token.");
        }

        int[] all = [.. prompts.SelectMany(p => p)];
        return ReadEach(all.AsSpan());
    }

    /// <summary>Makes an array on the host for <see cref="Logits"/>.</summary>
    /// <exception cref="SizeLimitException">The logits are more than an array can hold.</exception>
    internal float[] NewLogits() => HostArray.NewRows<float>(
        $"Logits of {BatchSize} texts over a vocabulary of {VocabularySize}", BatchSize, VocabularySize);

    /// <summary>Replaces the state and the logits of row b by those of row rows[b], for beam search.</summary>
    /// <param name="rows">The B rows, each in [0, B).</param>
    public abstract void Reorder(ReadOnlySpan<int> rows);

    /// <summary>Returns to the start, as if nothing had been read.</summary>
    public abstract void Reset();

    /// <summary>Releases the memory of the stream, but not of the model.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    internal static OneThread OneThreadOf(string stream) =>
        new(stream, "Give each thread its own stream; they share the model.");

    /// <summary>Throws if a decoder is to continue from a prediction but there is none.</summary>
    internal void RequirePrediction(string decoder)
    {
        if (!HasPredicted)
        {
            throw new InvalidOperationException($"{decoder}: the stream has read nothing, so there is nothing to continue from."
                + " Pass a prompt of at least one token, such as one that starts a text.");
        }
    }

    /// <summary>Throws if a token in the options of a decoder is not one of the model's.</summary>
    internal void RequireToken(string decoder, string name, int? token)
    {
        if (token is { } value && (uint)value >= (uint)VocabularySize)
        {
            throw new ArgumentOutOfRangeException(name, value,
                $"{decoder}: {name} should be one of the model's tokens, in [0, {VocabularySize}).");
        }
    }

    /// <summary>Returns T for B T tokens.</summary>
    /// <exception cref="ArgumentException">There are no tokens, or not the same number for each text.</exception>
    private protected int StepsOf(ReadOnlySpan<int> tokens) =>
        tokens.Length > 0 && tokens.Length % BatchSize == 0 ? tokens.Length / BatchSize
            : throw new ArgumentException($"{GetType().Name}: there should be the same number of tokens, at least one,"
                + $" for each of {Counted.Of(BatchSize, "text")}; got {tokens.Length} in all.", nameof(tokens));

    /// <summary>Releases what a derived stream holds.</summary>
    protected abstract void Dispose(bool disposing);
}
