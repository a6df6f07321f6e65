using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>A batch of sequences of different lengths, padded with a padding token, and their labels if they have any.</summary>
/// <remarks>
/// <see cref="WordTokenizer"/> and <see cref="MarkedCharacterTokenizer"/> reserve the padding 0. A
/// <see cref="CharacterTokenizer"/> does so if it is made with <c>hasPadding: true</c>; otherwise its token 0 is a character,
/// which a model cannot tell from padding except by <see cref="Lengths"/>.
/// </remarks>
public sealed class PaddedBatch : IDisposable
{
    /// <summary>Makes a batch of sequences.</summary>
    /// <param name="sequences">The sequences: at least one, each of at least one token.</param>
    /// <param name="padding">
    /// The token that pads shorter sequences; 0, <see cref="SpecialToken.Padding"/>, by default, which a
    /// <see cref="CharacterTokenizer"/> has only if it is made with <c>hasPadding: true</c>.
    /// </param>
    /// <param name="backend">The backend on which the tensors are made; null for the default.</param>
    /// <exception cref="ArgumentException">There is no sequence, or one is empty.</exception>
    public PaddedBatch(IReadOnlyList<int[]> sequences, int padding = SpecialToken.Padding, Backend? backend = null)
        : this(sequences, null, padding, backend)
    {
    }

    /// <summary>Makes a batch of labelled sequences.</summary>
    /// <param name="sequences">The sequences: at least one, each of at least one token.</param>
    /// <param name="padding">
    /// The token that pads shorter sequences; 0, <see cref="SpecialToken.Padding"/>, by default, which a
    /// <see cref="CharacterTokenizer"/> has only if it is made with <c>hasPadding: true</c>.
    /// </param>
    /// <param name="backend">The backend on which the tensors are made; null for the default.</param>
    /// <exception cref="ArgumentException">There is no sequence, or one is empty or has a negative label.</exception>
    public PaddedBatch(IReadOnlyList<LabelledSequence> sequences, int padding = SpecialToken.Padding, Backend? backend = null)
        : this([.. Argument.NotNull(sequences).Select(s => s.Tokens)], [.. sequences.Select(s => s.Label)], padding, backend)
    {
    }

    private PaddedBatch(IReadOnlyList<int[]> sequences, int[]? labels, int padding, Backend? backend)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        if (sequences.Count == 0)
            throw new ArgumentException("PaddedBatch: at least one sequence is needed.", nameof(sequences));
        for (var b = 0; b < sequences.Count; b++)
        {
            if (sequences[b] is not { Length: > 0 })
            {
                throw new ArgumentException($"PaddedBatch: sequences should have at least one token; sequence {b} has none.",
                    nameof(sequences));
            }
        }

        if (labels is not null && Array.FindIndex(labels, l => l < 0) is >= 0 and var bad)
        {
            throw new ArgumentException($"PaddedBatch: sequence {bad} has the label {labels[bad]}; labels are classes, from 0."
                + " Number them from 0, and leave out sequences without a label.", nameof(sequences));
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

    /// <summary>The number of sequences, B.</summary>
    public int BatchSize => Tokens.Shape[0];

    /// <summary>The tokens and then padding, shape (B, T), where T is the length of the longest sequence.</summary>
    public IndexTensor Tokens { get; }

    /// <summary>The number of tokens of each sequence, shape (B,).</summary>
    public IndexTensor Lengths { get; }

    /// <summary>The label of each sequence, shape (B,); null if they have none.</summary>
    public IndexTensor? Labels { get; }

    /// <summary>Releases the tensors.</summary>
    public void Dispose()
    {
        Tokens.Dispose();
        Lengths.Dispose();
        Labels?.Dispose();
    }
}
