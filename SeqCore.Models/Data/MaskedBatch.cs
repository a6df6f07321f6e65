namespace SeqCore.Models;

/// <summary>
/// Sequences with hidden tokens: windows of a text, each between [CLS] and [SEP], and which of their tokens are to be guessed.
/// </summary>
/// <param name="batchSize">B, sequences.</param>
/// <param name="sequenceLength">T, tokens in each, [CLS] and [SEP] included.</param>
public sealed class MaskedBatch(int batchSize, int sequenceLength)
{
    private readonly int[] inputs = new int[checked(batchSize * sequenceLength)];
    private readonly int[] targets = new int[checked(batchSize * sequenceLength)];
    private readonly int[] places = new int[checked(batchSize * sequenceLength)];
    private readonly int[] answers = new int[checked(batchSize * sequenceLength)];
    private int count;

    /// <summary>B, sequences.</summary>
    public int BatchSize => batchSize;

    /// <summary>T, tokens in each sequence.</summary>
    public int SequenceLength => sequenceLength;

    /// <summary>Shape (B, T), row-major: what the model reads.</summary>
    public ReadOnlySpan<int> Inputs => inputs;

    /// <summary>Shape (B, T), row-major: tokens to guess, and <see cref="TokenMasking.Ignored"/> elsewhere.</summary>
    public ReadOnlySpan<int> Targets => targets;

    /// <summary>Shape (M,): where in (B, T) the M tokens to guess stand, in ascending order.</summary>
    public ReadOnlySpan<int> Places => places.AsSpan(0, count);

    /// <summary>Shape (M,): the tokens to guess; answers[i] = targets[places[i]].</summary>
    public ReadOnlySpan<int> Answers => answers.AsSpan(0, count);

    /// <summary>Takes windows over and hides tokens in them. Does not allocate.</summary>
    /// <param name="windows">B windows of T - 2 tokens.</param>
    /// <param name="masking">Chooses the tokens.</param>
    public void Fill(TokenBatch windows, TokenMasking masking)
    {
        ArgumentNullException.ThrowIfNull(windows);
        ArgumentNullException.ThrowIfNull(masking);
        if (windows.BatchSize != batchSize || windows.SequenceLength != sequenceLength - 2)
        {
            throw new ArgumentException($"MaskedBatch: there should be (B, T - 2) = ({batchSize}, {sequenceLength - 2}) tokens;"
                + $" got ({windows.BatchSize}, {windows.SequenceLength}).", nameof(windows));
        }

        for (var b = 0; b < batchSize; b++)
        {
            var row = inputs.AsSpan(b * sequenceLength, sequenceLength);
            row[0] = SpecialToken.Classification;
            windows.Inputs.Slice(b * windows.SequenceLength, windows.SequenceLength).CopyTo(row[1..]);
            row[^1] = SpecialToken.Separator;
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
}
