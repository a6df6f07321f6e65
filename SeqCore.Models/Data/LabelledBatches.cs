using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Draws padded batches of labelled sequences for ever, each sequence once in a pass. Every pass has an order of its own, which
/// depends on the seed alone; within it sequences of like length come together, so that there is little padding.
/// </summary>
public sealed class LabelledBatches : IBatchSource<PaddedBatch>, IDisposable
{
    private readonly ShuffledBatches<LabelledSequence> batches;
    private readonly int padding;
    private readonly Backend? backend;
    private readonly IReadOnlyList<LabelledSequence> sequences;
    private PaddedBatch? current;

    /// <summary>Makes a source.</summary>
    /// <param name="sequences">At least one, each of at least one token.</param>
    /// <param name="batchSize">B, at least 1; the last batch of a pass may be smaller.</param>
    /// <param name="seed">Decides the orders.</param>
    /// <param name="padding">The token that fills up shorter sequences.</param>
    /// <param name="backend">Where the tensors are made; null for the default.</param>
    /// <exception cref="DataSourceException">There is no sequence, or one is empty; the message has its number.</exception>
    public LabelledBatches(IReadOnlyList<LabelledSequence> sequences, int batchSize, ulong seed,
        int padding = SpecialToken.Padding, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        for (var i = 0; i < sequences.Count; i++)
        {
            if (sequences[i].Tokens is not { Length: > 0 })
                throw new DataSourceException($"Sequence {i} has no tokens; each should have at least one.");
        }

        batches = new ShuffledBatches<LabelledSequence>(sequences, batchSize, seed, s => s.Tokens.Length);
        (this.sequences, this.padding, this.backend) = (sequences, padding, backend);
    }

    /// <summary>B, or the number of sequences if there are fewer.</summary>
    public int BatchSize => batches.BatchSize;

    /// <summary>Batches until every sequence was drawn.</summary>
    public int BatchesPerPass => batches.BatchesPerPass;

    /// <summary>Batches drawn so far; setting a value that was read before makes the same batches follow.</summary>
    public ulong Position
    {
        get => batches.Position;
        set => batches.Position = value;
    }

    /// <summary>SHA-256 of all tokens and labels.</summary>
    public string DataHash => Models.DataHash.Of(sequences.Select(s => (int[])[.. s.Tokens, s.Label]));

    /// <summary>Draws the next batch, which is valid until the next call.</summary>
    public PaddedBatch Next()
    {
        // The backward pass of the batch before has read its tokens by now.
        current?.Dispose();
        return current = new PaddedBatch(batches.Next(), padding, backend);
    }

    /// <summary>Gives the last batch back.</summary>
    public void Dispose() => current?.Dispose();
}
