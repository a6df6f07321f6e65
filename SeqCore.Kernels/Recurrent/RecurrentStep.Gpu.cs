using ILGPU;
using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// Computes one forward step of a recurrent layer: the recurrent product of <see cref="RecurrentTile"/>, and the cell on its
/// result.
/// <code>
/// group n:   sequences 32 (n / tiles) ..+31,  units 8 (n % tiles) ..+7       tiles = H / 8, rounded up
/// thread i:  first its part of the tile's product, then sequence i / 8, unit i % 8 of the tile:
///
///            gates of x, h, c --loads--> | product of the tile (all 256 threads) | --> cell --> gates, h', c', y
/// </code>
/// The cell's operands are loaded before the product, so that they have arrived after it. Neighbouring groups share their
/// sequences, whose states are then in the L1 cache.
/// </summary>
internal struct RecurrentStep<TCell, TStage, TLoads> : IGpuKernel
    where TCell : struct, IRecurrentCell
    where TStage : struct, IStepStage
    where TLoads : struct, IRowLoads
{
    internal int HiddenSize;
    internal int Time;

    /// <summary>The states before the step, or the reset states; Depth is 0 if they are known to be 0.</summary>
    internal TileOperand Left;

    /// <summary>The rows of W_hh for the gates of this stage.</summary>
    internal TileOperand Weights;

    /// <summary>The states before the step, (B, H).</summary>
    internal ArrayView<float> Before;

    /// <summary>b_hh, or length 0.</summary>
    internal ArrayView<float> Bias;

    /// <summary>The saved blocks of this step, (B, Saved H).</summary>
    internal ArrayView<float> Gates;
    internal ArrayView<float> After;
    internal ArrayView<float> CellBefore;
    internal ArrayView<float> CellAfter;
    internal ArrayView<float> Y;
    internal int YBatchStride;

    /// <summary>The zoneout of the hidden state in this step, or length 0.</summary>
    internal ArrayView<float> KeepHidden;
    internal ArrayView<float> KeepCell;
    internal ArrayView<int> Lengths;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<Float4>(RecurrentTile.SharedFloat4s);
        var tiles = (HiddenSize + RecurrentTile.Units - 1) / RecurrentTile.Units;
        int firstRow = Grid.IdxX / tiles * RecurrentTile.Rows, firstUnit = Grid.IdxX % tiles * RecurrentTile.Units;
        int b = firstRow + (Group.IdxX / RecurrentTile.Units), u = firstUnit + (Group.IdxX % RecurrentTile.Units);
        var inside = b < Left.Rows && u < HiddenSize;
        var state = inside ? (b * HiddenSize) + u : 0;
        var gates = inside ? (b * TCell.Saved * HiddenSize) + u : 0;
        var unit = UnitLoads.Forward<TCell>(Gates, gates, HiddenSize);
        unit.Hidden = Before[state];
        unit.Cell = TCell.HasCell ? CellBefore[state] : 0f;
        var lasts = Lengths.Length == 0 || Time < Lengths[inside ? b : 0];
        RecurrentTile.Multiply<TLoads>(TStage.EndGate<TCell>() - TStage.FirstGate<TCell>(), Left, firstRow, Weights, firstUnit,
            HiddenSize * HiddenSize, shared);
        if (!inside)
            return;
        unit = UnitLoads.Products<TCell, TStage>(unit, shared.Cast<float>(), Bias, u, HiddenSize);
        if (TStage.EndsInReset)
        {
            if (!lasts)
                return;
            TStage.Reset<TCell, LaneGpu, UnitForward>(ref unit);
            UnitLoads.Save<TCell>(unit, Gates, gates, HiddenSize);
            return;
        }

        var next = lasts ? UnitSteps.Forward<TCell>(unit, KeepHidden, KeepCell, state) : unit;
        if (lasts)
            UnitLoads.Save<TCell>(next, Gates, gates, HiddenSize);
        After[state] = next.Hidden;
        if (TCell.HasCell)
            CellAfter[state] = next.Cell;
        Y[(b * YBatchStride) + u] = lasts ? next.Hidden : 0f;
    }
}
