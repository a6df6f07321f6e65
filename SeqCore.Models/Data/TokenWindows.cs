namespace SeqCore.Models;

/// <summary>
/// Divides a text of n tokens into floor((n - 1) / T) windows that do not overlap, and reads them in order in batches, for the
/// evaluation of a language model.
/// </summary>
public sealed class TokenWindows
{
    private readonly ReadOnlyMemory<int> text;

    /// <summary>Divides a text into windows.</summary>
    /// <param name="text">The text as tokens.</param>
    /// <param name="sequenceLength">The number of tokens in a window, T.</param>
    /// <exception cref="DataSourceException">The text is shorter than T + 1 tokens.</exception>
    public TokenWindows(ReadOnlyMemory<int> text, int sequenceLength)
    {
        Argument.AtLeast(sequenceLength, nameof(TokenWindows), nameof(sequenceLength));
        if (text.Length - 1L < sequenceLength)
        {
            throw new DataSourceException($"The validation part of the text has {Counted.Of(text.Length, "token")},"
                + " but windows of"
                + $" {sequenceLength} need at least {sequenceLength + 1L}. Use a longer text or a shorter sequence.");
        }

        this.text = text;
        SequenceLength = sequenceLength;
        Count = (text.Length - 1) / sequenceLength;
    }

    /// <summary>The number of tokens in a window, T.</summary>
    public int SequenceLength { get; }

    /// <summary>The total number of windows.</summary>
    public int Count { get; }

    /// <summary>The SHA-256 hash of the text's tokens.</summary>
    internal string DataHash => Models.DataHash.Of(text.Span);

    /// <summary>
    /// Returns the windows in batches of a size, with the rest in a smaller last batch; each batch is valid until the next.
    /// </summary>
    public IEnumerable<TokenBatch> Batches(int batchSize)
    {
        Argument.AtLeast(batchSize, nameof(TokenWindows), nameof(batchSize));
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
