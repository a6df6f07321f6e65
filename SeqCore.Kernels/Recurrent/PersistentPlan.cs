namespace SeqCore.Kernels;

/// <summary>
/// What a GPU can hold at once: groups, one to a multiprocessor, and bytes of shared memory for each. Default:
/// persistent kernels are off.
/// </summary>
/// <param name="Groups">The number of groups.</param>
/// <param name="SharedBytes">The shared memory of each, in bytes.</param>
/// <param name="MostPolls">
/// Polls after which a group gives up waiting for the others. A poll takes at least 0.15 microseconds, the way to the
/// second-level cache and back, so the default is 10 seconds or more; a wait takes a few microseconds.
/// </param>
internal readonly record struct PersistentLimits(int Groups, int SharedBytes, int MostPolls = 1 << 26);

/// <summary>
/// Whether a layer's steps can run in one kernel that stays on the device: every group keeps the recurrent weights of 8 units in
/// shared memory for the whole sequence, and all groups wait for each other after each step, so they must be on the
/// device at the same time.
/// </summary>
internal readonly struct PersistentPlan(int batch, int steps, int hiddenSize, int gates)
{
    /// <summary>Sequences of a tile, whole and half.</summary>
    internal const int WholeRows = 32;
    internal const int HalfRows = 16;

    /// <summary>Floats of k to which rows of weights are rounded up.</summary>
    private const int Chunk = 128;
    private const int Float4Bytes = 16;
    private const int Units = 8;

    /// <summary>
    /// Float4s from a row of weights to the next: one more than they need keeps neighbouring rows on different banks.
    /// </summary>
    internal int Stride => ((hiddenSize + Chunk - 1) / Chunk * (Chunk / 4)) + 1;

    /// <summary>Tiles of 8 G columns: the backward pass's.</summary>
    internal int ColumnTiles => (hiddenSize + (gates * Units) - 1) / (gates * Units);

    /// <summary>A group's shared memory: its weights and two chunks of states.</summary>
    internal long SharedBytes => (((long)gates * Units * Stride) + (2 * WholeRows * ((Chunk / 4) + 1))) * Float4Bytes;

    /// <summary>Tiles of that many sequences.</summary>
    internal int BatchTiles(int rows) => (batch + rows - 1) / rows;

    /// <summary>Groups of the forward pass: one for each tile of sequences and of 8 units.</summary>
    internal long ForwardGroups(int rows) => (long)BatchTiles(rows) * ((hiddenSize + Units - 1) / Units);

    /// <summary>Groups of the backward pass: one for each tile of sequences, tile of columns, and gate.</summary>
    internal long BackwardGroups(int rows) => (long)BatchTiles(rows) * ColumnTiles * gates;

    /// <summary>Sequences of the forward pass's tiles: as few as the device has room for; 0 where it has none.</summary>
    internal int ForwardRows(PersistentLimits limits) => Rows(limits, ForwardGroups(HalfRows), ForwardGroups(WholeRows));

    /// <summary>Sequences of the backward pass's tiles, likewise.</summary>
    internal int BackwardRows(PersistentLimits limits) => Rows(limits, BackwardGroups(HalfRows), BackwardGroups(WholeRows));

    // One step repays no loading of weights, and rows have to fit vectors of four.
    private int Rows(PersistentLimits limits, long halfGroups, long wholeGroups) =>
        steps < 2 || hiddenSize % 4 != 0 || SharedBytes > limits.SharedBytes ? 0
        : halfGroups <= limits.Groups ? HalfRows
        : wholeGroups <= limits.Groups ? WholeRows : 0;
}
