using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Sequences of different lengths side by side, filled up with a padding token, and their labels if they have any.
/// </summary>
public sealed class PaddedBatch : IDisposable
{
    /// <summary>Puts sequences side by side.</summary>
    /// <param name="sequences">At least one, each of at least one token.</param>
    /// <param name="padding">The token that fills up shorter sequences.</param>
    /// <param name="backend">Where the tensors are made; null for the default.</param>
    /// <exception cref="ArgumentException">There is no sequence, or one is empty.</exception>
    public PaddedBatch(IReadOnlyList<int[]> sequences, int padding = SpecialToken.Padding, Backend? backend = null)
        : this(sequences, null, padding, backend)
    {
    }

    /// <summary>Puts labelled sequences side by side.</summary>
    /// <param name="sequences">At least one, each of at least one token.</param>
    /// <param name="padding">The token that fills up shorter sequences.</param>
    /// <param name="backend">Where the tensors are made; null for the default.</param>
    /// <exception cref="ArgumentException">There is no sequence, or one is empty.</exception>
    public PaddedBatch(IReadOnlyList<LabelledSequence> sequences, int padding = SpecialToken.Padding, Backend? backend = null)
        : this([.. Argument.NotNull(sequences).Select(s => s.Tokens)], [.. sequences.Select(s => s.Label)], padding, backend)
    {
    }

    private PaddedBatch(IReadOnlyList<int[]> sequences, int[]? labels, int padding, Backend? backend)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        if (sequences.Count == 0)
            throw new ArgumentException("PaddedBatch: there should be at least one sequence.", nameof(sequences));
        for (var b = 0; b < sequences.Count; b++)
        {
            if (sequences[b] is not { Length: > 0 })
            {
                throw new ArgumentException($"PaddedBatch: sequences should have at least one token; number {b} has none.",
                    nameof(sequences));
            }
        }

        var longest = sequences.Max(s => s.Length);
        var tokens = HostArray.NewRows<int>($"A padded batch of B = {sequences.Count}, T = {longest}", sequences.Count, longest);
        Array.Fill(tokens, padding);
        for (var b = 0; b < sequences.Count; b++)
            sequences[b].CopyTo(tokens, b * longest);
        Tokens = IndexTensor.FromSpan(tokens, new Shape(sequences.Count, longest), backend);
        Lengths = IndexTensor.FromSpan([.. sequences.Select(s => s.Length)], new Shape(sequences.Count), backend);
        Labels = labels is null ? null : IndexTensor.FromSpan(labels, new Shape(labels.Length), backend);
    }

    /// <summary>B, the number of sequences.</summary>
    public int BatchSize => Tokens.Shape[0];

    /// <summary>Shape (B, T), T being the length of the longest sequence: the tokens, then padding.</summary>
    public IndexTensor Tokens { get; }

    /// <summary>Shape (B,): the tokens of each sequence.</summary>
    public IndexTensor Lengths { get; }

    /// <summary>Shape (B,): the label of each sequence; null where they have none.</summary>
    public IndexTensor? Labels { get; }

    /// <summary>Gives the tensors back.</summary>
    public void Dispose()
    {
        Tokens.Dispose();
        Lengths.Dispose();
        Labels?.Dispose();
    }
}
