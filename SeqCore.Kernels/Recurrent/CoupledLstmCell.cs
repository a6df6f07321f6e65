using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Cells;

/// <summary>
/// Long short-term memory whose input gate is coupled to the forget gate, i = 1 - f (Greff et al., "LSTM: A search space
/// odyssey", arXiv:1503.04069, variant CIFG): three gates f, g, o in place of four. With a = W_ih x + b_ih + W_hh h + b_hh:
/// <code>
/// f = s(a_f)           g = t(a_g)              o = s(a_o)
/// c' = g + f (c - g)   h' = o t(c')
/// dO = dH t(c')        dC = dC' + dH o t'(c')
/// dF = dC (c - g)      dG = dC (1 - f)         dC_previous = dC f
/// </code>
/// and each gate's gradient is multiplied by the derivative of its activation. Saved: f, g, o, from which c' is computed again.
/// </summary>
/// <typeparam name="TGate">s, the activation of the gates.</typeparam>
/// <typeparam name="TState">t, the activation of the candidate and of the cell state.</typeparam>
public readonly struct CoupledLstmCell<TGate, TState> : IRecurrentCell
    where TGate : struct, ICellActivation
    where TState : struct, ICellActivation
{
    /// <inheritdoc/>
    public static string Name => "CoupledLstm";

    /// <inheritdoc/>
    public static int Gates => 3;

    /// <inheritdoc/>
    public static int Saved => 3;

    /// <inheritdoc/>
    public static bool HasCell => true;

    /// <inheritdoc/>
    public static int LastHiddenBlock => 2;

    /// <inheritdoc/>
    public static int? ForgetGate => 0;

    /// <inheritdoc/>
    public static int ResetBlock => -1;

    /// <inheritdoc/>
    public static bool PassesState => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<T, TUnit>(ref TUnit unit) where T : struct, ILane<T> where TUnit : struct, IForwardUnit<T>
    {
        var f = TGate.Of(unit.Input(0) + unit.Recurrent(0));
        var g = TState.Of(unit.Input(1) + unit.Recurrent(1));
        var o = TGate.Of(unit.Input(2) + unit.Recurrent(2));
        unit.Save(0, f);
        unit.Save(1, g);
        unit.Save(2, o);
        var c = T.MultiplyAdd(f, unit.PreviousCell - g, g);
        unit.SetCell(c);
        unit.SetHidden(o * TState.Of(c));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<T, TUnit>(ref TUnit unit, T dHidden, T dCell)
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T>
    {
        T f = unit.Saved(0), g = unit.Saved(1), o = unit.Saved(2), change = unit.PreviousCell - g;
        var squashed = TState.Of(T.MultiplyAdd(f, change, g));
        var dC = T.MultiplyAdd(dHidden * o, TState.Derivative(squashed), dCell);
        unit.SetPreviousCellGradient(dC * f);
        unit.SetGradient(0, TGate.Backward(dC * change, f));
        unit.SetGradient(1, TState.Backward(dC * (T.Constant(1f) - f), g));
        unit.SetGradient(2, TGate.Backward(dHidden * squashed, o));
    }
}
