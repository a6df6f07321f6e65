using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Cells;

/// <summary>
/// Long short-term memory with a forget gate (Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000), as in
/// PyTorch's LSTM. With a = W_ih x + b_ih + W_hh h + b_hh, in blocks i, f, g, o, and PyTorch's sigmoid and tanh for s and t:
/// <code>
/// i = s(a_i)         f = s(a_f)         g = t(a_g)      o = s(a_o)
/// c' = f c + i g     h' = o t(c')
/// dO = dH t(c')      dC = dC' + dH o t'(c')
/// dI = dC g          dF = dC c          dG = dC i       dC_previous = dC f
/// </code>
/// and each gate's gradient is multiplied by the derivative of its activation. Saved: i, f, g, o, from which c' is computed
/// again.
/// </summary>
/// <typeparam name="TGate">s, the activation of the gates.</typeparam>
/// <typeparam name="TState">t, the activation of the candidate and of the cell state.</typeparam>
public readonly struct LstmCell<TGate, TState> : IRecurrentCell
    where TGate : struct, ICellActivation
    where TState : struct, ICellActivation
{
    /// <inheritdoc/>
    public static string Name => "Lstm";

    /// <inheritdoc/>
    public static int Gates => 4;

    /// <inheritdoc/>
    public static int Saved => 4;

    /// <inheritdoc/>
    public static bool HasCell => true;

    /// <inheritdoc/>
    public static int LastHiddenBlock => 3;

    /// <inheritdoc/>
    public static int? ForgetGate => 1;

    /// <inheritdoc/>
    public static int ResetBlock => -1;

    /// <inheritdoc/>
    public static bool PassesState => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<T, TUnit>(ref TUnit unit) where T : struct, ILane<T> where TUnit : struct, IForwardUnit<T>
    {
        var i = TGate.Of(unit.Input(0) + unit.Recurrent(0));
        var f = TGate.Of(unit.Input(1) + unit.Recurrent(1));
        var g = TState.Of(unit.Input(2) + unit.Recurrent(2));
        var o = TGate.Of(unit.Input(3) + unit.Recurrent(3));
        unit.Save(0, i);
        unit.Save(1, f);
        unit.Save(2, g);
        unit.Save(3, o);
        var c = T.MultiplyAdd(f, unit.PreviousCell, i * g);
        unit.SetCell(c);
        unit.SetHidden(o * TState.Of(c));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<T, TUnit>(ref TUnit unit, T dHidden, T dCell)
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T>
    {
        T i = unit.Saved(0), f = unit.Saved(1), g = unit.Saved(2), o = unit.Saved(3), previous = unit.PreviousCell;
        var squashed = TState.Of(T.MultiplyAdd(f, previous, i * g));
        var dC = T.MultiplyAdd(dHidden * o, TState.Derivative(squashed), dCell);
        unit.SetPreviousCellGradient(dC * f);
        unit.SetGradient(0, TGate.Backward(dC * g, i));
        unit.SetGradient(1, TGate.Backward(dC * previous, f));
        unit.SetGradient(2, TState.Backward(dC * i, g));
        unit.SetGradient(3, TGate.Backward(dHidden * squashed, o));
    }
}
