namespace SeqCore.Kernels;

/// <summary>The sizes of one recurrent layer over a batch of sequences.</summary>
/// <param name="Batch">The number of sequences, B.</param>
/// <param name="Steps">The number of time steps, T.</param>
/// <param name="InputSize">The number of features of each input, I.</param>
/// <param name="HiddenSize">The number of hidden units, H.</param>
public readonly record struct RecurrentShape(int Batch, int Steps, int InputSize, int HiddenSize)
{
    /// <summary>
    /// The number of diagonal blocks of the recurrent weights, K: a unit depends only on the hidden states of its block of H / K
    /// units, so that W_hh is block-diagonal. It divides H; 1 gives full weights.
    /// </summary>
    public int DiagonalBlocks { get; init; } = 1;
}

/// <summary>
/// A batch of sequences of vectors, whose strides make it batch-first or time-first; each vector is contiguous.
/// </summary>
/// <param name="Data">The memory, which starts with vector (b = 0, t = 0); absent for an omitted argument.</param>
/// <param name="BatchStride">The number of elements between neighbouring sequences.</param>
/// <param name="StepStride">The number of elements between neighbouring steps.</param>
public readonly record struct SequenceSpan(DeviceSpan<float> Data, int BatchStride, int StepStride)
{
    /// <summary>Views memory of shape (B, T, width), with the last axis innermost.</summary>
    /// <exception cref="SizeLimitException">T width is more than 2^31 - 1.</exception>
    public static SequenceSpan BatchFirst(DeviceSpan<float> data, int steps, int width) =>
        new(data, SizeLimitException.Product("BatchFirst: a sequence of T steps", steps, width), width);

    /// <summary>Views memory of shape (T, B, width), with the last axis innermost.</summary>
    /// <exception cref="SizeLimitException">B width is more than 2^31 - 1.</exception>
    public static SequenceSpan TimeFirst(DeviceSpan<float> data, int batch, int width) =>
        new(data, width, SizeLimitException.Product("TimeFirst: a step of B sequences", batch, width));
}

/// <summary>
/// The parameters of a recurrent layer (or their gradients) under PyTorch's names; G is 4 (LSTM), 3 (GRU) or 1 (RNN).
/// </summary>
/// <param name="WeightIh">The input weights, shape (G H, I).</param>
/// <param name="WeightHh">The recurrent weights, shape (G H, H), or (G H, H / K) with
/// <see cref="RecurrentShape.DiagonalBlocks"/>.</param>
/// <param name="BiasIh">The input biases, shape (G H), or absent for 0.</param>
/// <param name="BiasHh">The recurrent biases, shape (G H), or absent for 0.</param>
public readonly record struct RecurrentWeights(DeviceSpan<float> WeightIh, DeviceSpan<float> WeightHh, DeviceSpan<float> BiasIh,
    DeviceSpan<float> BiasHh);

/// <summary>
/// The arguments of one layer in one direction over a batch of whole sequences, apart from the equations of the cell.
/// </summary>
public readonly record struct RecurrentArguments
{
    /// <summary>The sizes of the layer.</summary>
    public required RecurrentShape Shape { get; init; }

    /// <summary>The inputs, vectors of I elements.</summary>
    public required SequenceSpan X { get; init; }

    /// <summary>The parameters.</summary>
    public required RecurrentWeights Weights { get; init; }

    /// <summary>The initial hidden state, shape (B, H), or absent for 0.</summary>
    public DeviceSpan<float> H0 { get; init; }

    /// <summary>The initial cell state, shape (B, H), or absent for 0; LSTM only.</summary>
    public DeviceSpan<float> C0 { get; init; }

    /// <summary>
    /// The number of steps of each sequence, shape (B), in [0, T]; later steps do not change the state, and their output is 0.
    /// Absent for T.
    /// </summary>
    public DeviceSpan<int> Lengths { get; init; }

    /// <summary>
    /// The zoneout of the hidden state, time-first (T, B, H): the fraction of the previous state that is kept, in [0, 1]; or
    /// absent.
    /// </summary>
    public DeviceSpan<float> KeepHidden { get; init; }

    /// <summary>The zoneout of the cell state, time-first (T, B, H); or absent. LSTM only.</summary>
    public DeviceSpan<float> KeepCell { get; init; }

    /// <summary>Whether time runs backwards, from each sequence's last step to its first.</summary>
    public bool Reverse { get; init; }

    /// <summary>
    /// The <see cref="Backend.RecurrentWorkspace{TCell}"/> floats that the backward pass reads and overwrites. Without a backward
    /// pass it may be absent, and the layer needs a fraction of that memory.
    /// </summary>
    public DeviceSpan<float> Workspace { get; init; }
}

/// <summary>The memory for a layer's results.</summary>
/// <param name="Y">The hidden states of all steps, vectors of H elements.</param>
/// <param name="HN">The final hidden state, shape (B, H), or absent.</param>
/// <param name="CN">The final cell state, shape (B, H), or absent; LSTM only.</param>
public readonly record struct RecurrentOutputs(SequenceSpan Y, DeviceSpan<float> HN, DeviceSpan<float> CN);

/// <summary>
/// The gradients of a layer: those of its results, and the memory for those of its inputs (absent: not computed).
/// </summary>
public readonly record struct RecurrentGradients
{
    /// <summary>Input: the gradient of Y, vectors of H elements, or absent for 0.</summary>
    public SequenceSpan DY { get; init; }

    /// <summary>Input: the gradient of the final hidden state, shape (B, H), or absent for 0.</summary>
    public DeviceSpan<float> DHN { get; init; }

    /// <summary>Input: the gradient of the final cell state, shape (B, H), or absent for 0; LSTM only.</summary>
    public DeviceSpan<float> DCN { get; init; }

    /// <summary>Output: the gradient of X.</summary>
    public SequenceSpan DX { get; init; }

    /// <summary>Output: the gradient of the initial hidden state, shape (B, H).</summary>
    public DeviceSpan<float> DH0 { get; init; }

    /// <summary>Output: the gradient of the initial cell state, shape (B, H); LSTM only.</summary>
    public DeviceSpan<float> DC0 { get; init; }

    /// <summary>Output: the gradients of the parameters, which are overwritten, not added to.</summary>
    public RecurrentWeights Weights { get; init; }
}
