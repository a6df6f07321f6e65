using System.Runtime.CompilerServices;
using ILGPU;
using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

/// <summary>Runs the cell of one unit with zoneout and the ends of sequences.</summary>
internal static class UnitSteps
{
    /// <summary>Computes one step with zoneout, given the fraction of the states that is kept, or length 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static UnitForward Forward<TCell>(UnitForward unit, ArrayView<float> keepHidden, ArrayView<float> keepCell,
        int state) where TCell : struct, IRecurrentCell
    {
        var next = unit;
        TCell.Forward<LaneGpu, UnitForward>(ref next);
        if (keepHidden.Length > 0)
            next.Hidden = GpuIntrinsics.FusedMultiplyAdd(keepHidden[state], unit.Hidden - next.Hidden, next.Hidden);
        if (TCell.HasCell && keepCell.Length > 0)
            next.Cell = GpuIntrinsics.FusedMultiplyAdd(keepCell[state], unit.Cell - next.Cell, next.Cell);
        return next;
    }

    /// <summary>Computes the same step backward, splitting the gradients of the states into the kept and the new part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static UnitBackward Backward<TCell>(UnitBackward unit, ArrayView<float> keepHidden, ArrayView<float> keepCell,
        int state) where TCell : struct, IRecurrentCell
    {
        float keptHidden = 0f, keptCell = 0f;
        if (keepHidden.Length > 0)
            keptHidden = keepHidden[state] * unit.DHidden;
        if (TCell.HasCell && keepCell.Length > 0)
            keptCell = keepCell[state] * unit.DCell;
        LaneGpu dHidden = new(unit.DHidden - keptHidden), dCell = new(unit.DCell - keptCell);
        unit.DHidden = 0f;
        TCell.Backward(ref unit, dHidden, dCell);
        unit.DHidden += keptHidden;
        unit.DCell += keptCell;
        return unit;
    }
}
