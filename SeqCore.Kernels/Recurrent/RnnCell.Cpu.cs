using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>The Elman cell (Elman 1990) with the hyperbolic tangent: h' = tanh(a), dA = dH (1 - h'^2). Saved: h'.</summary>
internal readonly unsafe struct TanhCell : IRecurrentCell
{
    public static int Gates => 1;

    public static int Saved => 1;

    public static bool HasCell => false;

    public static int LastHiddenBlock => 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T>(ref CellForward at, int lanes) where T : struct, IVectorLane<T>
    {
        for (; lanes > 0; lanes--, at.Advance(T.Count))
        {
            ElmanCell.Put(ref at, T.Tanh(T.Load(at.Gates) + T.Load(at.Product)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T>(ref CellBackward at, int lanes) where T : struct, IVectorLane<T>
    {
        for (; lanes > 0; lanes--, at.Advance(T.Count))
        {
            var h = T.Load(at.Gates);
            Cell.Put(ref at, 0, Cell.SplitHidden<T>(ref at) * (T.Constant(1f) - (h * h)));
        }
    }
}

/// <summary>The Elman cell with the rectifier: h' = max(a, 0), dA = dH where h' > 0. Saved: h'.</summary>
internal readonly unsafe struct ReluCell : IRecurrentCell
{
    public static int Gates => 1;

    public static int Saved => 1;

    public static bool HasCell => false;

    public static int LastHiddenBlock => 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T>(ref CellForward at, int lanes) where T : struct, IVectorLane<T>
    {
        for (; lanes > 0; lanes--, at.Advance(T.Count))
        {
            ElmanCell.Put(ref at, T.Max(T.Load(at.Gates) + T.Load(at.Product), T.Constant(0f)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T>(ref CellBackward at, int lanes) where T : struct, IVectorLane<T>
    {
        for (; lanes > 0; lanes--, at.Advance(T.Count))
        {
            var zero = T.Constant(0f);
            Cell.Put(ref at, 0, T.WhereLess(zero, T.Load(at.Gates), Cell.SplitHidden<T>(ref at), zero));
        }
    }
}

internal static unsafe class ElmanCell
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Put<T>(ref CellForward at, T next) where T : struct, IVectorLane<T>
    {
        T.Store(next, at.Gates);
        var h = Cell.Blend(at.KeepHidden, at.PreviousHidden, next);
        T.Store(h, at.Hidden);
        T.Store(h, at.Output);
    }
}
