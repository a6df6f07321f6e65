using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// B texts that a model reads token by token, each step predicting the next tokens from a state that the stream holds: recurrent
/// states, or cached keys and values. The decoders know models only through it. The model must outlive it. Several streams of
/// one model may run at once, each on one thread.
/// </summary>
public abstract class TokenStream : IDisposable
{
    /// <summary>B</summary>
    public abstract int BatchSize { get; }

    /// <summary>V</summary>
    public abstract int VocabularySize { get; }

    /// <summary>How many more tokens can be read; null for no limit.</summary>
    public virtual int? Remaining => null;

    /// <summary>Whether <see cref="Logits"/> are a prediction: a model makes none before it has read something.</summary>
    public abstract bool HasPredicted { get; }

    /// <summary>What the last step predicted, shape (B, V); the next step writes it anew.</summary>
    public abstract Tensor Logits { get; }

    /// <summary>Reads one token of the only text and predicts the next.</summary>
    /// <returns><see cref="Logits"/></returns>
    public Tensor Step(int token) => Step([token]);

    /// <summary>Reads one token of each text and predicts the next ones.</summary>
    /// <param name="next">B tokens, each in [0, V).</param>
    /// <returns><see cref="Logits"/></returns>
    /// <exception cref="ArgumentException">Not B tokens, or one out of range.</exception>
    /// <exception cref="InvalidOperationException">Nothing remains of what the model can look back on.</exception>
    public abstract Tensor Step(ReadOnlySpan<int> next);

    /// <summary>Reads the same tokens in every text, as a prompt; a model that can does so in one pass.</summary>
    /// <param name="prompt">At least one token.</param>
    /// <returns><see cref="Logits"/> after the last one.</returns>
    public virtual Tensor Read(ReadOnlySpan<int> prompt)
    {
        if (prompt.IsEmpty)
            throw new ArgumentException($"{GetType().Name}: there should be at least one token to read.", nameof(prompt));
        var tokens = new int[BatchSize];
        foreach (var token in prompt)
        {
            Array.Fill(tokens, token);
            Step(tokens);
        }

        return Logits;
    }

    /// <summary>Reads some tokens of each text; a model that can does so in one pass.</summary>
    /// <param name="tokens">Shape (B, T), row by row, T at least 1.</param>
    /// <returns><see cref="Logits"/> after the last ones.</returns>
    /// <exception cref="ArgumentException">None, or not as many for each text.</exception>
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

    /// <summary>Room on the host for <see cref="Logits"/>.</summary>
    /// <exception cref="SizeLimitException">They are more than an array can have.</exception>
    internal float[] NewLogits() => HostArray.NewRows<float>(
        $"Logits of {BatchSize} texts over a vocabulary of {VocabularySize}", BatchSize, VocabularySize);

    /// <summary>Lets row b go on from what row rows[b] has read, for beam search; logits move too.</summary>
    /// <param name="rows">B rows, each in [0, B).</param>
    public abstract void Reorder(ReadOnlySpan<int> rows);

    /// <summary>Goes back to the start, as if nothing had been read.</summary>
    public abstract void Reset();

    /// <summary>Gives the memory back; the model stays.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    internal static OneThread OneThreadOf(string stream) =>
        new(stream, "Give each thread a stream of its own; they share the model.");

    /// <summary>Throws where a decoder is to go on from a prediction that there is none of.</summary>
    internal void RequirePrediction(string decoder)
    {
        if (!HasPredicted)
        {
            throw new InvalidOperationException($"{decoder}: the stream has read nothing, so there is nothing to go on from."
                + " Give a prompt of at least one token, such as one that starts a text.");
        }
    }

    /// <summary>Throws where a token that a decoder is told of is none of the model's.</summary>
    internal void RequireToken(string decoder, string name, int? token)
    {
        if (token is { } value && (uint)value >= (uint)VocabularySize)
        {
            throw new ArgumentOutOfRangeException(name, value,
                $"{decoder}: {name} should be one of the model's tokens, in [0, {VocabularySize}).");
        }
    }

    /// <summary>T of B T tokens.</summary>
    /// <exception cref="ArgumentException">None, or not as many for each text.</exception>
    private protected int StepsOf(ReadOnlySpan<int> tokens) =>
        tokens.Length > 0 && tokens.Length % BatchSize == 0 ? tokens.Length / BatchSize
            : throw new ArgumentException($"{GetType().Name}: there should be the same number of tokens, at least one,"
                + $" for each of {BatchSize} texts; got {tokens.Length} in all.", nameof(tokens));

    /// <summary>Gives back what a derived stream holds.</summary>
    protected abstract void Dispose(bool disposing);
}
