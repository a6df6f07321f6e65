using System.Runtime.CompilerServices;
using SeqCore;
using SeqCore.Kernels;

namespace Outside;

/// <summary>
/// Mish, x tanh(log(1 + e^x)) (Misra, arXiv:1908.08681), with its derivative. Written once over lanes, it runs on every vector
/// width and on GPUs. For a GPU the struct is public, as the types around it; inline every member.
/// </summary>
public readonly struct MishOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => x * T.Tanh(Softplus(x));

    /// <summary>t + x (1 - t^2) sigmoid(x) with t = tanh(softplus(x))</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        var t = T.Tanh(Softplus(x));
        return T.MultiplyAdd(x * T.Sigmoid(x), T.Constant(1f) - (t * t), t);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Softplus<T>(T x) where T : struct, ILane<T> =>
        T.Max(x, T.Constant(0f)) + T.Log(T.Constant(1f) + T.Exp(-T.Abs(x)));
}

/// <summary>(x - y)^2 weight, with its derivatives.</summary>
/// <param name="weight">A constant is a field; for a GPU, a number.</param>
public readonly struct SquaredDifferenceOperation(float weight) : IBinaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x, T y) where T : struct, ILane<T> => (x - y) * (x - y) * T.Constant(weight);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T> => (x - y) * T.Constant(2f * weight);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T> => (y - x) * T.Constant(2f * weight);
}

public class OwnElementwiseTests
{
    public static TheoryData<string> Devices => Gpu.Devices;

    [Theory]
    [MemberData(nameof(Devices))]
    public void Computes_its_formula_on_each_device(string device)
    {
        using var scope = new TensorScope();
        var x = Tensor.RandomNormal([7, 37], new RandomGenerator(1), backend: Gpu.Backend(device));
        var expected = x.ToArray().Select(v => (float)(v * Math.Tanh(Math.Log(1 + Math.Exp(v)))));
        x.Map(new MishOperation()).ToArray().Zip(expected).Should()
            .AllSatisfy(p => p.First.Should().BeApproximately(p.Second, 1e-5f));
        x.Transpose().Map(new MishOperation()).Transpose().AllClose(x.Map(new MishOperation()), 1e-6f, 1e-6f).Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Has_the_right_gradients_on_each_device(string device)
    {
        using var scope = new TensorScope();
        var (random, backend) = (new RandomGenerator(1), Gpu.Backend(device));
        var x = Tensor.RandomNormal([3, 5], random, backend: backend);
        GradientCheck.Run(v => v[0].Map(new MishOperation()), [x]);
        GradientCheck.Run(v => Variable.Map(new SquaredDifferenceOperation(0.5f), v[0], v[1]),
            [x, Tensor.RandomNormal([5], random, backend: backend)]);
    }
}
