using SeqCore.Kernels.Cells;
using SeqCore.Kernels.MatMul;
using SeqCore.Kernels.Recurrent;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <summary>The number of floats of gates that inference holds at a time: 4 MB, which stay in the outer cache.</summary>
    private const int SegmentFloats = 1 << 20;

    private protected override void RunRecurrentForward<TCell>(in RecurrentPlan plan, in RecurrentArguments arguments,
        in RecurrentOutputs outputs)
    {
        RecurrentChecks.Lengths(CellName<TCell>.Forward, plan, arguments.Lengths);
        if (plan.StateSize == 0)
            return;
        using var order = SequenceOrder.Of(this, plan, arguments.Lengths.AsHostSpan());
        var keeps = !arguments.Workspace.IsAbsent;
        var segment = keeps ? plan.Steps : Math.Clamp(SegmentFloats / plan.GatesSize, 1, plan.Steps);

        // Packing the recurrent weights is not worth it for one step: its product is computed from the unpacked weights, unless a
        // part of it depends on another part.
        var packs = plan.Steps > 1 || TCell.ResetBlock >= 0;
        using var panels = packs ? HiddenPanels.Pack(this, plan, arguments.Weights.WeightHh.Pointer(), false) : default;
        using var product = packs ? default : Take((long)plan.Batch * plan.Gates * plan.HiddenSize * sizeof(float));
        using var gates = keeps ? default : Take((long)segment * plan.GatesSize * sizeof(float));
        using var states = keeps ? default : Take(3L * plan.StateSize * sizeof(float));
        using var scratch = Take((long)Parts(plan) * ForwardSteps<TCell>.ScratchSize(plan) * sizeof(float));
        using var bias = InputBias<TCell>(plan, arguments.Weights);
        using var packedInput = order.Start(plan.Steps) < PackingRows
            ? null
            : new PackedPanels(this, arguments.Weights.WeightIh.Pointer(), 1, plan.InputSize, plan.InputSize,
                plan.Gates * plan.HiddenSize);
        var run = Addresses<TCell>(plan, order, arguments);
        run.Panels = panels.Pointer;
        run.Product = product.Pointer;
        run.Scratch = scratch.Pointer;
        run.Y = outputs.Y.Data.Pointer();
        run.YBatchStride = outputs.Y.BatchStride;
        run.YStepStride = outputs.Y.StepStride;
        if (!keeps)
        {
            run.Hidden = states.Pointer;
            run.CellState = TCell.HasCell ? run.Hidden + (2 * (nint)plan.StateSize) : null;
        }

        var stop = plan.Steps;
        Initialize(plan, order, run.Before(0), arguments.H0);
        if (TCell.HasCell)
            Initialize(plan, order, run.CellBefore(0), arguments.C0);
        for (var first = 0; first < stop; first += segment)
        {
            run.FirstStep = first;
            run.EndStep = Math.Min(stop, first + segment);
            var start = arguments.Reverse ? stop - run.EndStep : first;
            var held = keeps ? arguments.Workspace.Pointer() : gates.Pointer;
            run.Gates = held - (order.Start(start) * plan.Saved * plan.HiddenSize);
            MultiplyInputs(plan, order, arguments, start, run.EndStep - first, packedInput, bias.Pointer, held);
            if (!packs)
                MultiplyHidden(plan, run, arguments.Weights.WeightHh.Pointer());
            Enter(plan, run);
        }

        CopyState(plan, order, run.Before(stop), outputs.HN);
        if (TCell.HasCell)
            CopyState(plan, order, run.CellBefore(stop), outputs.CN);
    }

    private protected override void RunRecurrentBackward<TCell>(in RecurrentPlan plan, in RecurrentArguments arguments,
        in RecurrentGradients gradients)
    {
        RecurrentChecks.Lengths(CellName<TCell>.Backward, plan, arguments.Lengths);
        using var order = SequenceOrder.Of(this, plan, arguments.Lengths.AsHostSpan());
        var passesBy = TCell.PassesState || order.IsPacked || !arguments.KeepHidden.IsAbsent;
        using var panels = HiddenPanels.Pack(this, plan, arguments.Weights.WeightHh.Pointer(), true);
        using var scratch = Take((long)Parts(plan) * BackwardSteps<TCell>.ScratchSize(plan) * sizeof(float));
        using var direct = passesBy ? Take((long)plan.StateSize * sizeof(float)) : default;
        using var dCell = TCell.HasCell ? Take((long)plan.StateSize * sizeof(float)) : default;
        var biasSize = plan.Saved * plan.HiddenSize;
        using var dBias = Take((long)plan.BiasSums * biasSize * sizeof(float));
        new Span<float>(dBias.Pointer, plan.BiasSums * biasSize).Clear();
        if (TCell.HasCell)
            Initialize(plan, order, dCell.Pointer, gradients.DCN);
        var run = new BackwardSteps<TCell>
        {
            Forward = Addresses<TCell>(plan, order, arguments),
            DY = gradients.DY.Data.Pointer(),
            DYBatchStride = gradients.DY.BatchStride,
            DYStepStride = gradients.DY.StepStride,
            DHN = gradients.DHN.Pointer(),
            DH0 = gradients.DH0.Pointer(),
            DCell = dCell.Pointer,
            Direct = direct.Pointer,
            DBias = dBias.Pointer,
        };
        run.Forward.Panels = panels.Pointer;
        run.Forward.Scratch = scratch.Pointer;
        run.Forward.Gates = arguments.Workspace.Pointer();
        if (plan.StateSize > 0)
            Enter(plan, run);
        if (TCell.HasCell)
            CopyState(plan, order, dCell.Pointer, gradients.DC0);
        RecurrentProducts.Gradients(this, plan, run, arguments, gradients);
    }

    private static ForwardSteps<TCell> Addresses<TCell>(in RecurrentPlan plan, in SequenceOrder order, in RecurrentArguments a)
        where TCell : struct, IRecurrentCell
    {
        var run = new ForwardSteps<TCell>
        {
            Plan = plan,
            Tasks = plan.Tasks,
            Reverse = a.Reverse,
            HasInitial = !a.H0.IsAbsent,
            StoresAllSteps = !a.Workspace.IsAbsent,
            Order = order,
            KeepHidden = a.KeepHidden.Pointer(),
            KeepCell = a.KeepCell.Pointer(),
            HiddenBias = RecurrentPlan.SplitsLastGate<TCell>()
                && !a.Weights.BiasHh.IsAbsent ? a.Weights.BiasHh.Pointer() + ((plan.Gates - 1) * plan.HiddenSize) : null,
        };
        if (run.StoresAllSteps)
        {
            run.Hidden = a.Workspace.Pointer() + ((nint)plan.Steps * plan.GatesSize);
            run.CellState = TCell.HasCell ? run.Hidden + ((plan.Steps + 1) * (nint)plan.StateSize) : null;
        }

        return run;
    }

    // Gates of all steps in memory = x W_ih' + bias.
    private void MultiplyInputs(in RecurrentPlan plan, in SequenceOrder order, in RecurrentArguments a, int start, int steps,
        PackedPanels? packed, float* bias, float* gates)
    {
        using var copy = RecurrentProducts.Rows(this, a.X, plan.Batch, order, start, steps, plan.InputSize, out var x);
        Multiply(
            new Product
            {
                M = (int)(order.Start(start + steps) - order.Start(start)),
                N = plan.Gates * plan.HiddenSize,
                K = plan.InputSize,
                A = x,
                ARowStride = plan.InputSize,
                AColumnStride = 1,
                B = a.Weights.WeightIh.Pointer(),
                BRowStride = 1,
                BColumnStride = plan.InputSize,
                Packed = packed,
                C = gates,
                CStride = plan.Saved * plan.HiddenSize,
                Bias = bias,
                Alpha = 1f,
            },
            Workers);
    }

    private void MultiplyHidden<TCell>(in RecurrentPlan plan, in ForwardSteps<TCell> run, float* weights)
        where TCell : struct, IRecurrentCell
    {
        Multiply(
            new Product
            {
                M = plan.Batch,
                N = plan.Gates * plan.HiddenSize,
                K = plan.HiddenSize,
                A = run.Before(0),
                ARowStride = plan.HiddenSize,
                AColumnStride = 1,
                B = weights,
                BRowStride = 1,
                BColumnStride = plan.HiddenSize,
                C = run.Product,
                CStride = plan.Gates * plan.HiddenSize,
                Alpha = 1f,
            },
            Workers);
    }

    // Both biases are added to the inputs' part, except for the GRU's last gate, whose hidden bias is multiplied by the reset
    // gate.
    private Scratch InputBias<TCell>(in RecurrentPlan plan, in RecurrentWeights weights)
        where TCell : struct, IRecurrentCell
    {
        if (weights.BiasIh.IsAbsent && weights.BiasHh.IsAbsent)
            return default;
        var size = plan.Gates * plan.HiddenSize;
        var sum = Take((long)size * sizeof(float));
        float* to = sum.Pointer, x = weights.BiasIh.Pointer(), h = weights.BiasHh.Pointer();
        var hidden = RecurrentPlan.SplitsLastGate<TCell>() ? size - plan.HiddenSize : size;
        for (var i = 0; i < size; i++)
            to[i] = (x == null ? 0f : x[i]) + (h == null || i >= hidden ? 0f : h[i]);
        return sum;
    }

    private void Enter<TSteps>(in RecurrentPlan plan, in TSteps steps) where TSteps : struct, ISequenceSteps<TSteps>
    {
        var region = new SimdRegion<TSteps>(steps);
        var rows = plan.SequencesOfPart(Threads);
        if (rows > 0)
        {
            var chunks = new SequenceChunks<TSteps>(steps, plan, rows);
            Workers.For(Parts(plan), ref chunks);
        }
        else
        {
            Workers.Region(plan.ThreadsOfStep(Threads), ref region);
        }
    }

    /// <summary>Returns the number of parts of the work that need temporary memory of their own.</summary>
    private int Parts(in RecurrentPlan plan)
    {
        var rows = plan.SequencesOfPart(Threads);
        return rows > 0 ? (plan.Batch + rows - 1) / rows : Threads;
    }

    // States are in the order of the batch outside, and in that of the sequences inside.
    private static void Initialize(in RecurrentPlan plan, in SequenceOrder order, float* to, DeviceSpan<float> from)
    {
        var h = plan.HiddenSize;
        for (var b = 0; b < plan.Batch; b++)
        {
            var state = new Span<float>(to + ((nint)b * h), h);
            if (from.IsAbsent)
                state.Clear();
            else
                from.AsHostSpan().Slice(order.Sequence(b) * h, h).CopyTo(state);
        }
    }

    private static void CopyState(in RecurrentPlan plan, in SequenceOrder order, float* from, DeviceSpan<float> to)
    {
        var h = plan.HiddenSize;
        for (var b = 0; b < plan.Batch && !to.IsAbsent; b++)
            new Span<float>(from + ((nint)b * h), h).CopyTo(to.AsHostSpan().Slice(order.Sequence(b) * h, h));
    }
}
