using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A batch of sequences with hidden tokens, each between [CLS] and [SEP] and padded with [PAD], and the positions of the tokens
/// to predict.
/// </summary>
/// <param name="batchSize">The number of sequences, B.</param>
/// <param name="sequenceLength">The largest number of tokens in a sequence, T, including [CLS] and [SEP].</param>
public sealed class MaskedBatch(int batchSize, int sequenceLength)
{
    private readonly int[] inputs = NewRows(batchSize, sequenceLength);
    private readonly int[] targets = NewRows(batchSize, sequenceLength);
    private readonly int[] positions = NewRows(batchSize, sequenceLength);
    private readonly int[] maskedTargets = NewRows(batchSize, sequenceLength);
    private readonly int[] lengths = new int[batchSize];
    private int count;

    /// <summary>The number of sequences, B.</summary>
    public int BatchSize => batchSize;

    /// <summary>The largest number of tokens in a sequence, T.</summary>
    public int SequenceLength => sequenceLength;

    /// <summary>The tokens that the model reads, shape (B, T), row-major.</summary>
    public ReadOnlySpan<int> Inputs => inputs;

    /// <summary>The number of tokens of each sequence, shape (B,); the rest is [PAD].</summary>
    public ReadOnlySpan<int> Lengths => lengths;

    /// <summary>The tokens to predict, and <see cref="TokenMasking.IgnoreIndex"/> elsewhere, shape (B, T), row-major.</summary>
    public ReadOnlySpan<int> Targets => targets;

    /// <summary>The positions in (B, T) of the M tokens to predict, shape (M,), in ascending order.</summary>
    public ReadOnlySpan<int> MaskedPositions => positions.AsSpan(0, count);

    /// <summary>The tokens to predict, shape (M,): maskedTargets[i] = targets[positions[i]].</summary>
    public ReadOnlySpan<int> MaskedTargets => maskedTargets.AsSpan(0, count);

    /// <summary>Copies sequences and hides tokens in them, without allocating memory.</summary>
    /// <param name="sequences">The B sequences, each of at most T - 2 tokens.</param>
    /// <param name="masking">The masking that selects the tokens.</param>
    public void Fill(ReadOnlySpan<int[]> sequences, TokenMasking masking)
    {
        ArgumentNullException.ThrowIfNull(masking);
        if (sequences.Length != batchSize)
        {
            throw new ArgumentException($"MaskedBatch: there should be B = {Counted.Of(batchSize, "sequence")}; got"
                + $" {sequences.Length}.", nameof(sequences));
        }

        var special = masking.Tokenizer.Special;
        var start = SpecialTokens.Require(special.Start, nameof(MaskedBatch), "start");
        var end = SpecialTokens.Require(special.End, nameof(MaskedBatch), "end");
        var padding = SpecialTokens.Require(special.Padding, nameof(MaskedBatch), "padding");
        for (var b = 0; b < batchSize; b++)
        {
            var tokens = sequences[b]
                ?? throw new ArgumentException($"MaskedBatch: item {b} of sequences is null.", nameof(sequences));
            if (tokens.Length > sequenceLength - 2)
            {
                throw new ArgumentException($"MaskedBatch: sequences should have at most T - 2 = {sequenceLength - 2} tokens;"
                    + $" sequence {b} has {tokens.Length}.", nameof(sequences));
            }

            var row = inputs.AsSpan(b * sequenceLength, sequenceLength);
            row[0] = start;
            tokens.CopyTo(row[1..]);
            row[tokens.Length + 1] = end;
            row[(tokens.Length + 2)..].Fill(padding);
            lengths[b] = tokens.Length + 2;
            masking.Apply(row, targets.AsSpan(b * sequenceLength, sequenceLength));
        }

        count = 0;
        for (var i = 0; i < targets.Length; i++)
        {
            if (targets[i] == TokenMasking.IgnoreIndex)
                continue;
            (positions[count], maskedTargets[count]) = (i, targets[i]);
            count++;
        }
    }

    private static int[] NewRows(int batchSize, int sequenceLength) => HostArray.NewRows<int>(
        $"A batch of sequences of B = {batchSize}, T = {sequenceLength}", batchSize, sequenceLength,
        "Use fewer or shorter ones.");
}
