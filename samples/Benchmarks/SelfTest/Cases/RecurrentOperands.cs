using SeqCore.Kernels;
using SeqCore.Kernels.Cells;

namespace SeqCore.Benchmarks;

/// <summary>The options of a recurrent layer.</summary>
internal enum RecurrentVariant
{
    /// <summary>No options.</summary>
    Plain,

    /// <summary>Time runs backwards, from a given state.</summary>
    Reversed,

    /// <summary>Sequences of different lengths, from a given state.</summary>
    Lengths,

    /// <summary>Parts of the previous state are kept.</summary>
    Zoneout,
}

/// <summary>A kind of recurrent layer.</summary>
internal sealed record RecurrentCell(string Name, int Gates, bool HasCell, Func<RecurrentShape, int> Workspace,
    Action<Backend, RecurrentArguments, RecurrentOutputs> Forward,
    Action<Backend, RecurrentArguments, RecurrentGradients> Backward)
{
    internal static RecurrentCell Of<TCell>(string name) where TCell : struct, IRecurrentCell =>
        new(name, TCell.Gates, TCell.HasCell, Backend.RecurrentWorkspace<TCell>,
            static (b, a, y) => b.RecurrentForward<TCell>(a, y), static (b, a, g) => b.RecurrentBackward<TCell>(a, g));
}

/// <summary>The operands of one recurrent layer.</summary>
internal sealed class RecurrentOperands
{
    private readonly KernelOperands operands;
    private readonly RecurrentCell cell;
    private readonly RecurrentShape shape;

    internal RecurrentOperands(KernelOperands o, RecurrentCell cell, RecurrentShape s, RecurrentVariant variant)
    {
        (operands, this.cell, shape) = (o, cell, s);
        var deviation = 0.5f / MathF.Sqrt(s.HiddenSize);
        int gates = cell.Gates * s.HiddenSize, states = s.Batch * s.HiddenSize;
        var started = variant is RecurrentVariant.Reversed or RecurrentVariant.Lengths;
        var zoneout = variant == RecurrentVariant.Zoneout;
        Arguments = new RecurrentArguments
        {
            Shape = s,
            X = SequenceSpan.BatchFirst(o.Normal(s.Batch * s.Steps * s.InputSize), s.Steps, s.InputSize),
            Weights = new RecurrentWeights(o.Normal(gates * s.InputSize, deviation), o.Normal(gates * s.HiddenSize, deviation),
                o.Normal(gates, deviation), o.Normal(gates, deviation)),
            H0 = started ? o.Normal(states) : default,
            C0 = started && cell.HasCell ? o.Normal(states) : default,
            Lengths = variant == RecurrentVariant.Lengths ? o.Put(Inputs.Pattern(s.Batch, s.Steps + 1)) : default,
            KeepHidden = zoneout ? o.Uniform(s.Steps * states, 0f, 1f) : default,
            KeepCell = zoneout && cell.HasCell ? o.Uniform(s.Steps * states, 0f, 1f) : default,
            Reverse = variant == RecurrentVariant.Reversed,
            Workspace = o.Scratch(cell.Workspace(s)),
        };
    }

    internal RecurrentArguments Arguments { get; }

    internal RecurrentOutputs Outputs(bool compared)
    {
        var states = shape.Batch * shape.HiddenSize;
        return new RecurrentOutputs(SequenceSpan.BatchFirst(Memory(shape.Steps * states), shape.Steps, shape.HiddenSize),
            Memory(states), cell.HasCell ? Memory(states) : default);

        DeviceSpan<float> Memory(int count) => compared ? operands.Result(count) : operands.Scratch(count);
    }

    internal RecurrentGradients Gradients()
    {
        int gates = cell.Gates * shape.HiddenSize, states = shape.Batch * shape.HiddenSize;
        var started = !Arguments.H0.IsAbsent;
        return new RecurrentGradients
        {
            DY = SequenceSpan.BatchFirst(operands.Normal(shape.Steps * states), shape.Steps, shape.HiddenSize),
            DHN = started ? operands.Normal(states) : default,
            DCN = started && cell.HasCell ? operands.Normal(states) : default,
            DX = SequenceSpan.BatchFirst(operands.Result(shape.Batch * shape.Steps * shape.InputSize),
                shape.Steps, shape.InputSize),
            DH0 = started ? operands.Result(states) : default,
            DC0 = started && cell.HasCell ? operands.Result(states) : default,
            Weights = new RecurrentWeights(operands.Result(gates * shape.InputSize), operands.Result(gates * shape.HiddenSize),
                operands.Result(gates), operands.Result(gates)),
        };
    }
}
