using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A batch of pairs of sequences, padded with <see cref="SpecialToken.Padding"/>. A decoder reads
/// <see cref="SpecialToken.Start"/> and the target, and should write the target and <see cref="SpecialToken.End"/>.
/// </summary>
public sealed class SequencePairBatch
{
    private int[] source = [];
    private int[] sourceLengths = [];
    private int[] targetInputs = [];
    private int[] targets = [];

    /// <summary>The number of pairs, B.</summary>
    public int BatchSize { get; private set; }

    /// <summary>The number of tokens of the longest source, S.</summary>
    public int SourceLength { get; private set; }

    /// <summary>The number of tokens of the longest target, plus one, T.</summary>
    public int TargetLength { get; private set; }

    /// <summary>The number of tokens to be written, including end tokens but not padding.</summary>
    public int TargetTokens { get; private set; }

    /// <summary>The source tokens, shape (B, S), row-major.</summary>
    public ReadOnlySpan<int> Source => source.AsSpan(0, BatchSize * SourceLength);

    /// <summary>The number of tokens of each source, shape (B,).</summary>
    public ReadOnlySpan<int> SourceLengths => sourceLengths.AsSpan(0, BatchSize);

    /// <summary>The tokens that the decoder reads, shape (B, T), row-major.</summary>
    public ReadOnlySpan<int> TargetInputs => targetInputs.AsSpan(0, BatchSize * TargetLength);

    /// <summary>The tokens that the decoder should write after each of its inputs, shape (B, T), row-major.</summary>
    public ReadOnlySpan<int> Targets => targets.AsSpan(0, BatchSize * TargetLength);

    /// <summary>Returns a batch of the same pairs that stays valid when a source fills this one again.</summary>
    public SequencePairBatch Copy() => new()
    {
        BatchSize = BatchSize,
        SourceLength = SourceLength,
        TargetLength = TargetLength,
        TargetTokens = TargetTokens,
        source = Source.ToArray(),
        sourceLengths = SourceLengths.ToArray(),
        targetInputs = TargetInputs.ToArray(),
        targets = Targets.ToArray(),
    };

    /// <summary>Copies pairs into the batch; memory grows only with the largest batch so far.</summary>
    internal void Fill(SequencePairs pairs, ReadOnlySpan<int> indices)
    {
        (BatchSize, SourceLength, TargetLength, TargetTokens) = (indices.Length, 0, 0, 0);
        foreach (var index in indices)
        {
            SourceLength = Math.Max(SourceLength, pairs.Source(index).Length);
            TargetLength = Math.Max(TargetLength, pairs.Target(index).Length + 1);
            TargetTokens += pairs.Target(index).Length + 1;
        }

        Clear(ref source, BatchSize, SourceLength);
        Clear(ref sourceLengths, BatchSize, 1);
        Clear(ref targetInputs, BatchSize, TargetLength);
        Clear(ref targets, BatchSize, TargetLength);
        for (var b = 0; b < indices.Length; b++)
        {
            var from = pairs.Source(indices[b]);
            var to = pairs.Target(indices[b]);
            var first = b * TargetLength;
            from.CopyTo(source.AsSpan(b * SourceLength));
            sourceLengths[b] = from.Length;
            targetInputs[first] = SpecialToken.Start;
            to.CopyTo(targetInputs.AsSpan(first + 1));
            to.CopyTo(targets.AsSpan(first));
            targets[first + to.Length] = SpecialToken.End;
        }
    }

    private static void Clear(ref int[] values, int rows, int length)
    {
        if (values.Length < (long)rows * length)
        {
            values = HostArray.NewRows<int>($"A batch of {rows} pairs of up to {length} tokens", rows, length,
                "Use fewer or shorter ones.");
        }

        values.AsSpan(0, rows * length).Fill(SpecialToken.Padding);
    }
}
