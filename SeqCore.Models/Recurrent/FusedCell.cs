using SeqCore.Functions;
using SeqCore.Kernels;
using SeqCore.Kernels.Cells;

namespace SeqCore.Models;

/// <summary>
/// The cell of a <see cref="FusedRecurrentLayer"/> as an object, which selects the type parameter of the kernels at run time.
/// </summary>
public abstract class FusedCell
{
    private FusedCell()
    {
    }

    /// <summary>The number of gates, each of which has a block of H rows in the weights.</summary>
    public abstract int Gates { get; }

    /// <summary>Whether the cell has a cell state beside its hidden state.</summary>
    public abstract bool HasCell { get; }

    /// <summary>Whether the reset gate is applied before the product.</summary>
    internal abstract bool ResetsFirst { get; }

    /// <summary>
    /// The index of the gate whose bias <see cref="RecurrentLayerOptions.ForgetGateBias"/> sets; null if there is none.
    /// </summary>
    internal abstract int? ForgetGate { get; }

    /// <summary>The activation that the options selected; null if the cell has a fixed one.</summary>
    internal RecurrentActivation? Activation { get; private init; }

    /// <summary>The activation of the gates that the options selected; null if the cell has a fixed one.</summary>
    internal RecurrentActivation? GateActivation { get; private init; }

    /// <summary>Makes the object of a cell with the equations of a kernel or with custom ones.</summary>
    /// <typeparam name="TCell">The equations of the cell.</typeparam>
    /// <exception cref="ArgumentException">
    /// A constant of the cell is out of range, or its equations use one that is; the message names the cell and the member.
    /// </exception>
    public static FusedCell Of<TCell>() where TCell : struct, IRecurrentCell
    {
        // The sizes do not matter: the cell is checked with them.
        Backend.RecurrentWorkspace<TCell>(new RecurrentShape(1, 1, 1, 1));
        return new OfCell<TCell>();
    }

    internal static FusedCell Lstm(RecurrentLayerOptions? options = null) => Choose<LstmCells>(nameof(Lstm), options ?? new());

    internal static FusedCell Gru(RecurrentLayerOptions? options = null) => options is { ResetAfter: false }
        ? Choose<ResetFirstGruCells>(nameof(Gru), options)
        : Choose<GruCells>(nameof(Gru), options ?? new());

    internal static FusedCell Rnn(RecurrentLayerOptions? options = null) => Choose<RnnCells>(nameof(Rnn), options ?? new());

    /// <summary>Runs one layer in one direction over whole sequences; returns y, hN and, with a cell state, cN.</summary>
    internal abstract Variable[] Run(Variable x, DirectionWeights w, Variable weightHh, Variable? h0, Variable? c0,
        RecurrentOptions? options = null);

    /// <summary>Runs one forward layer on its kernel, without a tape.</summary>
    internal abstract void Step(Backend backend, in RecurrentArguments arguments, in RecurrentOutputs outputs);

    private static FusedCell Choose<TCells>(string owner, RecurrentLayerOptions options) where TCells : struct, ICells
    {
        options.Check(owner);
        return options.GateActivation switch
        {
            RecurrentActivation.Sigmoid => Choose<TCells, SigmoidActivation>(options),
            RecurrentActivation.HardSigmoid => Choose<TCells, HardSigmoidActivation>(options),
            _ => throw new ArgumentOutOfRangeException(nameof(options.GateActivation), options.GateActivation,
                $"{owner}: {nameof(options.GateActivation)} should have values in [0, 1], as Sigmoid and HardSigmoid have."),
        };
    }

    private static FusedCell Choose<TCells, TGate>(RecurrentLayerOptions options)
        where TCells : struct, ICells
        where TGate : struct, ICellActivation =>
        options.Nonlinearity switch
        {
            RecurrentActivation.Tanh => TCells.With<TGate, TanhActivation>(options),
            RecurrentActivation.Relu => TCells.With<TGate, ReluActivation>(options),
            RecurrentActivation.Sigmoid => TCells.With<TGate, SigmoidActivation>(options),
            _ => TCells.With<TGate, HardSigmoidActivation>(options),
        };

    // The cells that differ only in their activations.
    private interface ICells
    {
        static abstract FusedCell With<TGate, TState>(RecurrentLayerOptions options)
            where TGate : struct, ICellActivation
            where TState : struct, ICellActivation;
    }

    private readonly struct LstmCells : ICells
    {
        public static FusedCell With<TGate, TState>(RecurrentLayerOptions options)
            where TGate : struct, ICellActivation
            where TState : struct, ICellActivation =>
            new OfCell<LstmCell<TGate, TState>>
            {
                Activation = options.Nonlinearity,
                GateActivation = options.GateActivation,
            };
    }

    private readonly struct GruCells : ICells
    {
        public static FusedCell With<TGate, TState>(RecurrentLayerOptions options)
            where TGate : struct, ICellActivation
            where TState : struct, ICellActivation =>
            new OfCell<GruCell<TGate, TState>>
            {
                Activation = options.Nonlinearity,
                GateActivation = options.GateActivation,
            };
    }

    private readonly struct ResetFirstGruCells : ICells
    {
        public static FusedCell With<TGate, TState>(RecurrentLayerOptions options)
            where TGate : struct, ICellActivation
            where TState : struct, ICellActivation =>
            new OfCell<ResetFirstGruCell<TGate, TState>>
            {
                Activation = options.Nonlinearity,
                GateActivation = options.GateActivation,
            };
    }

    private readonly struct RnnCells : ICells
    {
        public static FusedCell With<TGate, TState>(RecurrentLayerOptions options)
            where TGate : struct, ICellActivation
            where TState : struct, ICellActivation =>
            new OfCell<RnnCell<TState>> { Activation = options.Nonlinearity };
    }

    private sealed class OfCell<TCell> : FusedCell where TCell : struct, IRecurrentCell
    {
        public override int Gates => TCell.Gates;

        public override bool HasCell => TCell.HasCell;

        internal override int? ForgetGate => TCell.ForgetGate;

        internal override bool ResetsFirst => TCell.ResetBlock >= 0;

        internal override Variable[] Run(Variable x, DirectionWeights w, Variable weightHh, Variable? h0, Variable? c0,
            RecurrentOptions? options) =>
            new RecurrentFunction<TCell>(x, w.WeightIh, weightHh, w.BiasIh, w.BiasHh, h0, c0, options).ApplyMany();

        internal override void Step(Backend backend, in RecurrentArguments arguments, in RecurrentOutputs outputs) =>
            backend.RecurrentForward<TCell>(arguments, outputs);
    }
}
