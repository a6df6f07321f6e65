using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>Adds the bias and applies the activation to a block of C while it is still in the nearest cache.</summary>
internal readonly unsafe struct Epilogue<T>(Product p) where T : struct, IVectorLane<T>
{
    internal void Apply(int row, int rows, int column, int columns)
    {
        if (p.Bias == null && p.Activation == Activation.None)
            return;
        switch (p.Activation)
        {
            case Activation.Relu:
                Apply<Relu>(row, rows, column, columns);
                break;
            case Activation.Tanh:
                Apply<TanhActivation>(row, rows, column, columns);
                break;
            case Activation.Sigmoid:
                Apply<SigmoidActivation>(row, rows, column, columns);
                break;
            case Activation.GeluTanh:
                Apply<GeluTanhActivation>(row, rows, column, columns);
                break;
            default:
                Apply<Identity>(row, rows, column, columns);
                break;
        }
    }

    internal void Scale(int row, int rows, int column, int end, float factor)
    {
        for (var r = row; r < row + rows; r++)
        {
            for (var c = column; c < end; c++)
                p.C[(r * p.CStride) + c] *= factor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply<TActivation>(int row, int rows, int column, int columns) where TActivation : struct, IActivation
    {
        var bias = p.Bias == null ? null : p.Bias + column;
        for (var r = row; r < row + rows; r++)
        {
            var c = p.C + (r * p.CStride) + column;
            var i = 0;
            for (; i + T.Count <= columns; i += T.Count)
                Element<T, TActivation>(c + i, bias == null ? null : bias + i);
            for (; i < columns; i++)
                Element<LaneScalar, TActivation>(c + i, bias == null ? null : bias + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Element<TLane, TActivation>(float* c, float* bias)
        where TLane : struct, IVectorLane<TLane>
        where TActivation : struct, IActivation
    {
        var x = TLane.Load(c);
        if (bias != null)
            x += TLane.Load(bias);
        TLane.Store(TActivation.Apply(x), c);
    }

    private interface IActivation
    {
        static abstract TLane Apply<TLane>(TLane x) where TLane : struct, ILane<TLane>;
    }

    private struct Identity : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLane Apply<TLane>(TLane x) where TLane : struct, ILane<TLane> => x;
    }

    private struct Relu : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLane Apply<TLane>(TLane x) where TLane : struct, ILane<TLane> => TLane.Max(x, TLane.Constant(0f));
    }

    private struct TanhActivation : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLane Apply<TLane>(TLane x) where TLane : struct, ILane<TLane> => TLane.Tanh(x);
    }

    private struct SigmoidActivation : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLane Apply<TLane>(TLane x) where TLane : struct, ILane<TLane> => TLane.Sigmoid(x);
    }

    private struct GeluTanhActivation : IActivation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLane Apply<TLane>(TLane x) where TLane : struct, ILane<TLane>
        {
            var inner = TLane.Constant(0.7978845608f) * x * TLane.MultiplyAdd(TLane.Constant(0.044715f), x * x, TLane.Constant(1f));
            return TLane.Constant(0.5f) * x * (TLane.Constant(1f) + TLane.Tanh(inner));
        }
    }
}
