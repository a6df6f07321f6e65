using ILGPU;
using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// Computes one backward step of a recurrent layer: dH = dA_later W_hh + the gradient that bypasses the product + dY, with the
/// threads of <see cref="RecurrentStep{TCell, TStage, TLoads}"/>, and then the cell's gradients.
/// <code>
/// dA of the later step (B, G H)  x  W_hh' (H, G H), transposed once for all steps, so that both run along k = 0 .. G H - 1
/// GRU: the columns of the last gate are those of its hidden side, one block further (the gap of the operand)
/// </code>
/// The gates' gradients overwrite what the forward pass saved. After the first step the kernel runs again for dH0 alone.
/// </summary>
internal struct RecurrentBackStep<TCell, TStage, TLoads> : IGpuKernel
    where TCell : struct, IRecurrentCell
    where TStage : struct, IStepStage
    where TLoads : struct, IRowLoads
{
    internal int HiddenSize;
    internal int Time;

    /// <summary>
    /// The gates' gradients of the later step, or this step's gradient of the last gate; Depth is 0 if there is none.
    /// </summary>
    internal TileOperand Later;

    /// <summary>W_hh transposed: H rows of G H.</summary>
    internal TileOperand Weights;

    /// <summary>The part of the state's gradient that bypasses the product, or length 0.</summary>
    internal ArrayView<float> Incoming;

    /// <summary>Output: the same part for the previous step, or length 0.</summary>
    internal ArrayView<float> Direct;

    /// <summary>Output: the gradient of the initial state, if only that is computed; otherwise length 0.</summary>
    internal ArrayView<float> DH0;

    internal ArrayView<float> Gates;
    internal ArrayView<float> DY;
    internal int DYBatchStride;
    internal ArrayView<float> Before;
    internal ArrayView<float> CellBefore;

    /// <summary>The gradient of this step's cell state (length 0: it is 0) on entry, and of the previous one on return.</summary>
    internal ArrayView<float> DCell;
    internal ArrayView<float> DCellBefore;

    internal ArrayView<float> KeepHidden;
    internal ArrayView<float> KeepCell;
    internal ArrayView<int> Lengths;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<Float4>(RecurrentTile.SharedFloat4sOfOne);
        var tiles = (HiddenSize + RecurrentTile.Units - 1) / RecurrentTile.Units;
        int firstRow = Grid.IdxX / tiles * RecurrentTile.Rows, firstUnit = Grid.IdxX % tiles * RecurrentTile.Units;
        int b = firstRow + (Group.IdxX / RecurrentTile.Units), u = firstUnit + (Group.IdxX % RecurrentTile.Units);
        var inside = b < Later.Rows && u < HiddenSize;
        var state = inside ? (b * HiddenSize) + u : 0;
        var incoming = Incoming.Length > 0 ? Incoming[state] : 0f;
        RecurrentTile.Multiply<TLoads>(1, Later, firstRow, Weights, firstUnit, 0, shared);
        if (!inside)
            return;
        var dHidden = RecurrentTile.Total(1, 0, shared.Cast<float>()) + incoming;
        if (TStage.FollowsReset)
            StepOfReset(b, u, state, dHidden);
        else if (DH0.Length > 0)
            DH0[state] = dHidden;
        else
            Step(b, u, state, dHidden);
    }

    private readonly void StepOfReset(int b, int u, int state, float dReset)
    {
        if (Lengths.Length > 0 && Time >= Lengths[b])
            return;
        var gates = (b * TCell.Saved * HiddenSize) + u;
        var unit = UnitLoads.Backward<TCell>(Gates, gates, HiddenSize);
        unit.HiddenBefore = Before[state];
        unit.DHidden = Direct[state];
        TStage.BackwardReset<TCell, LaneGpu, UnitBackward>(ref unit, new LaneGpu(dReset));
        UnitLoads.Replace<TCell>(unit, Gates, gates, HiddenSize);
        Direct[state] = unit.DHidden;
    }

    private readonly void Step(int b, int u, int state, float dHidden)
    {
        var gates = (b * TCell.Saved * HiddenSize) + u;
        var unit = UnitLoads.Backward<TCell>(Gates, gates, HiddenSize);
        unit.HiddenBefore = TCell.PassesState ? Before[state] : 0f;
        unit.CellBefore = TCell.HasCell ? CellBefore[state] : 0f;
        unit.DCell = TCell.HasCell && DCell.Length > 0 ? DCell[state] : 0f;
        unit.DHidden = dHidden;
        if (Lengths.Length == 0 || Time < Lengths[b])
        {
            if (DY.Length > 0)
                unit.DHidden += DY[(b * DYBatchStride) + u];
            unit = UnitSteps.Backward<TCell>(unit, KeepHidden, KeepCell, state);
        }
        else
        {
            // A step past the end of its sequence passes the gradients of the states through and adds nothing to those of the
            // weights.
            unit.Gate0 = 0f;
            unit.Gate1 = 0f;
            unit.Gate2 = 0f;
            unit.Gate3 = 0f;
        }

        UnitLoads.Replace<TCell>(unit, Gates, gates, HiddenSize);
        if (Direct.Length > 0)
            Direct[state] = unit.DHidden;
        if (TCell.HasCell)
            DCellBefore[state] = unit.DCell;
    }
}
