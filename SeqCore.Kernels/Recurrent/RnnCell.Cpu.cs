using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>The Elman cell (Elman 1990) with the hyperbolic tangent: h' = tanh(a), dA = dH (1 - h'^2). Saved: h'.</summary>
internal readonly unsafe partial struct TanhCell : IRecurrentCell
{
    public static int Gates => 1;

    public static int Saved => 1;

    public static bool HasCell => false;

    public static int LastHiddenBlock => 0;

    public static bool PassesState => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Forward<T>(ref CellForward at, int from, int end) where T : struct, IVectorLane<T>
    {
        var u = from;
        for (; u <= end - T.Count; u += T.Count)
        {
            ElmanCell.Put(ref at, u, T.Tanh(T.Load(at.Gates + u) + T.Load(at.Product + u)));
        }

        return u;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Backward<T>(ref CellBackward at, int from, int end) where T : struct, IVectorLane<T>
    {
        var u = from;
        for (; u <= end - T.Count; u += T.Count)
        {
            var h = T.Load(at.Gates + u);
            Cell.Put(ref at, 0, u, Cell.SplitHidden<T>(ref at, u) * (T.Constant(1f) - (h * h)));
        }

        return u;
    }
}

/// <summary>The Elman cell with the rectifier: h' = max(a, 0), dA = dH where h' > 0. Saved: h'.</summary>
internal readonly unsafe partial struct ReluCell : IRecurrentCell
{
    public static int Gates => 1;

    public static int Saved => 1;

    public static bool HasCell => false;

    public static int LastHiddenBlock => 0;

    public static bool PassesState => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Forward<T>(ref CellForward at, int from, int end) where T : struct, IVectorLane<T>
    {
        var u = from;
        for (; u <= end - T.Count; u += T.Count)
        {
            ElmanCell.Put(ref at, u, T.Max(T.Load(at.Gates + u) + T.Load(at.Product + u), T.Constant(0f)));
        }

        return u;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Backward<T>(ref CellBackward at, int from, int end) where T : struct, IVectorLane<T>
    {
        var u = from;
        for (; u <= end - T.Count; u += T.Count)
        {
            var zero = T.Constant(0f);
            Cell.Put(ref at, 0, u, T.WhereLess(zero, T.Load(at.Gates + u), Cell.SplitHidden<T>(ref at, u), zero));
        }

        return u;
    }
}

internal static unsafe class ElmanCell
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Put<T>(ref CellForward at, int u, T next) where T : struct, IVectorLane<T>
    {
        T.Store(next, at.Gates + u);
        var h = Cell.Blend(at.KeepHidden, at.PreviousHidden, u, next);
        T.Store(h, at.Hidden + u);
        T.Store(h, at.Output + u);
    }
}
