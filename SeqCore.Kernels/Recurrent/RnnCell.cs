using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Cells;

/// <summary>
/// The Elman cell (Elman, "Finding structure in time", 1990): h' = t(W_ih x + b_ih + W_hh h + b_hh). Saved: h'.
/// </summary>
/// <typeparam name="TState">t, the activation.</typeparam>
public readonly struct RnnCell<TState> : IRecurrentCell where TState : struct, ICellActivation
{
    /// <inheritdoc/>
    public static string Name => "Rnn";

    /// <inheritdoc/>
    public static int Gates => 1;

    /// <inheritdoc/>
    public static int Saved => 1;

    /// <inheritdoc/>
    public static bool HasCell => false;

    /// <inheritdoc/>
    public static int LastHiddenBlock => 0;

    /// <inheritdoc/>
    public static int ResetBlock => -1;

    /// <inheritdoc/>
    public static bool PassesState => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<T, TUnit>(ref TUnit unit) where T : struct, ILane<T> where TUnit : struct, IForwardUnit<T>
    {
        var h = TState.Of(unit.Input(0) + unit.Recurrent(0));
        unit.Save(0, h);
        unit.SetHidden(h);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<T, TUnit>(ref TUnit unit, T dHidden, T dCell)
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T> =>
        unit.SetGradient(0, TState.Backward(dHidden, unit.Saved(0)));
}
