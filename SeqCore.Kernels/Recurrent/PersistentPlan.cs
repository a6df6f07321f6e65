namespace SeqCore.Kernels;

/// <summary>What a GPU can hold at once: groups, one to a multiprocessor, and bytes of shared memory for each. Default: persistent kernels are off.</summary>
internal readonly record struct PersistentLimits(int Groups, int SharedBytes);

/// <summary>
/// Whether a layer's steps can run in one kernel that stays on the device: every group keeps the recurrent weights of 8 units in
/// shared memory for the whole sequence, and all groups wait for each other after each step, so they must be on the device at the same time.
/// </summary>
internal readonly struct PersistentPlan
{
    /// <summary>Floats of k by which rows of weights are rounded up, and one four that keeps rows on different banks.</summary>
    private const int Chunk = 128;
    private const int FourBytes = 16;
    private const int Rows = 32;
    private const int Units = 8;

    internal PersistentPlan(int batch, int steps, int hiddenSize, int gates)
    {
        Stride = ((hiddenSize + Chunk - 1) / Chunk * (Chunk / 4)) + 1;
        WeightFours = gates * Units * Stride;
        BatchTiles = (batch + Rows - 1) / Rows;
        UnitTiles = (hiddenSize + Units - 1) / Units;
        ColumnTiles = (hiddenSize + (gates * Units) - 1) / (gates * Units);
        ForwardGroups = (long)BatchTiles * UnitTiles;
        BackwardGroups = (long)BatchTiles * ColumnTiles * gates;
        SharedBytes = (WeightFours + (2L * Rows * ((Chunk / 4) + 1))) * FourBytes;
        IsWorthwhile = steps > 1 && hiddenSize % 4 == 0;
    }

    /// <summary>Fours from a row of weights to the next.</summary>
    internal int Stride { get; }

    /// <summary>Fours of a group's weights.</summary>
    internal int WeightFours { get; }

    /// <summary>Tiles of 32 sequences, of 8 units, and, backward, of 8 G columns.</summary>
    internal int BatchTiles { get; }

    internal int UnitTiles { get; }

    internal int ColumnTiles { get; }

    internal long ForwardGroups { get; }

    internal long BackwardGroups { get; }

    /// <summary>A group's shared memory: its weights and two chunks of states.</summary>
    internal long SharedBytes { get; }

    /// <summary>More than one step, and rows that vectors of four fit.</summary>
    private bool IsWorthwhile { get; }

    /// <summary>Whether the forward pass fits.</summary>
    internal bool FitsForward(PersistentLimits limits) => IsWorthwhile && ForwardGroups <= limits.Groups && SharedBytes <= limits.SharedBytes;

    /// <summary>Whether the backward pass fits.</summary>
    internal bool FitsBackward(PersistentLimits limits) => IsWorthwhile && BackwardGroups <= limits.Groups && SharedBytes <= limits.SharedBytes;
}
