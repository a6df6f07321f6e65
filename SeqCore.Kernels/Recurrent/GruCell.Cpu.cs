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
internal readonly unsafe partial struct GruCell : IRecurrentCell
{
    public static int Gates => 3;

    public static int Saved => 4;

    public static bool HasCell => false;

    public static int LastHiddenBlock => 3;

    public static bool PassesState => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Forward<T>(ref CellForward at, int from, int end) where T : struct, IVectorLane<T>
    {
        var u = from;
        for (; u <= end - T.Count; u += T.Count)
        {
            nint s = at.GateStride, p = at.ProductStride;
            var r = T.Sigmoid(T.Load(at.Gates + u) + T.Load(at.Product + u));
            var z = T.Sigmoid(T.Load(at.Gates + u + s) + T.Load(at.Product + u + p));
            var q = T.Load(at.Product + u + (2 * p));
            if (at.HiddenBias != null)
                q += T.Load(at.HiddenBias + u);
            var n = T.Tanh(T.MultiplyAdd(r, q, T.Load(at.Gates + u + (2 * s))));
            T.Store(r, at.Gates + u);
            T.Store(z, at.Gates + u + s);
            T.Store(n, at.Gates + u + (2 * s));
            T.Store(q, at.Gates + u + (3 * s));
            var h = T.MultiplyAdd(z, T.Load(at.PreviousHidden + u) - n, n);
            h = Cell.Blend(at.KeepHidden, at.PreviousHidden, u, h);
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
            T r = T.Load(at.Gates + u), z = T.Load(at.Gates + u + s), n = T.Load(at.Gates + u + (2 * s)),
                q = T.Load(at.Gates + u + (3 * s));
            T one = T.Constant(1f), dH = Cell.SplitHidden<T>(ref at, u);
            var direct = dH * z;
            if (at.KeepHidden != null)
                direct += T.Load(at.DirectDHidden + u);
            T.Store(direct, at.DirectDHidden + u);
            var dA = dH * (one - z) * (one - (n * n));
            Cell.Put(ref at, 0, u, dA * q * r * (one - r));
            Cell.Put(ref at, 1, u, dH * (T.Load(at.PreviousHidden + u) - n) * z * (one - z));
            Cell.Put(ref at, 2, u, dA);
            Cell.Put(ref at, 3, u, dA * r);
        }

        return u;
    }
}
