using System.Runtime.CompilerServices;
using SeqCore;
using SeqCore.Kernels;

namespace Outside;

/// <summary>
/// Squareplus, (x + sqrt(x^2 + 4)) / 2 (Barron, arXiv:2112.11687), with its derivative. Written once over lanes, it runs on every
/// vector width and on GPUs. For a GPU the struct is public, as the types around it; inline every member.
/// </summary>
public readonly struct SquareplusOperation : IUnaryOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Apply<T>(T x) where T : struct, ILane<T> => T.Constant(0.5f) * (x + Root(x));

    /// <summary>(1 + x / sqrt(x^2 + 4)) / 2</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.MultiplyAdd(T.Constant(0.5f), x / Root(x), T.Constant(0.5f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Root<T>(T x) where T : struct, ILane<T> => T.Sqrt(T.MultiplyAdd(x, x, T.Constant(4f)));
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
        var expected = x.ToArray().Select(v => (float)((v + Math.Sqrt((v * v) + 4)) / 2));
        x.Map(new SquareplusOperation()).ToArray().Zip(expected).Should()
            .AllSatisfy(p => p.First.Should().BeApproximately(p.Second, 1e-5f));
        x.Transpose().Map(new SquareplusOperation()).Transpose().AllClose(x.Map(new SquareplusOperation()), 1e-6f, 1e-6f)
            .Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Has_the_right_gradients_on_each_device(string device)
    {
        using var scope = new TensorScope();
        var (random, backend) = (new RandomGenerator(1), Gpu.Backend(device));
        var x = Tensor.RandomNormal([3, 5], random, backend: backend);
        GradientCheck.Run(v => v[0].Map(new SquareplusOperation()), [x]);
        GradientCheck.Run(v => Variable.Map(new SquaredDifferenceOperation(0.5f), v[0], v[1]),
            [x, Tensor.RandomNormal([5], random, backend: backend)]);
    }
}
