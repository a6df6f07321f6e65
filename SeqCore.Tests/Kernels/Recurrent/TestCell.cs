using SeqCore.Kernels;
using SeqCore.Kernels.Cells;
using SeqCore.Tests.Kernels.Simd;
using Plain = SeqCore.Kernels.Definition;

namespace SeqCore.Tests.Kernels.Recurrent;

/// <summary>The cells that the tests of recurrent layers run over.</summary>
internal enum CellKind
{
    Lstm,
    Gru,
    Tanh,
    Relu,
    HardLstm,
    HardGru,
    CoupledLstm,
    ResetFirstGru,
    ResetFirstTanh,
}

/// <summary>A cell chosen by its name: its kernels, its equations over double, and its plain definition.</summary>
internal abstract class TestCell
{
    internal required Plain.Cell Definition { get; init; }

    internal abstract int Gates { get; }

    internal abstract bool HasCell { get; }

    internal static TestCell Of(CellKind kind) => kind switch
    {
        CellKind.Lstm => new TestCell<LstmCell<SigmoidActivation, TanhActivation>>
        {
            Definition = Plain.LstmCell(Plain.Sigmoid, Math.Tanh),
        },
        CellKind.Gru => new TestCell<GruCell<SigmoidActivation, TanhActivation>>
        {
            Definition = Plain.GruCell(Plain.Sigmoid, Math.Tanh),
        },
        CellKind.Tanh => new TestCell<RnnCell<TanhActivation>> { Definition = Plain.RnnCell(Math.Tanh) },
        CellKind.Relu => new TestCell<RnnCell<ReluActivation>> { Definition = Plain.RnnCell(Relu) },
        CellKind.HardLstm => new TestCell<LstmCell<HardSigmoidActivation, SigmoidActivation>>
        {
            Definition = Plain.LstmCell(Plain.HardSigmoid, Plain.Sigmoid),
        },
        CellKind.HardGru => new TestCell<GruCell<HardSigmoidActivation, ReluActivation>>
        {
            Definition = Plain.GruCell(Plain.HardSigmoid, Relu),
        },
        CellKind.CoupledLstm => new TestCell<CoupledLstmCell<SigmoidActivation, TanhActivation>>
        {
            Definition = Plain.CoupledLstmCell(Plain.Sigmoid, Math.Tanh),
        },
        CellKind.ResetFirstGru => new TestCell<ResetFirstGruCell<SigmoidActivation, TanhActivation>>
        {
            Definition = Plain.ResetFirstGruCell(Plain.Sigmoid, Math.Tanh),
        },
        _ => new TestCell<ResetFirstTanhCell> { Definition = ResetFirstTanhCell.Definition },
    };

    private static double Relu(double x) => Math.Max(x, 0);

    internal abstract int Workspace(RecurrentShape shape);

    internal abstract void Forward(Backend backend, in RecurrentArguments arguments, in RecurrentOutputs outputs);

    internal abstract void Backward(Backend backend, in RecurrentArguments arguments, in RecurrentGradients gradients);

    internal abstract RecurrentFunctionCall Function { get; }

    /// <summary>Whether the last gate's product waits for what <see cref="Reset"/> gives.</summary>
    internal abstract bool ResetsFirst { get; }

    /// <summary>What the last gate's recurrent weights multiply in place of the hidden state.</summary>
    internal abstract double Reset(double[] inputs, double[] recurrent, double hidden);

    /// <summary>One step of one unit: the gates' sums of both sides, with their biases, and the state before.</summary>
    internal abstract (double Hidden, double Cell) Step(double[] inputs, double[] recurrent, double hidden, double cell);
}

/// <summary>Makes the operation over whole sequences.</summary>
internal delegate MultiFunction RecurrentFunctionCall(Variable x, Variable weightIh, Variable weightHh, Variable? biasIh,
    Variable? biasHh, Variable? h0, Variable? c0, Functions.RecurrentOptions? options);

internal sealed class TestCell<TCell> : TestCell where TCell : struct, IRecurrentCell
{
    internal override int Gates => TCell.Gates;

    internal override bool HasCell => TCell.HasCell;

    internal override RecurrentFunctionCall Function => (x, weightIh, weightHh, biasIh, biasHh, h0, c0, options) =>
        new Functions.RecurrentFunction<TCell>(x, weightIh, weightHh, biasIh, biasHh, h0, c0, options);

    internal override int Workspace(RecurrentShape shape) => Backend.RecurrentWorkspace<TCell>(shape);

    internal override void Forward(Backend backend, in RecurrentArguments arguments, in RecurrentOutputs outputs) =>
        backend.RecurrentForward<TCell>(arguments, outputs);

    internal override void Backward(Backend backend, in RecurrentArguments arguments, in RecurrentGradients gradients) =>
        backend.RecurrentBackward<TCell>(arguments, gradients);

    internal override bool ResetsFirst => TCell.ResetBlock >= 0;

    internal override double Reset(double[] inputs, double[] recurrent, double hidden)
    {
        var unit = new DoubleUnit([.. inputs], recurrent, hidden, 0);
        TCell.Reset<LaneDouble, DoubleUnit>(ref unit);
        return unit.Saved[TCell.ResetBlock];
    }

    internal override (double Hidden, double Cell) Step(double[] inputs, double[] recurrent, double hidden, double cell)
    {
        var unit = new DoubleUnit([.. inputs], recurrent, hidden, cell);
        if (ResetsFirst)
            TCell.Reset<LaneDouble, DoubleUnit>(ref unit);
        TCell.Forward<LaneDouble, DoubleUnit>(ref unit);
        return (unit.Hidden, unit.Cell);
    }

    private struct DoubleUnit(double[] inputs, double[] recurrent, double hidden, double cell) : IForwardUnit<LaneDouble>
    {
        internal double Hidden { get; private set; } = hidden;

        internal double Cell { get; private set; } = cell;

        public readonly LaneDouble PreviousHidden => Hidden;

        public readonly LaneDouble PreviousCell => Cell;

        public readonly LaneDouble Input(int gate) => inputs[gate];

        public readonly LaneDouble Recurrent(int gate) => recurrent[gate];

        internal double[] Saved { get; } = new double[TCell.Saved];

        // In place of a gate where the block is one.
        public readonly void Save(int block, LaneDouble value)
        {
            Saved[block] = value.Value;
            if (block < TCell.Gates)
                inputs[block] = value.Value;
        }

        public void SetCell(LaneDouble value) => Cell = value.Value;

        public void SetHidden(LaneDouble value) => Hidden = value.Value;
    }
}
