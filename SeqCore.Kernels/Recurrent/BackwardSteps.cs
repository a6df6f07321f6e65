using System.Runtime.CompilerServices;
using SeqCore.Kernels.Cells;
using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// Back-propagation through time, the counterpart of <see cref="ForwardSteps{TCell}"/>, with the work divided in the same way:
/// for each step, from the last one, every thread computes the hidden state's gradient for its units from all gates' gradients
/// of the following step, applies the backward equations of the cell, and waits for the others. The gates' gradients overwrite
/// what the forward pass saved; the weights' gradients are computed afterwards as products over all steps.
/// </summary>
/// <typeparam name="TCell">The cell's equations.</typeparam>
internal unsafe struct BackwardSteps<TCell> : ISequenceSteps<BackwardSteps<TCell>> where TCell : struct, IRecurrentCell
{
    /// <summary>The addresses of the forward pass.</summary>
    internal ForwardSteps<TCell> Forward;

    internal float* DY;
    internal nint DYBatchStride;
    internal nint DYStepStride;

    /// <summary>The gradient of the final state, shape (B, H) in the order of the batch, or null.</summary>
    internal float* DHN;

    /// <summary>
    /// Output: the gradient of the initial state, shape (B, H) in the order of the batch; null if it is not requested.
    /// </summary>
    internal float* DH0;

    /// <summary>The gradient of the final cell state on entry and of the initial one on return, shape (B, H).</summary>
    internal float* DCell;

    /// <summary>The gradient that bypasses the gates' product, shape (B, H); null if there is none.</summary>
    internal float* Direct;

    /// <summary>
    /// The sums of the gates' gradients over <see cref="RecurrentPlan.SumRows"/> sequences each, shape (BiasSums, Saved H), zero
    /// on entry.
    /// </summary>
    internal float* DBias;

    internal static int ScratchSize(in RecurrentPlan plan) => plan.TaskRows * plan.Width;

    public readonly BackwardSteps<TCell> Only(SequenceTasks tasks, int part) => this with
    {
        Forward = Forward with { Tasks = tasks, Scratch = Forward.Scratch + ((nint)part * ScratchSize(Forward.Plan)) },
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>(int thread, int threads, RegionBarrier barrier) where T : struct, IVectorLane<T>
    {
        var plan = Forward.Plan;
        var (first, end) = Forward.Tasks.Of(thread, threads);
        var scratch = Forward.Scratch + ((nint)thread * ScratchSize(plan));
        for (var step = plan.Steps - 1; step >= 0; step--)
        {
            if (TCell.ResetBlock < 0)
            {
                Stage<T, WholeStep>(step, first, end, scratch);
            }
            else
            {
                Stage<T, BeforeReset>(step, first, end, scratch);
                barrier.Wait();
                Stage<T, AfterReset>(step, first, end, scratch);
            }

            barrier.Wait();
        }

        for (var task = first; task < end && DH0 != null; task++)
        {
            var (block, row, rows) = Forward.Tasks.At(task);
            First<T>(block, row, rows, scratch);
        }
    }

    private readonly void Stage<T, TStage>(int step, int first, int end, float* scratch)
        where T : struct, IVectorLane<T>
        where TStage : struct, IStepStage
    {
        for (var i = first; i < end; i++)
        {
            var (block, row, rows) = Forward.Tasks.At((step & 1) == 0 ? i : first + end - 1 - i);
            Step<T, TStage>(step, block, row, rows, scratch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Step<T, TStage>(int step, int block, int row, int rows, float* scratch)
        where T : struct, IVectorLane<T>
        where TStage : struct, IStepStage
    {
        var plan = Forward.Plan;
        int h = plan.HiddenSize, unit = block * plan.Width, units = Math.Min(plan.Width, h - unit);
        Gradient<T, TStage>(step, block, row, rows, units, scratch);
        var time = Time(step);
        var order = Forward.Order;
        var active = order.Active(time);
        float* before = Forward.Before(step), cellBefore = Forward.CellBefore(step);
        for (var b = row; b < row + rows; b++)
        {
            var state = ((nint)b * h) + unit;
            var sequence = order.Sequence(b);
            var kept = ((nint)time * plan.StateSize) + ((nint)sequence * h) + unit;
            var at = new CellBackward
            {
                Gates = Forward.Gates + ((order.Start(time) + b) * plan.Saved * h) + unit,
                GateStride = h,
                DHidden = scratch + ((nint)(b - row) * plan.Width),
                DY = DY == null ? null : DY + (sequence * DYBatchStride) + (time * DYStepStride) + unit,
                DCell = DCell == null ? null : DCell + state,
                DirectDHidden = Direct == null ? null : Direct + state,
                DBias = DBias + ((nint)(b / RecurrentPlan.SumRows) * plan.Saved * h) + unit,
                BiasStride = h,
                PreviousHidden = before + state,
                PreviousCell = TCell.HasCell ? cellBefore + state : null,
                KeepHidden = Forward.KeepHidden == null ? null : Forward.KeepHidden + kept,
                KeepCell = Forward.KeepCell == null ? null : Forward.KeepCell + kept,
            };
            if (b >= active)
            {
                // Past the end of a sequence the gradients of its states pass through.
                if (!TStage.FollowsReset)
                    new Span<float>(at.DHidden, units).CopyTo(new Span<float>(at.DirectDHidden, units));
                continue;
            }

            CellBackward.Run<TCell, TStage, LaneScalar>(&at, CellBackward.Run<TCell, TStage, T>(&at, 0, units), units);
        }
    }

    // The gradient of a step's hidden state, without that of its output: from the following step, or from outside. After a reset,
    // the gradient of what the step itself reset.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Gradient<T, TStage>(int step, int block, int row, int rows, int units, float* scratch)
        where T : struct, IVectorLane<T>
        where TStage : struct, IStepStage
    {
        var plan = Forward.Plan;
        var order = Forward.Order;
        if (step == plan.Steps - 1 && !TStage.FollowsReset)
        {
            var last = DHN == null ? null : DHN + (block * plan.Width);
            for (var b = 0; b < rows; b++)
            {
                var to = new Span<float>(scratch + ((nint)b * plan.Width), units);
                if (last == null)
                    to.Clear();
                else
                    new ReadOnlySpan<float>(last + ((nint)order.Sequence(row + b) * plan.HiddenSize), units).CopyTo(to);
            }

            return;
        }

        nint h = plan.HiddenSize, rowStride = plan.Saved * h;
        var adds = Direct != null && !TStage.FollowsReset;
        for (var b = 0; b < rows && adds; b++)
        {
            new ReadOnlySpan<float>(Direct + ((row + b) * h) + (block * plan.Width), units)
                .CopyTo(new Span<float>(scratch + ((nint)b * plan.Width), units));
        }

        var tile =
            new Tile { ARowStride = rowStride, AColumnStride = 1, BStride = plan.Width, CStride = plan.Width, Alpha = 1f };
        var time = Time(TStage.FollowsReset ? step : step + 1);
        var gates = Forward.Gates + ((order.Start(time) + row) * rowStride);
        var active = Math.Clamp(order.Active(time) - row, 0, rows);
        int firstGate = TStage.FirstGate<TCell>(), endGate = TStage.EndGate<TCell>();
        var (first, end) = plan.InputsOf(block * plan.Width, units);
        for (var gate = firstGate; gate < endGate; gate++)
        {
            var a = gates + ((gate == plan.Gates - 1 ? TCell.LastHiddenBlock : gate) * h);
            var panel = Forward.Panels + (((nint)block * plan.Gates) + gate) * h * plan.Width;
            for (var k = first; k < end; k += ForwardSteps<TCell>.Depth)
            {
                tile.Accumulate = adds || gate > firstGate || k > first;
                MicroKernel.Rows<T>(tile, active, Math.Min(ForwardSteps<TCell>.Depth, end - k), a + k,
                    panel + (k * plan.Width), scratch);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void First<T>(int block, int row, int rows, float* scratch) where T : struct, IVectorLane<T>
    {
        var plan = Forward.Plan;
        int unit = block * plan.Width, units = Math.Min(plan.Width, plan.HiddenSize - unit);
        if (TCell.ResetBlock < 0)
            Gradient<T, WholeStep>(-1, block, row, rows, units, scratch);
        else
            Gradient<T, BeforeReset>(-1, block, row, rows, units, scratch);
        for (var b = 0; b < rows; b++)
        {
            new Span<float>(scratch + ((nint)b * plan.Width), units)
                .CopyTo(new Span<float>(DH0 + ((nint)Forward.Order.Sequence(row + b) * plan.HiddenSize) + unit, units));
        }
    }

    private readonly int Time(int step) => Forward.Reverse ? Forward.Plan.Steps - 1 - step : step;
}
