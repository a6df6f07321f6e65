namespace SeqCore.Models;

/// <summary>
/// Cuts a text of n tokens into floor((n - 1) / T) windows that do not overlap, and reads them in order, some in each batch:
/// what a language model is judged on.
/// </summary>
public sealed class TokenWindows
{
    private readonly ReadOnlyMemory<int> text;

    /// <summary>Cuts a text.</summary>
    /// <param name="text">Tokens.</param>
    /// <param name="sequenceLength">T, tokens in a window.</param>
    /// <exception cref="DataSourceException">The text is shorter than T + 1 tokens.</exception>
    public TokenWindows(ReadOnlyMemory<int> text, int sequenceLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceLength, 1);
        if (text.Length - 1L < sequenceLength)
        {
            throw new DataSourceException($"The validation part of the text has {text.Length} tokens; windows of {sequenceLength}"
                + $" need at least {sequenceLength + 1L}. Give a longer text or a shorter sequence.");
        }

        this.text = text;
        SequenceLength = sequenceLength;
        Count = (text.Length - 1) / sequenceLength;
    }

    /// <summary>T, tokens in a window.</summary>
    public int SequenceLength { get; }

    /// <summary>Windows in all.</summary>
    public int Count { get; }

    /// <summary>SHA-256 of the text's tokens.</summary>
    internal string DataHash => Models.DataHash.Of(text.Span);

    /// <summary>The windows in batches of this many, and the rest in a last, smaller one; each is valid until the next.</summary>
    public IEnumerable<TokenBatch> Batches(int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        TokenBatch? batch = null;
        for (var first = 0; first < Count; first += batchSize)
        {
            var size = Math.Min(batchSize, Count - first);
            if (batch?.BatchSize != size)
                batch = new TokenBatch(size, SequenceLength);
            for (var b = 0; b < size; b++)
                batch.SetRow(b, text.Span, (first + b) * SequenceLength);
            yield return batch;
        }
    }
}
