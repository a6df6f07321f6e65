using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Draws padded batches of labelled sequences without end, each sequence once in an epoch. Every epoch has another order, which
/// depends only on the seed; within it, sequences of similar length are grouped, so that there is little padding.
/// </summary>
/// <example>
/// <code>
/// LabelledSequence[] reviews = [new([5, 6, 7, 8], 1), new([8, 9], 0), new([6], 1)];
/// using var batches = new LabelledBatches(reviews, batchSize: 3, seed: 1);
/// var batch = batches.Next();                              // the source disposes it when it makes the next one
/// Console.WriteLine(batch.Tokens.Shape);                   // (3, 4)
/// Console.WriteLine(batch.Lengths.ToArray().Max());        // 4
/// Console.WriteLine(batch.Labels!.ToArray().Sum());        // 2
/// </code>
/// </example>
public sealed class LabelledBatches : IBatchSource<PaddedBatch>, IDisposable
{
    private readonly ShuffledBatches<LabelledSequence> batches;
    private readonly int padding;
    private readonly Backend? backend;
    private readonly IReadOnlyList<LabelledSequence> sequences;
    private PaddedBatch? current;
    private bool isDisposed;

    /// <summary>Makes a source of batches.</summary>
    /// <param name="sequences">The sequences: at least one, each of at least one token.</param>
    /// <param name="batchSize">
    /// The number of sequences in a batch, B, at least 1; the last batch of an epoch may be smaller.
    /// </param>
    /// <param name="seed">The seed of the random orders.</param>
    /// <param name="padding">
    /// The token that pads shorter sequences; 0, <see cref="SpecialToken.Padding"/>, by default, which a
    /// <see cref="CharacterTokenizer"/> has only if it is made with <c>hasPadding: true</c>.
    /// </param>
    /// <param name="backend">The backend on which the tensors are made; null for the default.</param>
    /// <exception cref="DataSourceException">
    /// There is no sequence, or one is empty or has a negative label; the message has its index.
    /// </exception>
    public LabelledBatches(IReadOnlyList<LabelledSequence> sequences, int batchSize, ulong seed,
        int padding = SpecialToken.Padding, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        for (var i = 0; i < sequences.Count; i++)
        {
            if (sequences[i].Tokens is not { Length: > 0 })
                throw new DataSourceException($"Sequence {i} has no tokens; each should have at least one.");
            if (sequences[i].Label < 0)
            {
                throw new DataSourceException($"Sequence {i} has the label {sequences[i].Label}; labels are classes, from 0."
                    + " Number them from 0, and leave out sequences without a label.");
            }
        }

        Argument.AtLeast(batchSize, nameof(LabelledBatches), nameof(batchSize));
        if (sequences.Count == 0)
            throw new DataSourceException("There are no sequences to draw batches from.");
        batches = new ShuffledBatches<LabelledSequence>(sequences, batchSize, seed, s => s.Tokens.Length);
        (this.sequences, this.padding, this.backend) = (sequences, padding, backend);
    }

    /// <summary>The batch size, B, or the number of sequences if there are fewer.</summary>
    public int BatchSize => batches.BatchSize;

    /// <summary>The number of batches in an epoch.</summary>
    public int BatchesPerPass => batches.BatchesPerPass;

    /// <summary>The number of batches drawn so far; restoring an earlier value repeats the batches that followed it.</summary>
    public ulong Position
    {
        get => batches.Position;
        set => batches.Position = value;
    }

    /// <summary>The SHA-256 hash of all tokens and labels.</summary>
    public string DataHash => Models.DataHash.Of(sequences.Select(s => (int[])[.. s.Tokens, s.Label]));

    /// <summary>
    /// Draws the next batch, which is valid until the next call: that one closes it. Keep copies of what is needed longer.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The source has been disposed.</exception>
    public PaddedBatch Next()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);

        // The backward pass of the previous batch has read its tokens by now.
        current?.Close("closed by the next call of LabelledBatches.Next. Hint: use each batch before the next one; for several at"
            + " once make them with new PaddedBatch(sequences), or keep copies, such as batch.Tokens.Copy().");
        return current = new PaddedBatch(batches.Next(), padding, backend);
    }

    /// <summary>Releases the last batch.</summary>
    public void Dispose()
    {
        isDisposed = true;
        current?.Dispose();
    }
}
