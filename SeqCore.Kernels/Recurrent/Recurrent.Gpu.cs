using SeqCore.Kernels.Cells;
using SeqCore.Kernels.Recurrent;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunRecurrentForward<TCell>(in RecurrentPlan plan, in RecurrentArguments arguments,
        in RecurrentOutputs outputs)
    {
        if (plan.StateSize == 0)
            return;
        WatchLengths(CellName<TCell>.Forward, plan, arguments.Lengths);
        var keeps = !arguments.Workspace.IsAbsent;
        var segment = keeps ? plan.Steps : RecurrentMemory.Segment(plan);
        DeviceSpan<float> held = default, states = default;
        using var gatesBuffer = keeps ? null : Scratch((long)segment * plan.GatesSize, out held);
        using var statesBuffer = keeps ? null : Scratch(3L * plan.StateSize, out states);
        var memory = keeps
            ? RecurrentMemory.Of(plan, arguments, TCell.HasCell)
            : new RecurrentMemory(plan, arguments.Reverse, false, held, states.Slice(0, 2 * plan.StateSize),
                TCell.HasCell ? states.Slice(2 * plan.StateSize, plan.StateSize) : default);
        SetState(arguments.H0, memory.Before(0));
        if (TCell.HasCell)
            SetState(arguments.C0, memory.CellBefore(0));
        for (var first = 0; first < plan.Steps; first += segment)
        {
            var end = Math.Min(plan.Steps, first + segment);
            memory = memory with { FirstTime = keeps ? 0 : arguments.Reverse ? plan.Steps - end : first };
            MultiplyInputs(plan, arguments, memory.FirstTime, end - first, memory.AllGates);
            var isAligned = plan.IsAligned(arguments.Weights.WeightHh, memory.AllHidden);
            if (isAligned && TCell.ResetBlock < 0 && TryPersistentForward<TCell>(plan, arguments, outputs, memory, first, end))
                continue;
            if (isAligned)
                StepsForward<TCell, AlignedLoads>(plan, arguments, outputs, memory, first, end);
            else
                StepsForward<TCell, SingleLoads>(plan, arguments, outputs, memory, first, end);
        }

        CopyState(memory.After(plan.Steps - 1), outputs.HN);
        if (TCell.HasCell)
            CopyState(memory.CellAfter(plan.Steps - 1), outputs.CN);
    }

    private protected override void RunRecurrentBackward<TCell>(in RecurrentPlan plan, in RecurrentArguments arguments,
        in RecurrentGradients gradients)
    {
        var memory = RecurrentMemory.Of(plan, arguments, TCell.HasCell);
        if (plan.StateSize > 0)
        {
            WatchLengths(CellName<TCell>.Backward, plan, arguments.Lengths);
            int h = plan.HiddenSize, side = plan.Gates * h;
            using var buffer = Scratch((long)h * side, out var transposed);
            Copy(new StridedSpan(arguments.Weights.WeightHh, new Layout([h, side], [1, h])),
                new StridedSpan(transposed, Layout.Contiguous([h, side])));
            if (!plan.IsAligned(transposed, memory.AllGates))
                StepsBackward<TCell, SingleLoads>(plan, arguments, gradients, memory, transposed);
            else if (TCell.ResetBlock >= 0 || !TryPersistentBackward<TCell>(plan, arguments, gradients, memory, transposed))
                StepsBackward<TCell, AlignedLoads>(plan, arguments, gradients, memory, transposed);
        }

        InputGradients(plan, arguments, gradients, memory);
        HiddenGradients<TCell>(plan, arguments, gradients, memory);
        BiasGradients<TCell>(plan, gradients, memory.AllGates);
    }

    // One launch per step, or two if the cell resets its state between two products; see RecurrentStep.
    private void StepsForward<TCell, TLoads>(in RecurrentPlan plan, in RecurrentArguments a, in RecurrentOutputs outputs,
        in RecurrentMemory memory, int first, int end)
        where TCell : struct, IRecurrentCell
        where TLoads : struct, IRowLoads
    {
        for (var step = first; step < end; step++)
        {
            if (TCell.ResetBlock < 0)
            {
                StepForward<TCell, WholeStep, TLoads>(plan, a, outputs, memory, step);
                continue;
            }

            StepForward<TCell, BeforeReset, TLoads>(plan, a, outputs, memory, step);
            StepForward<TCell, AfterReset, TLoads>(plan, a, outputs, memory, step);
        }
    }

    private void StepForward<TCell, TStage, TLoads>(in RecurrentPlan plan, in RecurrentArguments a, in RecurrentOutputs outputs,
        in RecurrentMemory memory, int step)
        where TCell : struct, IRecurrentCell
        where TStage : struct, IStepStage
        where TLoads : struct, IRowLoads
    {
        int h = plan.HiddenSize, firstRow = TStage.FirstGate<TCell>() * h, time = memory.Time(step);
        var gates = memory.Gates(step);
        Launch(
            new RecurrentStep<TCell, TStage, TLoads>
            {
                HiddenSize = h,
                Time = time,
                Left = new TileOperand
                {
                    Data = View(TStage.FollowsReset ? From(gates, TCell.ResetBlock * h) : memory.Before(step)),
                    Rows = plan.Batch,
                    RowStride = TStage.FollowsReset ? plan.Saved * h : h,
                    Depth = step == 0 && a.H0.IsAbsent ? 0 : h,
                    GapAt = h,
                },
                Weights = new TileOperand
                {
                    Data = View(From(a.Weights.WeightHh, firstRow * h)),
                    Rows = h,
                    RowStride = h,
                    Depth = h,
                    GapAt = h,
                },
                Bias = View(a.Weights.BiasHh),
                Gates = View(gates),
                Before = View(memory.Before(step)),
                After = View(memory.After(step)),
                CellBefore = View(memory.CellBefore(step)),
                CellAfter = View(memory.CellAfter(step)),
                Y = View(At(outputs.Y, time)),
                YBatchStride = outputs.Y.BatchStride,
                KeepHidden = View(At(plan, a.KeepHidden, time)),
                KeepCell = View(At(plan, a.KeepCell, time)),
                Lengths = View(a.Lengths),
            },
            plan.GpuTiles);
    }

    // One launch per step, or two if the cell resets its state between two products; see RecurrentBackStep.
    private void StepsBackward<TCell, TLoads>(in RecurrentPlan plan, in RecurrentArguments a, in RecurrentGradients g,
        in RecurrentMemory memory, DeviceSpan<float> transposed)
        where TCell : struct, IRecurrentCell
        where TLoads : struct, IRowLoads
    {
        var passesBy = TCell.PassesState || !a.Lengths.IsAbsent || !a.KeepHidden.IsAbsent;
        DeviceSpan<float> direct = default, dCell = default;
        using var directBuffer = passesBy ? Scratch(plan.StateSize, out direct) : null;
        using var cellBuffer = TCell.HasCell ? Scratch(plan.StateSize, out dCell) : null;
        for (var step = plan.Steps - 1; step >= (g.DH0.IsAbsent ? 0 : -1); step--)
        {
            if (TCell.ResetBlock < 0)
            {
                StepBackward<TCell, WholeStep, TLoads>(plan, a, g, memory, transposed, direct, dCell, step);
                continue;
            }

            StepBackward<TCell, BeforeReset, TLoads>(plan, a, g, memory, transposed, direct, dCell, step);
            if (step >= 0)
                StepBackward<TCell, AfterReset, TLoads>(plan, a, g, memory, transposed, direct, dCell, step);
        }
    }

    private void StepBackward<TCell, TStage, TLoads>(in RecurrentPlan plan, in RecurrentArguments a, in RecurrentGradients g,
        in RecurrentMemory memory, DeviceSpan<float> transposed, DeviceSpan<float> direct, DeviceSpan<float> dCell, int step)
        where TCell : struct, IRecurrentCell
        where TStage : struct, IStepStage
        where TLoads : struct, IRowLoads
    {
        int h = plan.HiddenSize, side = plan.Gates * h, first = TStage.FirstGate<TCell>() * h, own = Math.Max(0, step);
        bool last = step == plan.Steps - 1, only = step < 0, isEnd = last && !TStage.FollowsReset;
        int time = memory.Time(own), depth = (TStage.EndGate<TCell>() * h) - first;
        Launch(
            new RecurrentBackStep<TCell, TStage, TLoads>
            {
                HiddenSize = h,
                Time = time,
                Later = new TileOperand
                {
                    Data = View(From(memory.Gates(isEnd || TStage.FollowsReset ? step : step + 1), first)),
                    Rows = plan.Batch,
                    RowStride = plan.Saved * h,
                    Depth = isEnd ? 0 : depth,
                    GapAt = side - h,
                    Gap = (TCell.LastHiddenBlock - (plan.Gates - 1)) * h,
                },
                Weights = new TileOperand
                {
                    Data = View(From(transposed, first)),
                    Rows = h,
                    RowStride = side,
                    Depth = depth,
                    GapAt = side,
                },
                Incoming = View(TStage.FollowsReset ? default : last ? g.DHN : direct),
                Direct = View(direct),
                DH0 = View(only ? g.DH0 : default),
                Gates = View(memory.Gates(own)),
                DY = View(At(g.DY, time)),
                DYBatchStride = g.DY.BatchStride,
                Before = View(memory.Before(own)),
                CellBefore = View(memory.CellBefore(own)),
                DCell = View(last ? g.DCN : dCell),
                DCellBefore = View(step == 0 && !g.DC0.IsAbsent ? g.DC0 : dCell),
                KeepHidden = View(At(plan, a.KeepHidden, time)),
                KeepCell = View(At(plan, a.KeepCell, time)),
                Lengths = View(a.Lengths),
            },
            plan.GpuTiles);
    }

    private void WatchLengths(string operation, in RecurrentPlan plan, DeviceSpan<int> lengths)
    {
        if (lengths.IsAbsent)
            return;
        var steps = plan.Steps;
        var (notes, number) = problems.Watch((_, length) => RecurrentChecks.WrongLength(operation, steps, length));
        Launch(new RecurrentLengths { Lengths = View(lengths), Steps = steps, Notes = notes, Number = number },
            (lengths.Length + 255) / 256);
    }

    private void SetState(DeviceSpan<float> from, DeviceSpan<float> to)
    {
        var layout = Layout.Contiguous([to.Length]);
        if (from.IsAbsent)
            Fill(new StridedSpan(to, layout), 0f);
        else
            Copy(new StridedSpan(from, layout), new StridedSpan(to, layout));
    }

    private void CopyState(DeviceSpan<float> from, DeviceSpan<float> to)
    {
        if (!to.IsAbsent)
            SetState(from, to);
    }

    private static DeviceSpan<float> From(DeviceSpan<float> x, int first) => x.Slice(first, x.Length - first);

    private static DeviceSpan<float> At(in SequenceSpan x, int time) =>
        x.Data.IsAbsent ? default : x.Data.Slice(time * x.StepStride, x.Data.Length - (time * x.StepStride));

    private static DeviceSpan<float> At(in RecurrentPlan plan, DeviceSpan<float> states, int time) =>
        states.IsAbsent ? default : states.Slice(time * plan.StateSize, plan.StateSize);
}
