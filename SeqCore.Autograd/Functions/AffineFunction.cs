using SeqCore.Kernels;
using SeqCore.Tensors;

namespace SeqCore.Autograd.Functions;

/// <summary>y = scale x + shift with two numbers: the operators between a variable and a number, and negation.</summary>
internal sealed class AffineFunction(Variable x, float scale, float shift) : Function(x)
{
    protected override Tensor Forward() => x.Value.Map(new Affine(scale, shift));

    protected override void Backward(Tensor dY) => Give(x, scale == 1f ? dY : dY * scale);

    /// <summary>scale x + shift</summary>
    private readonly struct Affine(float scale, float shift) : IUnaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILane<T> => T.MultiplyAdd(T.Constant(scale), x, T.Constant(shift));

        public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Constant(scale);
    }
}
