using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// The zeros around a sequence that is convolved: an equal number on both sides, which a number stands for, or as many as keep
/// the length, or all of them before it.
/// </summary>
public readonly record struct Conv1dPadding
{
    private readonly Kind kind;

    private Conv1dPadding(Kind kind, int left, int right) => (this.kind, Left, Right) = (kind, left, right);

    private enum Kind
    {
        Fixed,
        Same,
        Causal,
    }

    /// <summary>
    /// Keeps the length of a sequence, with stride 1: dilation (K - 1) zeros, half of them before it; an odd one comes after it,
    /// as in PyTorch.
    /// </summary>
    public static Conv1dPadding Same { get; } = new(Kind.Same, 0, 0);

    /// <summary>
    /// Puts dilation (K - 1) zeros before the sequence and none after it, so that an output depends on no later step. Keeps the
    /// length with stride 1.
    /// </summary>
    public static Conv1dPadding Causal { get; } = new(Kind.Causal, 0, 0);

    /// <summary>Whether no output depends on a later step.</summary>
    public bool IsCausal => kind == Kind.Causal;

    /// <summary>Whether the padding keeps the length of a sequence, which needs stride 1.</summary>
    public bool IsSame => kind == Kind.Same;

    /// <summary>The number of zeros before the sequence, where it does not depend on the kernel.</summary>
    internal int Left { get; }

    internal int Right { get; }

    /// <summary>Returns the padding with given numbers of zeros before and after the sequence.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static Conv1dPadding Of(int left, int right)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        return new(Kind.Fixed, left, right);
    }

    /// <summary>Returns the padding with the same number of zeros before and after the sequence.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Conv1dPadding FromInt32(int both) => Of(both, both);

    /// <summary>Returns the padding with the same number of zeros before and after the sequence.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static implicit operator Conv1dPadding(int both) => Of(both, both);

    /// <inheritdoc/>
    public override string ToString() => kind switch
    {
        Kind.Same => "same",
        Kind.Causal => "causal",
        _ => Left == Right ? $"{Left}" : $"({Left}, {Right})",
    };
}

/// <summary>Specifies how a kernel moves over sequences, and which channels it sees.</summary>
public sealed record Conv1dOptions
{
    /// <summary>The default options: stride 1, dilation 1, one group, no padding.</summary>
    public static Conv1dOptions Default { get; } = new();

    /// <summary>The number of steps between neighbouring windows, at least 1; 1 by default.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>The number of steps between neighbouring taps of the kernel, at least 1; 1 by default.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>
    /// The number of groups that the channels of inputs and outputs are divided into; an output sees its group only. With as many
    /// groups as channels the convolution is depth-wise. 1 by default.
    /// </summary>
    public int Groups { get; init; } = 1;

    /// <summary>The zeros around the sequence; none by default.</summary>
    public Conv1dPadding Padding { get; init; }

    /// <summary>Returns the number of steps that an output depends on, dilation (K - 1) + 1.</summary>
    /// <param name="kernelSize">The number of taps of the kernel, K.</param>
    public int ReceptiveField(int kernelSize) =>
        SizeLimitException.Check("Conv1d: the receptive field", (decimal)Dilation * (kernelSize - 1) + 1);

    /// <summary>Returns the number of steps of the result of a sequence, 0 if it is shorter than the kernel.</summary>
    /// <param name="length">The number of steps of the sequence.</param>
    /// <param name="kernelSize">The number of taps of the kernel, K.</param>
    public int OutputLength(int length, int kernelSize) => Of(1, length, 1, 1, kernelSize).OutputLength(length);

    /// <summary>Returns the number of steps of the result of each sequence.</summary>
    /// <param name="lengths">The number of steps of each sequence, shape (B,).</param>
    /// <param name="kernelSize">The number of taps of the kernel, K.</param>
    public IndexTensor OutputLengths(IndexTensor lengths, int kernelSize)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        var shape = Of(1, 0, 1, 1, kernelSize);

        // The quotient is 0 below the receptive field: its numerator is then below the stride.
        var added = shape.PaddingLeft + shape.PaddingRight - ReceptiveField(kernelSize) + Stride;
        return (lengths + added).Maximum(IndexTensor.FromArray([0], lengths.Backend)) / Stride;
    }

    /// <summary>Returns the sizes that the kernel takes.</summary>
    internal Conv1dShape Of(int batch, int steps, int inputs, int outputs, int kernelSize)
    {
        var around = Padding.IsSame || Padding.IsCausal ? ReceptiveField(kernelSize) - 1 : 0;
        var left = Padding.IsCausal ? around : Padding.IsSame ? around / 2 : Padding.Left;
        return new(batch, steps, inputs, outputs, kernelSize)
        {
            Stride = Stride,
            Dilation = Dilation,
            Groups = Groups,
            PaddingLeft = left,
            PaddingRight = Padding.IsCausal || Padding.IsSame ? around - left : Padding.Right,
        };
    }

    /// <summary>Throws if an option is out of range or does not fit the others.</summary>
    internal void Check(string operation)
    {
        if (Stride < 1 || Dilation < 1 || Groups < 1)
        {
            throw new ArgumentException($"{operation}: stride, dilation and groups should be at least 1; got stride {Stride},"
                + $" dilation {Dilation}, {Groups} groups.");
        }

        if (Padding.IsSame && Stride != 1)
        {
            throw new ArgumentException($"{operation}: padding \"same\" keeps the length, which needs stride 1; got stride"
                + $" {Stride}. Hint: use a number, or Conv1dPadding.Causal.");
        }
    }
}
