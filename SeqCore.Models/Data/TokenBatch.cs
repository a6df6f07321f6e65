using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>A batch of windows of a text: the tokens that a model reads, and the next token after each.</summary>
/// <param name="batchSize">The number of windows, B.</param>
/// <param name="sequenceLength">The number of tokens in a window, T.</param>
public sealed class TokenBatch(int batchSize, int sequenceLength)
{
    private readonly int[] inputs = NewRows(batchSize, sequenceLength);
    private readonly int[] targets = NewRows(batchSize, sequenceLength);

    /// <summary>The number of windows, B.</summary>
    public int BatchSize => batchSize;

    /// <summary>The number of tokens in a window, T.</summary>
    public int SequenceLength => sequenceLength;

    /// <summary>The tokens that a model reads, shape (B, T), row-major.</summary>
    public ReadOnlySpan<int> Inputs => inputs;

    /// <summary>The next tokens, shape (B, T), row-major: targets[b, t] follows inputs[b, t] in the text.</summary>
    public ReadOnlySpan<int> Targets => targets;

    /// <summary>
    /// Whether each window begins where the same window of the previous batch ended, so that the model's state is carried on.
    /// </summary>
    public bool ContinuesPrevious { get; set; }

    /// <summary>Sets a row to the window of T + 1 tokens that begins at a position of a text.</summary>
    /// <param name="row">The index of the row, in [0, B).</param>
    /// <param name="text">The text as tokens.</param>
    /// <param name="start">The position of the window's first token; T more tokens follow it.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row, or the window extends beyond the text.</exception>
    public void SetRow(int row, ReadOnlySpan<int> text, int start)
    {
        if (row < 0 || row >= batchSize)
        {
            throw new ArgumentOutOfRangeException(nameof(row), row,
                $"TokenBatch.SetRow: {nameof(row)} should be in [0, B) = [0, {batchSize}).");
        }

        if (start < 0 || start > text.Length - sequenceLength - 1)
        {
            throw new ArgumentOutOfRangeException(nameof(start), start,
                $"TokenBatch.SetRow: a window of {Counted.Of(sequenceLength, "token")} and the one after it should begin in [0,"
                    + $" {text.Length - sequenceLength - 1}].");
        }

        text.Slice(start, sequenceLength).CopyTo(inputs.AsSpan(row * sequenceLength));
        text.Slice(start + 1, sequenceLength).CopyTo(targets.AsSpan(row * sequenceLength));
    }

    private static int[] NewRows(int batchSize, int sequenceLength) => HostArray.NewRows<int>(
        $"A batch of windows of B = {batchSize}, T = {sequenceLength}", batchSize, sequenceLength, "Use fewer or shorter ones.");
}
