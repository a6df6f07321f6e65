using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Sequences with hidden tokens, each between [CLS] and [SEP] and filled up with [PAD], and which of their
/// tokens are to be guessed.
/// </summary>
/// <param name="batchSize">B, sequences.</param>
/// <param name="sequenceLength">T, the most tokens in each, [CLS] and [SEP] included.</param>
public sealed class MaskedBatch(int batchSize, int sequenceLength)
{
    private readonly int[] inputs = Room(batchSize, sequenceLength);
    private readonly int[] targets = Room(batchSize, sequenceLength);
    private readonly int[] places = Room(batchSize, sequenceLength);
    private readonly int[] answers = Room(batchSize, sequenceLength);
    private readonly int[] lengths = new int[batchSize];
    private int count;

    /// <summary>B, sequences.</summary>
    public int BatchSize => batchSize;

    /// <summary>T, the most tokens in each sequence.</summary>
    public int SequenceLength => sequenceLength;

    /// <summary>Shape (B, T), row-major: what the model reads.</summary>
    public ReadOnlySpan<int> Inputs => inputs;

    /// <summary>Shape (B,): tokens of each sequence; the rest is [PAD].</summary>
    public ReadOnlySpan<int> Lengths => lengths;

    /// <summary>Shape (B, T), row-major: tokens to guess, and <see cref="TokenMasking.Ignored"/> elsewhere.</summary>
    public ReadOnlySpan<int> Targets => targets;

    /// <summary>Shape (M,): where in (B, T) the M tokens to guess stand, in ascending order.</summary>
    public ReadOnlySpan<int> Places => places.AsSpan(0, count);

    /// <summary>Shape (M,): the tokens to guess; answers[i] = targets[places[i]].</summary>
    public ReadOnlySpan<int> Answers => answers.AsSpan(0, count);

    /// <summary>Takes sequences over and hides tokens in them. Does not allocate.</summary>
    /// <param name="sequences">B, each of at most T - 2 tokens.</param>
    /// <param name="masking">Chooses the tokens.</param>
    public void Fill(ReadOnlySpan<int[]> sequences, TokenMasking masking)
    {
        ArgumentNullException.ThrowIfNull(masking);
        if (sequences.Length != batchSize)
        {
            throw new ArgumentException($"MaskedBatch: there should be B = {batchSize} sequences; got {sequences.Length}.",
                nameof(sequences));
        }

        var special = masking.Tokenizer.Special;
        var start = SpecialTokens.Require(special.Start, nameof(MaskedBatch), "start");
        var end = SpecialTokens.Require(special.End, nameof(MaskedBatch), "end");
        var padding = SpecialTokens.Require(special.Padding, nameof(MaskedBatch), "padding");
        for (var b = 0; b < batchSize; b++)
        {
            var tokens = sequences[b];
            if (tokens.Length > sequenceLength - 2)
            {
                throw new ArgumentException($"MaskedBatch: sequences should have at most T - 2 = {sequenceLength - 2} tokens;"
                    + $" number {b} has {tokens.Length}.", nameof(sequences));
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
            if (targets[i] == TokenMasking.Ignored)
                continue;
            (places[count], answers[count]) = (i, targets[i]);
            count++;
        }
    }

    private static int[] Room(int batchSize, int sequenceLength) => HostArray.NewRows<int>(
        $"A batch of sequences of B = {batchSize}, T = {sequenceLength}", batchSize, sequenceLength,
        "Use fewer or shorter ones.");
}
