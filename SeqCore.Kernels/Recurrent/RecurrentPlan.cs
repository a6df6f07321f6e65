using System.Runtime.CompilerServices;
using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// The division of one layer's work: units into blocks of two vectors, sequences into groups of rows. A block of units and a
/// group of rows make a task, whose products, gates and states one thread computes at every step. Small recurrent weights are
/// read by every thread from its own cache, and each thread computes whole sequences without waiting for others; larger ones are
/// divided between the threads, which wait for each other at every step. The bits of the results depend on the sizes only.
/// </summary>
internal readonly struct RecurrentPlan
{
    /// <summary>The number of sequences, in order, whose gradients of the biases are summed first.</summary>
    internal const int SumRows = 4;

    private const int MaxRows = 96;

    /// <summary>The number of floats of recurrent weights that a core keeps in its own cache beside its work: 512 KB.</summary>
    private const int CachedWeights = 1 << 17;

    /// <summary>
    /// The least number of sequences of a thread: with fewer, reading the weights takes longer than multiplying by them.
    /// </summary>
    private const int LeastRows = 8;

    private RecurrentPlan(RecurrentShape shape, int gates, int saved)
    {
        if (shape.Batch < 0 || shape.Steps < 1 || shape.InputSize < 0 || shape.HiddenSize < 0)
        {
            throw new ArgumentException("A recurrent layer should have at least one step, and no size should be negative;"
                + $" got B = {shape.Batch}, T = {shape.Steps}, I = {shape.InputSize}, H = {shape.HiddenSize}.");
        }

        if (shape.DiagonalBlocks < 1 || shape.HiddenSize % shape.DiagonalBlocks != 0)
        {
            throw new ArgumentException($"A recurrent layer of H = {shape.HiddenSize} units should have a number of blocks that"
                + $" divides H; got {shape.DiagonalBlocks}.");
        }

        // The text is formatted only for an error: a plan is made for each step of a stream.
        if ((long)shape.Batch * shape.HiddenSize > int.MaxValue / saved)
        {
            SizeLimitException.Check($"A step of a recurrent layer over B = {shape.Batch}, H = {shape.HiddenSize}",
                (decimal)shape.Batch * shape.HiddenSize * saved, "Use a smaller batch.");
        }

        (Batch, Steps, InputSize, HiddenSize) = (shape.Batch, shape.Steps, shape.InputSize, shape.HiddenSize);
        DiagonalBlocks = shape.DiagonalBlocks;
        Gates = gates;
        Saved = saved;
        Width = 2 * Simd.Width;
        Blocks = (HiddenSize + Width - 1) / Width;
    }

    /// <summary>Makes the plan of a layer of such cells.</summary>
    /// <exception cref="ArgumentException">The sizes are out of range, or the cell does not keep its rules.</exception>
    internal static RecurrentPlan For<TCell>(RecurrentShape shape) where TCell : struct, IRecurrentCell
    {
        CellTrial<TCell>.Require();
        return new(shape, TCell.Gates, TCell.Saved);
    }

    /// <summary>
    /// Whether the hidden side of the last gate, with its bias and gradient, is separate from its inputs' side (GRU: because of
    /// the reset gate).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool SplitsLastGate<TCell>() where TCell : struct, IRecurrentCell => TCell.LastHiddenBlock != TCell.Gates - 1;

    internal int Batch { get; }

    internal int Steps { get; }

    internal int InputSize { get; }

    internal int HiddenSize { get; }

    internal int Gates { get; }

    internal int Saved { get; }

    /// <summary>
    /// The number of blocks on the diagonal of the recurrent weights, which are 0 elsewhere; 1 for full weights.
    /// </summary>
    internal int DiagonalBlocks { get; }

    /// <summary>The number of units of such a block.</summary>
    internal int DiagonalSize => HiddenSize / DiagonalBlocks;

    /// <summary>The number of floats of full recurrent weights.</summary>
    internal int DenseSize => Gates * HiddenSize * HiddenSize;

    /// <summary>The number of units of a block of work.</summary>
    internal int Width { get; }

    internal int Blocks { get; }

    /// <summary>The largest number of sequences of a task.</summary>
    internal int TaskRows => Math.Min(Batch, Blocks >= 4 ? MaxRows : 24);

    /// <summary>The tasks of one step of all sequences.</summary>
    internal SequenceTasks Tasks => new(Blocks, 0, Batch, TaskRows);

    /// <summary>The number of partial sums of the biases' gradients.</summary>
    internal int BiasSums => (Batch + SumRows - 1) / SumRows;

    /// <summary>The number of floats of the hidden (or cell) states of one step.</summary>
    internal int StateSize => Batch * HiddenSize;

    /// <summary>The number of floats of the saved gates of one step.</summary>
    internal int GatesSize => Batch * Saved * HiddenSize;

    /// <summary>Returns the hidden units whose weights to these units are not 0: whole diagonal blocks.</summary>
    internal (nint First, nint End) InputsOf(int unit, int units) => (unit / DiagonalSize * DiagonalSize,
        (((unit + units - 1) / DiagonalSize) + 1) * DiagonalSize);

    /// <summary>Views recurrent weights that are stored in blocks as (G, K, H / K, H / K).</summary>
    internal StridedSpan BlocksOf(DeviceSpan<float> weights) =>
        new(weights, Layout.Contiguous([Gates, DiagonalBlocks, DiagonalSize, DiagonalSize]));

    /// <summary>Views the same blocks on the diagonals of full matrices.</summary>
    internal StridedSpan Diagonal(DeviceSpan<float> dense) => new(dense,
        new Layout([Gates, DiagonalBlocks, DiagonalSize, DiagonalSize],
            [HiddenSize * HiddenSize, DiagonalSize * (HiddenSize + 1), HiddenSize, 1]));

    /// <summary>
    /// Returns the number of threads that should divide each step. On n threads a step takes its multiply-adds / (n r) + n b: a
    /// thread computes some r = 50 a nanosecond, and each thread that arrives at the barrier delays the others by some
    /// b = 100 ns. That is least for n = sqrt(multiply-adds / (r b)).
    /// </summary>
    internal int ThreadsOfStep(int threads)
    {
        const double rateTimesDelay = 5000;
        var multiplyAdds = (long)Batch * HiddenSize * DiagonalSize * Gates;
        return multiplyAdds < 1 << 14
            ? 1
            : Math.Clamp((int)Math.Sqrt(multiplyAdds / rateTimesDelay), Math.Min(2, threads), threads);
    }

    /// <summary>
    /// Returns the number of sequences that a thread computes at a time, through all steps, or 0 if threads divide the units of
    /// each step. Two parts for each thread balance the load better than one, if they are large enough.
    /// </summary>
    internal int SequencesOfPart(int threads)
    {
        var weights = (long)Gates * HiddenSize * DiagonalSize;
        if (threads == 1 || weights > CachedWeights || weights * Batch * Steps < 1 << 18)
            return 0;
        for (var parts = 2 * threads; parts >= threads; parts -= threads)
        {
            var rows = (Batch + (parts * SumRows) - 1) / (parts * SumRows) * SumRows;
            if (rows >= LeastRows && rows <= TaskRows && (long)rows * parts * 4 <= Batch * 5L)
                return rows;
        }

        return 0;
    }

    /// <summary>The number of tiles of 32 sequences and 8 units, one for each group on a GPU.</summary>
    internal int GpuTiles => (Batch + 31) / 32 * ((HiddenSize + 7) / 8);

    /// <summary>Whether rows of hidden states, of gates and of these weights all start at multiples of four floats.</summary>
    internal bool IsAligned(DeviceSpan<float> weights, DeviceSpan<float> states) =>
        HiddenSize % 4 == 0 && weights.Offset % 4 == 0 && states.Offset % 4 == 0;

    /// <summary>
    /// Returns the number of floats that a backward pass needs: gates, then hidden states, then cell states, both with one more
    /// step.
    /// </summary>
    internal int Workspace(bool hasCell)
    {
        var size = ((long)Steps * GatesSize) + ((Steps + 1L) * StateSize * (hasCell ? 2 : 1));
        if (size <= int.MaxValue)
            return (int)size;
        return SizeLimitException.Check($"The workspace of a recurrent layer over B = {Batch}, T = {Steps}, H = {HiddenSize}",
            size, "Use shorter sequences or a smaller batch.");
    }
}
