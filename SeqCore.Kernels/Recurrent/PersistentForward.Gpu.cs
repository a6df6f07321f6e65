using ILGPU;
using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// Computes all forward steps of a recurrent layer in one launch. A group has the tile of
/// <see cref="RecurrentStep{TCell, TStage, TLoads}"/>, 32 sequences (or 16) and 8 units, but keeps the weights of its units in
/// shared memory and its states in registers: only the hidden states are exchanged between steps, through the L2 cache.
/// <code>
/// group 0: units 0..7    | h W' | cell | write h' |          | h' W' | cell | write h" |
/// group 1: units 8..15   | h W' | cell | write h' |  barrier | h' W' | cell | write h" |  barrier  ...
/// ...                      reads all h, 32 x H               thread 8 b + u keeps h and c of its sequence and unit
/// </code>
/// Groups with other sequences do not wait for each other: there is a barrier for each tile of sequences.
/// </summary>
internal struct PersistentForward<TCell, TRows> : IGpuKernel
    where TCell : struct, IRecurrentCell
    where TRows : struct, ITileRows
{
    internal int HiddenSize;
    internal int Steps;
    internal int FirstStep;
    internal int EndStep;

    /// <summary>The first time step whose gates are in memory.</summary>
    internal int FirstTime;

    /// <summary>1 if time runs backwards, otherwise 0.</summary>
    internal int Reverse;

    /// <summary>1 if the hidden states of all steps are kept, (T + 1, B, H); 0 if two slots alternate.</summary>
    internal int StoresAllSteps;

    /// <summary>1 if the states before step 0 may be nonzero.</summary>
    internal int HasInitial;

    internal int Batch;

    /// <summary>The number of Float4s from one row of weights in shared memory to the next.</summary>
    internal int Stride;
    internal TileOperand Weights;
    internal ArrayView<float> Bias;
    internal ArrayView<float> Gates;
    internal ArrayView<float> Hidden;
    internal ArrayView<float> Cells;
    internal ArrayView<float> Y;
    internal int YBatchStride;
    internal int YStepStride;
    internal ArrayView<float> KeepHidden;
    internal ArrayView<float> KeepCell;
    internal ArrayView<int> Lengths;

    /// <summary>The barrier, with a counter for each tile of sequences.</summary>
    internal GroupsBarrier Barrier;

    public static int GroupsPerMultiprocessor => 1;

    public static bool TakesLargeSharedMemory => true;

    public readonly void Run()
    {
        var shared = SharedMemory.GetDynamic<Float4>();
        var tiles = (HiddenSize + RecurrentTile.Units - 1) / RecurrentTile.Units;
        int batchTile = Grid.IdxX / tiles, firstRow = batchTile * TRows.Count,
            firstUnit = Grid.IdxX % tiles * RecurrentTile.Units;
        int b = firstRow + (Group.IdxX / RecurrentTile.Units), u = firstUnit + (Group.IdxX % RecurrentTile.Units);
        var inside = Group.IdxX < TRows.Count * RecurrentTile.Units && b < Batch && u < HiddenSize;
        int stateSize = Batch * HiddenSize, state = inside ? (b * HiddenSize) + u : 0,
            own = inside ? (b * TCell.Saved * HiddenSize) + u : 0;
        var length = Lengths.Length > 0 ? Lengths[inside ? b : 0] : Steps;
        ResidentWeights.Load(TCell.Gates, Weights, firstUnit, HiddenSize * HiddenSize, shared, Stride);
        var hidden = Hidden[(Slot(FirstStep, false) * stateSize) + state];
        var cell = TCell.HasCell ? Cells[(CellSlot(FirstStep, false) * stateSize) + state] : 0f;
        for (var step = FirstStep; step < EndStep; step++)
        {
            var time = Reverse != 0 ? Steps - 1 - step : step;
            var gates = ((time - FirstTime) * Batch * TCell.Saved * HiddenSize) + own;
            var unit = UnitLoads.Forward<TCell>(Gates, gates, HiddenSize);
            unit.Hidden = hidden;
            unit.Cell = cell;
            var before = new TileOperand
            {
                Data = Hidden.SubView(Slot(step, false) * stateSize, stateSize),
                Rows = Batch,
                RowStride = HiddenSize,
                Depth = step > 0 || HasInitial != 0 ? HiddenSize : 0,
                GapAt = HiddenSize,
            };
            var sums = ResidentWeights.Multiply(TRows.Count, TCell.Gates, before, firstRow, shared, Stride);
            if (inside)
            {
                unit = UnitLoads.Products<TCell, WholeStep>(unit, sums, Bias, u, HiddenSize);
                var lasts = time < length;
                if (lasts)
                {
                    unit = UnitSteps.Forward<TCell>(unit, KeepHidden, KeepCell,
                        KeepHidden.Length + KeepCell.Length > 0 ? (time * stateSize) + state : 0);
                    UnitLoads.Save<TCell>(unit, Gates, gates, HiddenSize);
                }

                hidden = unit.Hidden;
                cell = unit.Cell;
                Hidden[(Slot(step, true) * stateSize) + state] = hidden;
                if (TCell.HasCell)
                    Cells[(CellSlot(step, true) * stateSize) + state] = cell;
                Y[(b * YBatchStride) + (time * YStepStride) + u] = lasts ? hidden : 0f;
            }

            if (step + 1 < EndStep)
                Barrier.Wait(batchTile, (step + 1 - FirstStep) * tiles);
        }
    }

    // Returns the slot of the hidden states before or after a step, as in RecurrentMemory.
    private readonly int Slot(int step, bool after)
    {
        var time = Reverse != 0 ? Steps - 1 - step : step;
        var next = after ? 1 : 0;
        return StoresAllSteps != 0 ? time + (Reverse != 0 ? 1 - next : next) : (step + next) & 1;
    }

    private readonly int CellSlot(int step, bool after) => StoresAllSteps != 0 ? Slot(step, after) : 0;
}
