using ILGPU;
using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// Computes all backward steps of a recurrent layer in one launch. The sum over the gates' G H columns is divided by gates: a
/// group multiplies one gate's gradients by that gate's weights for 8 G units, which takes as much shared memory and as many
/// reads as the forward pass; then the G groups of the same units exchange their parts, and each finishes 8 of the units.
/// <code>
/// G = 4, tile j of 32 units:   group (j, i)   dA_i W_i ->  parts of 32 units  \           units 32 j      .. + 7: cell -> dA
///                              group (j, f)   dA_f W_f ->       "              > barrier  units 32 j +  8 .. + 15   "
///                              group (j, g)   dA_g W_g ->       "             /  of four  units 32 j + 16 .. + 23   "
///                              group (j, o)   dA_o W_o ->       "                         units 32 j + 24 .. + 31   "
/// and then the barrier of all groups.
/// </code>
/// Thread 8 b + u keeps the gradients of its unit's states in registers over all steps.
/// </summary>
internal struct PersistentBackward<TCell, TRows> : IGpuKernel
    where TCell : struct, IRecurrentCell
    where TRows : struct, ITileRows
{
    internal int HiddenSize;
    internal int Steps;
    internal int Batch;

    /// <summary>1 if time runs backwards, otherwise 0.</summary>
    internal int Reverse;

    /// <summary>W_hh transposed: H rows of G H.</summary>
    internal ArrayView<float> Weights;

    /// <summary>The number of Float4s from one row of weights in shared memory to the next.</summary>
    internal int Stride;

    internal ArrayView<float> Gates;
    internal ArrayView<float> Hidden;
    internal ArrayView<float> Cells;
    internal ArrayView<float> DY;
    internal int DYBatchStride;
    internal int DYStepStride;
    internal ArrayView<float> DHN;
    internal ArrayView<float> DCN;
    internal ArrayView<float> DH0;
    internal ArrayView<float> DC0;
    internal ArrayView<float> KeepHidden;
    internal ArrayView<float> KeepCell;
    internal ArrayView<int> Lengths;

    /// <summary>The contributions of the gates, shape (G, B, H).</summary>
    internal ArrayView<float> Parts;

    /// <summary>
    /// The barrier, with a counter for each tile of sequences, then one for each tile of sequences and of columns.
    /// </summary>
    internal GroupsBarrier Barrier;
    internal int BatchTiles;

    public static int GroupsPerMultiprocessor => 1;

    public static bool TakesLargeSharedMemory => true;

    public readonly void Run()
    {
        var shared = SharedMemory.GetDynamic<Float4>();
        int width = TCell.Gates * RecurrentTile.Units, columns = (HiddenSize + width - 1) / width, groups = columns * TCell.Gates;
        int batchTile = Grid.IdxX / groups, tile = Grid.IdxX % groups / TCell.Gates, gate = Grid.IdxX % TCell.Gates;
        int firstRow = batchTile * TRows.Count, firstColumn = tile * width;
        int b = firstRow + (Group.IdxX / RecurrentTile.Units),
            u = firstColumn + (gate * RecurrentTile.Units) + (Group.IdxX % RecurrentTile.Units);
        var inside = Group.IdxX < TRows.Count * RecurrentTile.Units && b < Batch && u < HiddenSize;
        var state = inside ? (b * HiddenSize) + u : 0;
        var length = Lengths.Length > 0 ? Lengths[inside ? b : 0] : Steps;
        LoadWeights(shared, firstColumn, gate);
        float dHidden = DHN.Length > 0 ? DHN[state] : 0f, dCell = TCell.HasCell && DCN.Length > 0 ? DCN[state] : 0f;
        for (var step = Steps - 1; step >= 0; step--)
        {
            var unit = inside ? Step(step, b, u, state, dHidden, dCell, length) : default;
            dHidden = unit.DHidden;
            dCell = unit.DCell;
            if (step == 0 && DH0.Length == 0)
                break;
            var met = Steps - step;
            Barrier.Wait(batchTile, met * groups);
            MultiplyPart(shared, step, firstRow, firstColumn, gate);
            Barrier.Wait(BatchTiles + (batchTile * columns) + tile, met * TCell.Gates);
            dHidden += Parts[state];
            if (TCell.Gates > 1)
                dHidden += Parts[state + (Batch * HiddenSize)];
            if (TCell.Gates > 2)
                dHidden += Parts[state + (2 * Batch * HiddenSize)];
            if (TCell.Gates > 3)
                dHidden += Parts[state + (3 * Batch * HiddenSize)];
        }

        if (inside && DH0.Length > 0)
            DH0[state] = dHidden;
        if (inside && TCell.HasCell && DC0.Length > 0)
            DC0[state] = dCell;
    }

    // Computes the cell's gradients at a step; stores those of the gates, and returns those of the previous step's state that
    // bypass the gates.
    private readonly UnitBackward Step(int step, int b, int u, int state, float dHidden, float dCell, int length)
    {
        int time = Reverse != 0 ? Steps - 1 - step : step, stateSize = Batch * HiddenSize;
        var gates = (((time * Batch) + b) * TCell.Saved * HiddenSize) + u;
        var before = ((time + Reverse) * stateSize) + state;
        var unit = UnitLoads.Backward<TCell>(Gates, gates, HiddenSize);
        unit.HiddenBefore = TCell.PassesState ? Hidden[before] : 0f;
        unit.CellBefore = TCell.HasCell ? Cells[before] : 0f;
        unit.DHidden = dHidden;
        unit.DCell = dCell;
        if (time < length)
        {
            if (DY.Length > 0)
                unit.DHidden += DY[(b * DYBatchStride) + (time * DYStepStride) + u];
            unit = UnitSteps.Backward<TCell>(unit, KeepHidden, KeepCell,
                KeepHidden.Length + KeepCell.Length > 0 ? (time * stateSize) + state : 0);
        }
        else
        {
            unit.Gate0 = 0f;
            unit.Gate1 = 0f;
            unit.Gate2 = 0f;
            unit.Gate3 = 0f;
        }

        UnitLoads.Replace<TCell>(unit, Gates, gates, HiddenSize);
        return unit;
    }

    // Computes one gate's part of the gradients of the states before a step, for all columns of the tile.
    private readonly void MultiplyPart(ArrayView<Float4> shared, int step, int firstRow, int firstColumn, int gate)
    {
        int time = Reverse != 0 ? Steps - 1 - step : step, rowStride = TCell.Saved * HiddenSize,
            block = gate == TCell.Gates - 1 ? TCell.LastHiddenBlock : gate;
        var first = (time * Batch * rowStride) + (block * HiddenSize);
        var gradients = new TileOperand
        {
            Data = Gates.SubView(first, Gates.Length - first),
            Rows = Batch,
            RowStride = rowStride,
            Depth = HiddenSize,
            GapAt = HiddenSize,
        };
        var sums = ResidentWeights.Multiply(TRows.Count, TCell.Gates, gradients, firstRow, shared, Stride);
        int b = firstRow + (Group.IdxX / RecurrentTile.Units), column = firstColumn + (Group.IdxX % RecurrentTile.Units);
        var part = (((gate * Batch) + b) * HiddenSize) + column;
        PutPart(sums, 0, b, column, part);
        if (TCell.Gates > 1)
            PutPart(sums, 1, b, column, part);
        if (TCell.Gates > 2)
            PutPart(sums, 2, b, column, part);
        if (TCell.Gates > 3)
            PutPart(sums, 3, b, column, part);
    }

    private readonly void PutPart(ArrayView<float> sums, int eight, int b, int column, int part)
    {
        var total = RecurrentTile.Total(TCell.Gates, eight, sums);
        if (Group.IdxX < TRows.Count * RecurrentTile.Units && b < Batch && column + (eight * RecurrentTile.Units) < HiddenSize)
            Parts[part + (eight * RecurrentTile.Units)] = total;
    }

    // Loads the rows of the transposed weights of one gate for the tile's columns. Rows past the last one repeat it.
    private readonly void LoadWeights(ArrayView<Float4> shared, int firstColumn, int gate)
    {
        var first = gate * HiddenSize;
        var weights = new TileOperand
        {
            Data = Weights.SubView(first, Weights.Length - first),
            Rows = HiddenSize,
            RowStride = TCell.Gates * HiddenSize,
            Depth = HiddenSize,
            GapAt = HiddenSize,
        };
        for (var k = 0; k < HiddenSize; k += RecurrentTile.Chunk)
        {
            var column = k + (4 * (Group.IdxX & 31));
            var warp = Group.IdxX >> 5;
            for (var eight = 0; eight < TCell.Gates; eight++)
            {
                var row = (eight * RecurrentTile.Units) + warp;
                shared[(row * Stride) + ((k / 4) + (Group.IdxX & 31))] = AlignedLoads.Load(weights,
                    weights.Row(firstColumn + row), column);
            }
        }

        Group.Barrier();
    }
}
