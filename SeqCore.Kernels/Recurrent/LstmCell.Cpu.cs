using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// Long short-term memory with a forget gate (Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000), as PyTorch's
/// LSTM. With a = W_ih x + b_ih + W_hh h + b_hh, in blocks i, f, g, o:
/// <code>
/// i = sigmoid(a_i)   f = sigmoid(a_f)   g = tanh(a_g)   o = sigmoid(a_o)
/// c' = f c + i g     h' = o tanh(c')
/// dO = dH tanh(c')   dC = dC' + dH o (1 - tanh(c')^2)
/// dI = dC g          dF = dC c          dG = dC i       dC_previous = dC f
/// </code>
/// and each gate's gradient is taken through its nonlinearity. Saved: i, f, g, o; c' is formed again from them.
/// </summary>
internal readonly unsafe partial struct LstmCell : IRecurrentCell
{
    public static int Gates => 4;

    public static int Saved => 4;

    public static bool HasCell => true;

    public static int LastHiddenBlock => 3;

    public static bool PassesState => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Forward<T>(ref CellForward at, int from, int end) where T : struct, IVectorLane<T>
    {
        var u = from;
        for (; u <= end - T.Count; u += T.Count)
        {
            nint s = at.GateStride, p = at.ProductStride;
            var i = T.Sigmoid(T.Load(at.Gates + u) + T.Load(at.Product + u));
            var f = T.Sigmoid(T.Load(at.Gates + u + s) + T.Load(at.Product + u + p));
            var g = T.Tanh(T.Load(at.Gates + u + (2 * s)) + T.Load(at.Product + u + (2 * p)));
            var o = T.Sigmoid(T.Load(at.Gates + u + (3 * s)) + T.Load(at.Product + u + (3 * p)));
            T.Store(i, at.Gates + u);
            T.Store(f, at.Gates + u + s);
            T.Store(g, at.Gates + u + (2 * s));
            T.Store(o, at.Gates + u + (3 * s));
            var c = T.MultiplyAdd(f, T.Load(at.PreviousCell + u), i * g);
            var h = Cell.Blend(at.KeepHidden, at.PreviousHidden, u, o * T.Tanh(c));
            T.Store(Cell.Blend(at.KeepCell, at.PreviousCell, u, c), at.Cell + u);
            T.Store(h, at.Hidden + u);
            T.Store(h, at.Output + u);
        }

        return u;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Backward<T>(ref CellBackward at, int from, int end) where T : struct, IVectorLane<T>
    {
        var u = from;
        for (; u <= end - T.Count; u += T.Count)
        {
            var s = at.GateStride;
            T i = T.Load(at.Gates + u), f = T.Load(at.Gates + u + s), g = T.Load(at.Gates + u + (2 * s)),
                o = T.Load(at.Gates + u + (3 * s));
            T previous = T.Load(at.PreviousCell + u), one = T.Constant(1f);
            var tanhC = T.Tanh(T.MultiplyAdd(f, previous, i * g));
            var dH = Cell.SplitHidden<T>(ref at, u);
            T dC = T.Load(at.DCell + u), kept = default;
            if (at.KeepCell != null)
            {
                kept = T.Load(at.KeepCell + u) * dC;
                dC -= kept;
            }

            dC = T.MultiplyAdd(dH * o, one - (tanhC * tanhC), dC);
            T.Store(T.MultiplyAdd(dC, f, kept), at.DCell + u);
            Cell.Put(ref at, 0, u, dC * g * i * (one - i));
            Cell.Put(ref at, 1, u, dC * previous * f * (one - f));
            Cell.Put(ref at, 2, u, dC * i * (one - (g * g)));
            Cell.Put(ref at, 3, u, dH * tanhC * o * (one - o));
        }

        return u;
    }
}
