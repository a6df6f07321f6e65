namespace SeqCore.Kernels;

/// <summary>Sizes of one recurrent layer over a batch of sequences.</summary>
/// <param name="Batch">B, sequences.</param>
/// <param name="Steps">T, time steps.</param>
/// <param name="InputSize">I, features of each input.</param>
/// <param name="HiddenSize">H, units.</param>
public readonly record struct RecurrentShape(int Batch, int Steps, int InputSize, int HiddenSize)
{
    /// <summary>
    /// K, blocks of the recurrent weights: a unit sees the hidden states of its block of H / K units alone, so that W_hh is
    /// block-diagonal. It divides H; 1 for all units.
    /// </summary>
    public int DiagonalBlocks { get; init; } = 1;
}

/// <summary>A batch of sequences of vectors, batch-first or time-first by its strides; each vector is contiguous.</summary>
/// <param name="Data">Vector (b = 0, t = 0) first; absent stands for an argument left out.</param>
/// <param name="BatchStride">Elements between neighbouring sequences.</param>
/// <param name="StepStride">Elements between neighbouring steps.</param>
public readonly record struct SequenceSpan(DeviceSpan<float> Data, int BatchStride, int StepStride)
{
    /// <summary>Shape (B, T, width), the last axis innermost.</summary>
    /// <exception cref="SizeLimitException">T width is more than 2^31 - 1.</exception>
    public static SequenceSpan BatchFirst(DeviceSpan<float> data, int steps, int width) =>
        new(data, SizeLimitException.Product("BatchFirst: a sequence of T steps", steps, width), width);

    /// <summary>Shape (T, B, width), the last axis innermost.</summary>
    /// <exception cref="SizeLimitException">B width is more than 2^31 - 1.</exception>
    public static SequenceSpan TimeFirst(DeviceSpan<float> data, int batch, int width) =>
        new(data, width, SizeLimitException.Product("TimeFirst: a step of B sequences", batch, width));
}

/// <summary>
/// Parameters of a recurrent layer (or their gradients) under PyTorch's names; G is 4 (LSTM), 3 (GRU) or 1 (RNN).
/// </summary>
/// <param name="WeightIh">Shape (G H, I).</param>
/// <param name="WeightHh">Shape (G H, H), or (G H, H / K) in <see cref="RecurrentShape.DiagonalBlocks"/>.</param>
/// <param name="BiasIh">Shape (G H), or absent for 0.</param>
/// <param name="BiasHh">Shape (G H), or absent for 0.</param>
public readonly record struct RecurrentWeights(DeviceSpan<float> WeightIh, DeviceSpan<float> WeightHh, DeviceSpan<float> BiasIh,
    DeviceSpan<float> BiasHh);

/// <summary>One layer, one direction, over a batch of whole sequences: everything but the cell's own equations.</summary>
public readonly record struct RecurrentArguments
{
    /// <summary>Sizes.</summary>
    public required RecurrentShape Shape { get; init; }

    /// <summary>Inputs, vectors of I.</summary>
    public required SequenceSpan X { get; init; }

    /// <summary>Parameters.</summary>
    public required RecurrentWeights Weights { get; init; }

    /// <summary>First hidden state, shape (B, H), or absent for 0.</summary>
    public DeviceSpan<float> H0 { get; init; }

    /// <summary>LSTM only: first cell state, shape (B, H), or absent for 0.</summary>
    public DeviceSpan<float> C0 { get; init; }

    /// <summary>
    /// Steps of each sequence, shape (B), each in [0, T]; later steps leave the state as it was and give 0; or absent.
    /// </summary>
    public DeviceSpan<int> Lengths { get; init; }

    /// <summary>
    /// Zoneout of the hidden state, time-first (T, B, H): the share of the previous state that is kept, in [0, 1]; or absent.
    /// </summary>
    public DeviceSpan<float> KeepHidden { get; init; }

    /// <summary>LSTM only: zoneout of the cell state, time-first (T, B, H); or absent.</summary>
    public DeviceSpan<float> KeepCell { get; init; }

    /// <summary>Whether time runs backwards, from each sequence's last step to its first.</summary>
    public bool Reverse { get; init; }

    /// <summary>
    /// What the backward pass reads and overwrites: <see cref="Backend.RecurrentWorkspace{TCell}"/> floats. Without a backward
    /// pass it may be absent, and the layer runs in a fraction of that memory.
    /// </summary>
    public DeviceSpan<float> Workspace { get; init; }
}

/// <summary>Where a layer's results go.</summary>
/// <param name="Y">Hidden states of all steps, vectors of H.</param>
/// <param name="HN">Last hidden state, shape (B, H), or absent.</param>
/// <param name="CN">LSTM only: last cell state, shape (B, H), or absent.</param>
public readonly record struct RecurrentOutputs(SequenceSpan Y, DeviceSpan<float> HN, DeviceSpan<float> CN);

/// <summary>Gradients of a layer: those that come in, and where those that go out are written (absent: not computed).</summary>
public readonly record struct RecurrentGradients
{
    /// <summary>In: gradient of Y, vectors of H, or absent for 0.</summary>
    public SequenceSpan DY { get; init; }

    /// <summary>In: gradient of the last hidden state, shape (B, H), or absent for 0.</summary>
    public DeviceSpan<float> DHN { get; init; }

    /// <summary>In, LSTM only: gradient of the last cell state, shape (B, H), or absent for 0.</summary>
    public DeviceSpan<float> DCN { get; init; }

    /// <summary>Out: gradient of X.</summary>
    public SequenceSpan DX { get; init; }

    /// <summary>Out: gradient of the first hidden state, shape (B, H).</summary>
    public DeviceSpan<float> DH0 { get; init; }

    /// <summary>Out, LSTM only: gradient of the first cell state, shape (B, H).</summary>
    public DeviceSpan<float> DC0 { get; init; }

    /// <summary>Out: gradients of the parameters, written, not added.</summary>
    public RecurrentWeights Weights { get; init; }
}
