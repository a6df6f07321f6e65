namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// The groups that a GPU can hold at once, one per multiprocessor, and the shared memory of each. The default turns persistent
/// kernels off.
/// </summary>
/// <param name="Groups">The number of groups.</param>
/// <param name="SharedBytes">The shared memory of each, in bytes.</param>
/// <param name="MostPolls">
/// The number of polls after which a group gives up waiting for the others. A poll takes at least 0.15 microseconds, the latency
/// of the L2 cache, so the default is 10 seconds or more; a normal wait takes a few microseconds.
/// </param>
internal readonly record struct PersistentLimits(int Groups, int SharedBytes, int MostPolls = 1 << 26);

/// <summary>
/// Decides whether a layer's steps can run in one kernel that stays on the device: every group keeps the recurrent weights of 8
/// units in shared memory for the whole sequence, and all groups wait for each other after each step, so they must be on the
/// device at the same time.
/// </summary>
internal readonly struct PersistentPlan(int batch, int steps, int hiddenSize, int gates)
{
    /// <summary>The numbers of sequences of a whole and of a half tile.</summary>
    internal const int WholeRows = 32;
    internal const int HalfRows = 16;

    /// <summary>The number of floats along k to whose multiples rows of weights are rounded up.</summary>
    private const int Chunk = 128;
    private const int Float4Bytes = 16;
    private const int Units = 8;

    /// <summary>
    /// The number of Float4s from one row of weights to the next: one more than needed, to keep neighbouring rows on different
    /// banks.
    /// </summary>
    internal int Stride => ((hiddenSize + Chunk - 1) / Chunk * (Chunk / 4)) + 1;

    /// <summary>The number of tiles of 8 G columns in the backward pass.</summary>
    internal int ColumnTiles => (hiddenSize + (gates * Units) - 1) / (gates * Units);

    /// <summary>The shared memory of a group, in bytes: its weights and two chunks of states.</summary>
    internal long SharedBytes => (((long)gates * Units * Stride) + (2 * WholeRows * ((Chunk / 4) + 1))) * Float4Bytes;

    /// <summary>Returns the number of tiles of the given number of sequences.</summary>
    internal int BatchTiles(int rows) => (batch + rows - 1) / rows;

    /// <summary>Returns the number of groups of the forward pass: one for each tile of sequences and of 8 units.</summary>
    internal long ForwardGroups(int rows) => (long)BatchTiles(rows) * ((hiddenSize + Units - 1) / Units);

    /// <summary>
    /// Returns the number of groups of the backward pass: one for each tile of sequences, tile of columns, and gate.
    /// </summary>
    internal long BackwardGroups(int rows) => (long)BatchTiles(rows) * ColumnTiles * gates;

    /// <summary>
    /// Returns the number of sequences of the forward pass's tiles: the smallest number whose groups fit on the device; 0 if none
    /// does.
    /// </summary>
    internal int ForwardRows(PersistentLimits limits) => Rows(limits, ForwardGroups(HalfRows), ForwardGroups(WholeRows));

    /// <summary>Returns the number of sequences of the backward pass's tiles, likewise.</summary>
    internal int BackwardRows(PersistentLimits limits) => Rows(limits, BackwardGroups(HalfRows), BackwardGroups(WholeRows));

    // Loading the weights is not worth it for one step, and rows have to be multiples of four.
    private int Rows(PersistentLimits limits, long halfGroups, long wholeGroups) =>
        steps < 2 || hiddenSize % 4 != 0 || SharedBytes > limits.SharedBytes ? 0
        : halfGroups <= limits.Groups ? HalfRows
        : wholeGroups <= limits.Groups ? WholeRows : 0;
}
