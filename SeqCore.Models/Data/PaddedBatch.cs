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
    private readonly IndexTensor tokens, lengths;
    private readonly IndexTensor? labels;
    private string? closing;

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

    private PaddedBatch(IReadOnlyList<int[]> sequences, int[]? classes, int padding, Backend? backend)
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

        if (classes is not null && Array.FindIndex(classes, l => l < 0) is >= 0 and var bad)
        {
            throw new ArgumentException($"PaddedBatch: sequence {bad} has the label {classes[bad]}; labels are classes, from 0."
                + " Number them from 0, and leave out sequences without a label.", nameof(sequences));
        }

        var longest = sequences.Max(s => s.Length);
        var padded = HostArray.NewRows<int>($"A padded batch of B = {sequences.Count}, T = {longest}", sequences.Count, longest);
        Array.Fill(padded, padding);
        for (var b = 0; b < sequences.Count; b++)
            sequences[b].CopyTo(padded, b * longest);
        tokens = IndexTensor.FromSpan(padded, new Shape(sequences.Count, longest), backend);
        lengths = IndexTensor.FromSpan([.. sequences.Select(s => s.Length)], new Shape(sequences.Count), backend);
        labels = classes is null ? null : IndexTensor.FromSpan(classes, new Shape(classes.Length), backend);
    }

    /// <summary>The number of sequences, B.</summary>
    public int BatchSize => tokens.Shape[0];

    /// <summary>The tokens and then padding, shape (B, T), where T is the length of the longest sequence.</summary>
    public IndexTensor Tokens => Open(tokens);

    /// <summary>The number of tokens of each sequence, shape (B,).</summary>
    public IndexTensor Lengths => Open(lengths);

    /// <summary>The label of each sequence, shape (B,); null if they have none.</summary>
    public IndexTensor? Labels => labels is null ? null : Open(labels);

    /// <summary>Releases the tensors.</summary>
    public void Dispose() => Close("closed by Dispose.");

    /// <summary>Releases the tensors.</summary>
    /// <param name="reason">What closed the batch and what to do about it, for the error of a later use.</param>
    internal void Close(string reason)
    {
        closing ??= reason;
        tokens.Dispose();
        lengths.Dispose();
        labels?.Dispose();
    }

    private IndexTensor Open(IndexTensor part) => closing is null
        ? part
        : throw new ObjectDisposedException(nameof(PaddedBatch), $"PaddedBatch: this batch of {BatchSize} was {closing}");
}
