using SeqCore.Kernels.Cells;

namespace SeqCore.Kernels.Recurrent;

/// <summary>Rejects arguments whose memory does not fit the sizes, and names them.</summary>
internal static class RecurrentChecks
{
    internal static void Forward<TCell>(string operation, in RecurrentPlan plan, in RecurrentArguments a,
        in RecurrentOutputs outputs)
        where TCell : struct, IRecurrentCell
    {
        Arguments<TCell>(operation, plan, a);
        Sequence(operation, "Y", outputs.Y, plan, plan.HiddenSize, false);
        State(operation, "HN", outputs.HN, plan);
        State(operation, "CN", outputs.CN, plan);
        if (!TCell.HasCell && !outputs.CN.IsAbsent)
            throw new ArgumentException($"{operation}: this cell has no cell state, so CN should be absent.");
    }

    internal static void Backward<TCell>(string operation, in RecurrentPlan plan, in RecurrentArguments a,
        in RecurrentGradients g)
        where TCell : struct, IRecurrentCell
    {
        if (a.Workspace.IsAbsent)
            throw new ArgumentException($"{operation}: the workspace that the forward pass filled is missing.");
        Arguments<TCell>(operation, plan, a);
        Sequence(operation, "DY", g.DY, plan, plan.HiddenSize, true);
        Sequence(operation, "DX", g.DX, plan, plan.InputSize, true);
        State(operation, "DHN", g.DHN, plan);
        State(operation, "DCN", g.DCN, plan);
        State(operation, "DH0", g.DH0, plan);
        State(operation, "DC0", g.DC0, plan);
        Weights(operation, "gradient of ", g.Weights, plan, required: false);
    }

    /// <summary>Checks the values of the lengths, if they are in the host's memory.</summary>
    internal static void Lengths(string operation, in RecurrentPlan plan, DeviceSpan<int> lengths)
    {
        foreach (var length in lengths.AsHostSpan())
        {
            if (length < 0 || length > plan.Steps)
                throw new ArgumentException(WrongLength(operation, plan.Steps, length));
        }
    }

    internal static string WrongLength(string operation, int steps, int length) =>
        $"{operation}: lengths should lie in [0, T] = [0, {steps}]; got {length}.";

    private static void Arguments<TCell>(string operation, in RecurrentPlan plan, in RecurrentArguments a)
        where TCell : struct, IRecurrentCell
    {
        Sequence(operation, "X", a.X, plan, plan.InputSize, false);
        Weights(operation, "", a.Weights, plan, required: true);
        State(operation, "H0", a.H0, plan);
        State(operation, "C0", a.C0, plan);
        if (!a.Lengths.IsAbsent)
            Exactly(operation, "Lengths", "(B)", plan.Batch, a.Lengths.Length);
        if (!a.KeepHidden.IsAbsent)
            Exactly(operation, "KeepHidden", "(T, B, H)", (long)plan.Steps * plan.StateSize, a.KeepHidden.Length);
        if (!a.KeepCell.IsAbsent)
            Exactly(operation, "KeepCell", "(T, B, H)", (long)plan.Steps * plan.StateSize, a.KeepCell.Length);
        if (!a.Workspace.IsAbsent)
            Exactly(operation, "Workspace", "the workspace's size", plan.Workspace(TCell.HasCell), a.Workspace.Length);
        if (!TCell.HasCell && !(a.C0.IsAbsent && a.KeepCell.IsAbsent))
            throw new ArgumentException($"{operation}: this cell has no cell state, so C0 and KeepCell should be absent.");
    }

    private static void Weights(string operation, string prefix, in RecurrentWeights w, in RecurrentPlan plan, bool required)
    {
        var side = (long)plan.Gates * plan.HiddenSize;
        Rows("WeightIh", ", I", plan, side * plan.InputSize, w.WeightIh, required);
        Rows("WeightHh", plan.DiagonalBlocks > 1 ? ", H / K" : ", H", plan, side * plan.DiagonalSize, w.WeightHh, required);
        Rows("BiasIh", "", plan, side, w.BiasIh, required: false);
        Rows("BiasHh", "", plan, side, w.BiasHh, required: false);

        // The text is formatted only for an error: a stream checks its weights at each step.
        void Rows(string name, string columns, in RecurrentPlan plan, long count, DeviceSpan<float> memory, bool required)
        {
            if ((required || !memory.IsAbsent) && memory.Length != count)
                Exactly(operation, prefix + name, $"({plan.Gates} H{columns})", count, memory.Length);
        }
    }

    private static void State(string operation, string name, DeviceSpan<float> state, in RecurrentPlan plan)
    {
        if (!state.IsAbsent)
            Exactly(operation, name, "(B, H)", plan.StateSize, state.Length);
    }

    private static void Sequence(string operation, string name, in SequenceSpan s, in RecurrentPlan plan,
        int width, bool optional)
    {
        if ((optional && s.Data.IsAbsent) || plan.Batch == 0 || plan.Steps == 0)
            return;
        var last = ((plan.Batch - 1) * (long)s.BatchStride) + ((plan.Steps - 1) * (long)s.StepStride) + width;
        if (s.BatchStride < 0 || s.StepStride < 0 || last > s.Data.Length)
        {
            throw new ArgumentException($"{operation}: {name} of (B, T, width) = ({plan.Batch}, {plan.Steps}, {width}) with"
                + $" strides {s.BatchStride} and {s.StepStride} needs {last} elements; its memory has {s.Data.Length}.");
        }
    }

    private static void Exactly(string operation, string name, string expected, long count, int actual)
    {
        if (count != actual)
            throw new ArgumentException($"{operation}: {name} should have {expected} = {count} elements; got {actual}.");
    }
}
