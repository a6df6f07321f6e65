using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Cells;

/// <summary>
/// Gated recurrent unit with the reset gate before the product (Cho et al., arXiv:1406.1078, equations 5 to 8; Keras's
/// reset_after=False, ONNX's linear_before_reset=0), where s and t are the sigmoid and the tanh:
/// <code>
/// r = s(a_r)   z = s(a_z)   m = r h   n = t(W_in x + b_in + W_hn m + b_hn)   h' = n + z (h - n)
/// dZ = dH (h - n)    dN = dH (1 - z)    dA_n = dN t'    dM = W_hn' dA_n    dR = dM h    dH_previous = dH z + dM r + ...
/// </code>
/// A step has two products, since that with W_hn depends on r. Saved: r, z, n, m.
/// </summary>
/// <typeparam name="TGate">s, the activation of the gates.</typeparam>
/// <typeparam name="TState">t, the activation of the candidate.</typeparam>
public readonly struct ResetFirstGruCell<TGate, TState> : IRecurrentCell
    where TGate : struct, ICellActivation
    where TState : struct, ICellActivation
{
    /// <inheritdoc/>
    public static string Name => "Gru";

    /// <inheritdoc/>
    public static int Gates => 3;

    /// <inheritdoc/>
    public static int Saved => 4;

    /// <inheritdoc/>
    public static bool HasCell => false;

    /// <inheritdoc/>
    public static int LastHiddenBlock => 2;

    /// <inheritdoc/>
    public static int ResetBlock => 3;

    /// <inheritdoc/>
    public static bool PassesState => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Reset<T, TUnit>(ref TUnit unit) where T : struct, ILane<T> where TUnit : struct, IForwardUnit<T>
    {
        var r = TGate.Of(unit.Input(0) + unit.Recurrent(0));
        var z = TGate.Of(unit.Input(1) + unit.Recurrent(1));
        unit.Save(0, r);
        unit.Save(1, z);
        unit.Save(3, r * unit.PreviousHidden);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<T, TUnit>(ref TUnit unit) where T : struct, ILane<T> where TUnit : struct, IForwardUnit<T>
    {
        var z = unit.Input(1);
        var n = TState.Of(unit.Input(2) + unit.Recurrent(2));
        unit.Save(2, n);
        unit.SetHidden(T.MultiplyAdd(z, unit.PreviousHidden - n, n));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<T, TUnit>(ref TUnit unit, T dHidden, T dCell)
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T>
    {
        T z = unit.Saved(1), n = unit.Saved(2);
        unit.SetPreviousHiddenGradient(dHidden * z);
        unit.SetGradient(1, TGate.Backward(dHidden * (unit.PreviousHidden - n), z));
        unit.SetGradient(2, TState.Backward(dHidden * (T.Constant(1f) - z), n));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BackwardReset<T, TUnit>(ref TUnit unit, T dReset)
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T>
    {
        var r = unit.Saved(0);
        unit.AddPreviousHiddenGradient(dReset * r);
        unit.SetGradient(0, TGate.Backward(dReset * unit.PreviousHidden, r));
    }
}
