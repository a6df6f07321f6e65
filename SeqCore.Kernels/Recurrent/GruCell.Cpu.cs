using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>
/// Gated recurrent unit (Cho et al., arXiv:1406.1078) with the reset gate after the product, as PyTorch's GRU:
/// <code>
/// r = sigmoid(a_r)   z = sigmoid(a_z)   q = W_hn h + b_hn   n = tanh(W_in x + b_in + r q)   h' = n + z (h - n)
/// dZ = dH (h - n)    dN = dH (1 - z)    dA_n = dN (1 - n^2)   dR = dA_n q   dQ = dA_n r   dH_previous = dH z + ...
/// </code>
/// Differs from the paper: there the reset gate multiplies h before the product. Saved: r, z, n, q; the gradient of the last
/// gate is dA_n on the inputs' side (block 2) and dQ on the hidden side (block 3).
/// </summary>
internal readonly unsafe struct GruCell : IRecurrentCell
{
    public static int Gates => 3;

    public static int Saved => 4;

    public static bool HasCell => false;

    public static int LastHiddenBlock => 3;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T>(ref CellForward at, int lanes) where T : struct, IVectorLane<T>
    {
        for (; lanes > 0; lanes--, at.Advance(T.Count))
        {
            nint s = at.GateStride, p = at.ProductStride;
            var r = T.Sigmoid(T.Load(at.Gates) + T.Load(at.Product));
            var z = T.Sigmoid(T.Load(at.Gates + s) + T.Load(at.Product + p));
            var q = T.Load(at.Product + (2 * p));
            if (at.HiddenBias != null)
                q += T.Load(at.HiddenBias);
            var n = T.Tanh(T.MultiplyAdd(r, q, T.Load(at.Gates + (2 * s))));
            T.Store(r, at.Gates);
            T.Store(z, at.Gates + s);
            T.Store(n, at.Gates + (2 * s));
            T.Store(q, at.Gates + (3 * s));
            var h = T.MultiplyAdd(z, T.Load(at.PreviousHidden) - n, n);
            h = Cell.Blend(at.KeepHidden, at.PreviousHidden, h);
            T.Store(h, at.Hidden);
            T.Store(h, at.Output);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T>(ref CellBackward at, int lanes) where T : struct, IVectorLane<T>
    {
        for (; lanes > 0; lanes--, at.Advance(T.Count))
        {
            var s = at.GateStride;
            T r = T.Load(at.Gates), z = T.Load(at.Gates + s), n = T.Load(at.Gates + (2 * s)), q = T.Load(at.Gates + (3 * s));
            T one = T.Constant(1f), dH = Cell.SplitHidden<T>(ref at);
            var direct = dH * z;
            if (at.KeepHidden != null)
                direct += T.Load(at.DirectDHidden);
            T.Store(direct, at.DirectDHidden);
            var dA = dH * (one - z) * (one - (n * n));
            Cell.Put(ref at, 0, dA * q * r * (one - r));
            Cell.Put(ref at, 1, dH * (T.Load(at.PreviousHidden) - n) * z * (one - z));
            Cell.Put(ref at, 2, dA);
            Cell.Put(ref at, 3, dA * r);
        }
    }
}
