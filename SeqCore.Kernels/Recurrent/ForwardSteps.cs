using System.Runtime.CompilerServices;
using SeqCore.Kernels.Cells;
using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// Computes a range of forward steps. Threads share the units of all sequences in one parallel region: for each step every thread
/// multiplies the previous hidden state by its blocks of the recurrent weights, applies the cell to the result while it is in the
/// L1 cache, and waits for the others. Or a thread runs through all steps of some sequences alone (<see cref="Only"/>).
/// </summary>
/// <typeparam name="TCell">The cell's equations.</typeparam>
internal unsafe struct ForwardSteps<TCell> : ISequenceSteps<ForwardSteps<TCell>> where TCell : struct, IRecurrentCell
{
    /// <summary>
    /// The number of rows of a panel that are multiplied at a time: 256 x 32 floats are 32 KB, which are still in L1 for the next
    /// rows of hidden states.
    /// </summary>
    internal const int Depth = 256;

    internal RecurrentPlan Plan;

    /// <summary>The tasks of each step.</summary>
    internal SequenceTasks Tasks;

    /// <summary>The first step, in the order of processing; with Reverse, step s is time T - 1 - s.</summary>
    internal int FirstStep;
    internal int EndStep;
    internal bool Reverse;

    /// <summary>Whether the state before step 0 may be nonzero.</summary>
    internal bool HasInitial;

    /// <summary>The order of the sequences, which are numbered by their places in it.</summary>
    internal SequenceOrder Order;

    /// <summary>
    /// The gates, Saved H for each row of the order, from time 0 on, which lies before the allocated memory if that holds a later
    /// segment.
    /// </summary>
    internal float* Gates;

    /// <summary>
    /// The packed recurrent weights, or null if <see cref="Product"/> holds the step's whole product, (B, G H).
    /// </summary>
    internal float* Panels;
    internal float* Product;

    /// <summary>
    /// The states: with <see cref="StoresAllSteps"/> (T + 1, B, H), otherwise two slots of hidden states and one of cell states.
    /// </summary>
    internal float* Hidden;
    internal float* CellState;
    internal bool StoresAllSteps;
    internal float* Y;
    internal nint YBatchStride;
    internal nint YStepStride;
    internal float* HiddenBias;
    internal float* KeepHidden;
    internal float* KeepCell;

    /// <summary>Temporary memory for a task's products, for each thread.</summary>
    internal float* Scratch;

    internal static int ScratchSize(in RecurrentPlan plan) => plan.TaskRows * plan.Width * plan.Gates;

    public readonly ForwardSteps<TCell> Only(SequenceTasks tasks, int part) =>
        this with { Tasks = tasks, Scratch = Scratch + ((nint)part * ScratchSize(Plan)) };

    /// <summary>Returns the hidden state before a step.</summary>
    internal readonly float* Before(int step) =>
        Hidden + ((nint)(StoresAllSteps ? Time(step) + (Reverse ? 1 : 0) : step & 1) * Plan.StateSize);

    /// <summary>Returns the hidden state after a step.</summary>
    internal readonly float* After(int step) =>
        Hidden + ((nint)(StoresAllSteps ? Time(step) + (Reverse ? 0 : 1) : (step + 1) & 1) * Plan.StateSize);

    internal readonly float* CellBefore(int step) =>
        CellState == null ? null : CellState + ((nint)(StoresAllSteps ? Time(step) + (Reverse ? 1 : 0) : 0) * Plan.StateSize);

    internal readonly float* CellAfter(int step) =>
        CellState == null ? null : CellState + ((nint)(StoresAllSteps ? Time(step) + (Reverse ? 0 : 1) : 0) * Plan.StateSize);

    private readonly int Time(int step) => Reverse ? Plan.Steps - 1 - step : step;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>(int thread, int threads, RegionBarrier barrier) where T : struct, IVectorLane<T>
    {
        var (first, end) = Tasks.Of(thread, threads);
        var scratch = Scratch + ((nint)thread * ScratchSize(Plan));
        for (var step = FirstStep; step < EndStep; step++)
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
    }

    // Every other step visits the blocks from the other end, whose weights are still in L1 or L2.
    private readonly void Stage<T, TStage>(int step, int first, int end, float* scratch)
        where T : struct, IVectorLane<T>
        where TStage : struct, IStepStage
    {
        for (var i = first; i < end; i++)
        {
            var (block, row, rows) = Tasks.At((step & 1) == 0 ? i : first + end - 1 - i);
            Step<T, TStage>(step, block, row, rows, scratch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Step<T, TStage>(int step, int block, int row, int rows, float* scratch)
        where T : struct, IVectorLane<T>
        where TStage : struct, IStepStage
    {
        var plan = Plan;
        int h = plan.HiddenSize, unit = block * plan.Width, units = Math.Min(plan.Width, h - unit);
        var time = Time(step);
        var active = Math.Clamp(Order.Active(time) - row, 0, rows);
        if (Panels != null)
            Multiply<T, TStage>(step, block, row, active, scratch);
        float* before = Before(step), after = After(step), cellBefore = CellBefore(step),
            cellAfter = CellAfter(step);
        var gates = Gates + (Order.Start(time) * plan.Saved * h) + unit;
        var output = Y + (time * YStepStride) + unit;
        for (var b = row; b < row + rows; b++)
        {
            var state = ((nint)b * h) + unit;
            var sequence = Order.Sequence(b);
            var kept = ((nint)time * plan.StateSize) + ((nint)sequence * h) + unit;
            var at = new CellForward
            {
                Gates = gates + ((nint)b * plan.Saved * h),
                GateStride = h,
                Product = Panels != null
                    ? scratch + ((nint)(b - row) * plan.Width)
                    : Product + ((nint)b * plan.Gates * h) + unit,
                ProductStride = Panels != null ? (nint)active * plan.Width : h,
                HiddenBias = HiddenBias == null ? null : HiddenBias + unit,
                PreviousHidden = before + state,
                Hidden = after + state,
                PreviousCell = TCell.HasCell ? cellBefore + state : null,
                Cell = TCell.HasCell ? cellAfter + state : null,
                Output = output + (sequence * YBatchStride),
                KeepHidden = KeepHidden == null ? null : KeepHidden + kept,
                KeepCell = KeepCell == null ? null : KeepCell + kept,
            };
            if (b >= row + active)
            {
                if (!TStage.EndsInReset)
                    PassThrough(ref at, units);
                continue;
            }

            CellForward.Run<TCell, TStage, LaneScalar>(&at, CellForward.Run<TCell, TStage, T>(&at, 0, units), units);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Multiply<T, TStage>(int step, int block, int row, int rows, float* scratch)
        where T : struct, IVectorLane<T>
        where TStage : struct, IStepStage
    {
        var plan = Plan;
        nint h = plan.HiddenSize, size = (nint)rows * plan.Width;
        int firstGate = TStage.FirstGate<TCell>(), endGate = TStage.EndGate<TCell>();
        if (step == 0 && !HasInitial)
        {
            new Span<float>(scratch + (firstGate * size), (int)size * (endGate - firstGate)).Clear();
            return;
        }

        var stride = TStage.FollowsReset ? plan.Saved * h : h;
        var a = TStage.FollowsReset
            ? Gates + ((Order.Start(Time(step)) + row) * stride) + (TCell.ResetBlock * h)
            : Before(step) + (row * stride);
        var tile = new Tile { ARowStride = stride, AColumnStride = 1, BStride = plan.Width, CStride = plan.Width, Alpha = 1f };
        var (first, end) = plan.InputsOf(block * plan.Width, Math.Min(plan.Width, plan.HiddenSize - (block * plan.Width)));
        var panels = Panels + ((nint)block * plan.Gates * h * plan.Width);
        for (var k = first; k < end && rows == 1; k += Depth)
        {
            tile.Accumulate = k > first;
            MicroKernel.OneRow<T>(tile, endGate - firstGate, Math.Min(Depth, end - k), a + k,
                panels + (((firstGate * h) + k) * plan.Width), h * plan.Width, scratch + (firstGate * size), size);
        }

        for (var gate = firstGate; gate < endGate && rows > 1; gate++)
        {
            var panel = panels + (gate * h * plan.Width);
            for (var k = first; k < end; k += Depth)
            {
                tile.Accumulate = k > first;
                MicroKernel.Rows<T>(tile, rows, Math.Min(Depth, end - k), a + k, panel + (k * plan.Width),
                    scratch + (gate * size));
            }
        }
    }

    // A step past the end of a sequence: the state passes through, the output is 0.
    private static void PassThrough(ref CellForward at, int units)
    {
        new Span<float>(at.PreviousHidden, units).CopyTo(new Span<float>(at.Hidden, units));
        if (at.Cell != null)
            new Span<float>(at.PreviousCell, units).CopyTo(new Span<float>(at.Cell, units));
        new Span<float>(at.Output, units).Clear();
    }
}
