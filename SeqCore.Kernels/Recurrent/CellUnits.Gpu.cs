using System.Runtime.CompilerServices;
using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

/// <summary>One unit of one sequence in a forward step, in the registers of a GPU's thread.</summary>
internal struct UnitForward : IForwardUnit<LaneGpu>
{
    /// <summary>The inputs' part of the gates on entry; the saved blocks on return.</summary>
    internal float Gate0;
    internal float Gate1;
    internal float Gate2;
    internal float Gate3;

    /// <summary>The hidden state's part of the gates, including its bias.</summary>
    internal float Product0;
    internal float Product1;
    internal float Product2;
    internal float Product3;

    /// <summary>The states of the previous step on entry, and of this step on return.</summary>
    internal float Hidden;
    internal float Cell;

    public readonly LaneGpu PreviousHidden => new(Hidden);

    public readonly LaneGpu PreviousCell => new(Cell);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly LaneGpu Input(int gate) => new(gate == 0 ? Gate0 : gate == 1 ? Gate1 : gate == 2 ? Gate2 : Gate3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly LaneGpu Recurrent(int gate) =>
        new(gate == 0 ? Product0 : gate == 1 ? Product1 : gate == 2 ? Product2 : Product3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Save(int block, LaneGpu value)
    {
        if (block == 0)
            Gate0 = value.Value;
        else if (block == 1)
            Gate1 = value.Value;
        else if (block == 2)
            Gate2 = value.Value;
        else
            Gate3 = value.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetCell(LaneGpu value) => Cell = value.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetHidden(LaneGpu value) => Hidden = value.Value;
}

/// <summary>One unit of one sequence in a backward step.</summary>
internal struct UnitBackward : IBackwardUnit<LaneGpu>
{
    /// <summary>The saved blocks on entry; the gates' gradients on return.</summary>
    internal float Gate0;
    internal float Gate1;
    internal float Gate2;
    internal float Gate3;

    /// <summary>The states before the step.</summary>
    internal float HiddenBefore;
    internal float CellBefore;

    /// <summary>
    /// The gradient of the new hidden state on entry; on return the part of the previous state's gradient that bypasses the
    /// gates.
    /// </summary>
    internal float DHidden;

    /// <summary>The gradient of the new cell state on entry, of the previous one on return.</summary>
    internal float DCell;

    public readonly LaneGpu PreviousHidden => new(HiddenBefore);

    public readonly LaneGpu PreviousCell => new(CellBefore);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly LaneGpu Saved(int block) => new(block == 0 ? Gate0 : block == 1 ? Gate1 : block == 2 ? Gate2 : Gate3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetGradient(int block, LaneGpu value)
    {
        if (block == 0)
            Gate0 = value.Value;
        else if (block == 1)
            Gate1 = value.Value;
        else if (block == 2)
            Gate2 = value.Value;
        else
            Gate3 = value.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetPreviousCellGradient(LaneGpu value) => DCell = value.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetPreviousHiddenGradient(LaneGpu value) => DHidden = value.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddPreviousHiddenGradient(LaneGpu value) => DHidden += value.Value;
}
