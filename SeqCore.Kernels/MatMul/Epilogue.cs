using System.Runtime.CompilerServices;
using SeqCore.Kernels.Operations;

namespace SeqCore.Kernels.MatMul;

/// <summary>Adds the bias and applies the activation to a block of C while it is still in the L1 cache.</summary>
internal readonly unsafe struct Epilogue<T>(Product p) where T : struct, IVectorLane<T>
{
    internal void Apply(int row, int rows, int column, int columns)
    {
        if (p.Bias == null && p.Activation == Activation.None)
            return;
        switch (p.Activation)
        {
            case Activation.Relu:
                Apply<ReluOperation>(row, rows, column, columns);
                break;
            case Activation.Tanh:
                Apply<TanhOperation>(row, rows, column, columns);
                break;
            case Activation.Sigmoid:
                Apply<SigmoidOperation>(row, rows, column, columns);
                break;
            case Activation.GeluTanh:
                Apply<GeluTanhOperation>(row, rows, column, columns);
                break;
            default:
                Apply<Identity>(row, rows, column, columns);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Scale(int row, int rows, int column, int end, float factor)
    {
        for (var r = row; r < row + rows; r++)
        {
            for (var c = column; c < end; c++)
                p.C[(r * p.CStride) + c] *= factor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply<TActivation>(int row, int rows, int column, int columns) where TActivation : struct, IUnaryOperation
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
        where TActivation : struct, IUnaryOperation
    {
        var x = TLane.Load(c);
        if (bias != null)
            x += TLane.Load(bias);
        TLane.Store(default(TActivation).Apply(x), c);
    }

    internal struct Identity : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLane Apply<TLane>(TLane x) where TLane : struct, ILane<TLane> => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLane Derivative<TLane>(TLane x, TLane y) where TLane : struct, ILane<TLane> => TLane.Constant(1f);
    }
}
