using System.Runtime.CompilerServices;
using SeqCore.Kernels;
using SeqCore.Kernels.Cells;
using Plain = SeqCore.Kernels.Definition;

namespace SeqCore.Tests.Kernels.Recurrent;

/// <summary>
/// The fewest gates with which a cell can reset its state: r = sigmoid(a_r), m = r h, h' = tanh(W_in x + b_in + W_hn m + b_hn).
/// dA = dH (1 - h'^2), dM = W_hn' dA, dR = dM h, dH_previous = dM r + ... Saved: r, h', m.
/// </summary>
internal readonly struct ResetFirstTanhCell : IRecurrentCell
{
    public static string Name => "ResetFirstTanh";

    public static int Gates => 2;

    public static int Saved => 3;

    public static bool HasCell => false;

    public static int LastHiddenBlock => 1;

    public static int ResetBlock => 2;

    public static bool PassesState => true;

    internal static Plain.Cell Definition => (inputs, recurrent, h, c) =>
    {
        var r = recurrent(0, h);
        var q = recurrent(1, [.. h.Select((v, u) => v * Plain.Sigmoid(inputs[0][u] + r[u]))]);
        return ([.. q.Select((v, u) => Math.Tanh(inputs[1][u] + v))], c);
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Reset<T, TUnit>(ref TUnit unit) where T : struct, ILane<T> where TUnit : struct, IForwardUnit<T>
    {
        var r = T.Sigmoid(unit.Input(0) + unit.Recurrent(0));
        unit.Save(0, r);
        unit.Save(2, r * unit.PreviousHidden);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<T, TUnit>(ref TUnit unit) where T : struct, ILane<T> where TUnit : struct, IForwardUnit<T>
    {
        var h = T.Tanh(unit.Input(1) + unit.Recurrent(1));
        unit.Save(1, h);
        unit.SetHidden(h);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<T, TUnit>(ref TUnit unit, T dHidden, T dCell)
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T>
    {
        var h = unit.Saved(1);
        unit.SetPreviousHiddenGradient(T.Constant(0f));
        unit.SetGradient(1, dHidden * (T.Constant(1f) - (h * h)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BackwardReset<T, TUnit>(ref TUnit unit, T dReset)
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T>
    {
        var r = unit.Saved(0);
        unit.AddPreviousHiddenGradient(dReset * r);
        unit.SetGradient(0, dReset * unit.PreviousHidden * r * (T.Constant(1f) - r));
    }
}
