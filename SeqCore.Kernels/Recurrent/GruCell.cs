using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Cells;

/// <summary>
/// Gated recurrent unit (Cho et al., arXiv:1406.1078) with the reset gate after the product, as in PyTorch's GRU, where s and t
/// are the sigmoid and the tanh:
/// <code>
/// r = s(a_r)   z = s(a_z)   q = W_hn h + b_hn   n = t(W_in x + b_in + r q)   h' = n + z (h - n)
/// dZ = dH (h - n)    dN = dH (1 - z)    dA_n = dN t'    dR = dA_n q    dQ = dA_n r    dH_previous = dH z + ...
/// </code>
/// Differs from the paper: there the reset gate multiplies h before the product. Saved: r, z, n, q; the gradient of the last
/// gate is dA_n on the inputs' side (block 2) and dQ on the hidden side (block 3).
/// </summary>
/// <typeparam name="TGate">s, the activation of the gates.</typeparam>
/// <typeparam name="TState">t, the activation of the candidate.</typeparam>
public readonly struct GruCell<TGate, TState> : IRecurrentCell
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
    public static int LastHiddenBlock => 3;

    /// <inheritdoc/>
    public static int ResetBlock => -1;

    /// <inheritdoc/>
    public static bool PassesState => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<T, TUnit>(ref TUnit unit) where T : struct, ILane<T> where TUnit : struct, IForwardUnit<T>
    {
        var r = TGate.Of(unit.Input(0) + unit.Recurrent(0));
        var z = TGate.Of(unit.Input(1) + unit.Recurrent(1));
        var q = unit.Recurrent(2);
        var n = TState.Of(T.MultiplyAdd(r, q, unit.Input(2)));
        unit.Save(0, r);
        unit.Save(1, z);
        unit.Save(2, n);
        unit.Save(3, q);
        unit.SetHidden(T.MultiplyAdd(z, unit.PreviousHidden - n, n));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<T, TUnit>(ref TUnit unit, T dHidden, T dCell)
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T>
    {
        T r = unit.Saved(0), z = unit.Saved(1), n = unit.Saved(2), q = unit.Saved(3);
        var dA = TState.Backward(dHidden * (T.Constant(1f) - z), n);
        unit.SetPreviousHiddenGradient(dHidden * z);
        unit.SetGradient(0, TGate.Backward(dA * q, r));
        unit.SetGradient(1, TGate.Backward(dHidden * (unit.PreviousHidden - n), z));
        unit.SetGradient(2, dA);
        unit.SetGradient(3, dA * r);
    }
}
