using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels;

/// <summary>
/// One float in a GPU's thread, on which the formulas of the element-wise operations run as they do on the CPU's vectors. On CUDA
/// division and square root are correctly rounded and subnormal numbers are kept; OpenCL allows errors of 2.5 and 3 ulp, and
/// flushing subnormals to 0. NaN, infinities and the signs of zeros are as on the CPU.
/// </summary>
internal readonly unsafe struct LaneGpu(float value) : IVectorLane<LaneGpu>
{
    /// <summary>The float.</summary>
    internal readonly float Value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Constant(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu operator +(LaneGpu x, LaneGpu y) => new(x.Value + y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu operator -(LaneGpu x, LaneGpu y) => new(x.Value - y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu operator *(LaneGpu x, LaneGpu y) => new(x.Value * y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu operator /(LaneGpu x, LaneGpu y) => new(x.Value / y.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu operator -(LaneGpu x) => new(-x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu MultiplyAdd(LaneGpu x, LaneGpu y, LaneGpu z) =>
        new(GpuIntrinsics.FusedMultiplyAdd(x.Value, y.Value, z.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu ProductError(LaneGpu x, LaneGpu y, LaneGpu product) => MultiplyAdd(x, y, -product);

    /// <summary>
    /// Equal values differ in the sign of 0 at most, and -0 is the smaller; values that are neither less, greater nor equal
    /// include NaN, and so does their sum.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Min(LaneGpu x, LaneGpu y) =>
        OrderedComparison.IsLess(x.Value, y.Value) ? x : OrderedComparison.IsLess(y.Value, x.Value) ? y
            : x.Value == y.Value ? new(Interop.IntAsFloat(Interop.FloatAsInt(x.Value) | Interop.FloatAsInt(y.Value))) : x + y;

    /// <summary>Works like <see cref="Min"/>, with +0 as the larger.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Max(LaneGpu x, LaneGpu y) =>
        OrderedComparison.IsLess(y.Value, x.Value) ? x : OrderedComparison.IsLess(x.Value, y.Value) ? y
            : x.Value == y.Value ? new(Interop.IntAsFloat(Interop.FloatAsInt(x.Value) & Interop.FloatAsInt(y.Value))) : x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu MinNative(LaneGpu x, LaneGpu y) => OrderedComparison.IsLess(x.Value, y.Value) ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu MaxNative(LaneGpu x, LaneGpu y) => OrderedComparison.IsLess(y.Value, x.Value) ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Abs(LaneGpu x) => new(IntrinsicMath.Abs(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Sqrt(LaneGpu x) => new(MathF.Sqrt(x.Value));

    /// <summary>
    /// Adding 1.5 x 2^23 leaves no bits for a fraction; beyond 2^22 a float may already be an integer, and is kept.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Round(LaneGpu x)
    {
        const float Whole = 8388608f;
        var size = IntrinsicMath.Abs(x.Value);
        var rounded = size + Whole - Whole;
        return size < Whole ? CopySign(new(rounded), x) : x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Floor(LaneGpu x) => new(MathF.Floor(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu CopySign(LaneGpu x, LaneGpu y) =>
        new(Interop.IntAsFloat((Interop.FloatAsInt(x.Value) & 0x7fffffffu) | (Interop.FloatAsInt(y.Value) & 0x80000000u)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu WhereLess(LaneGpu x, LaneGpu y, LaneGpu yes, LaneGpu no) =>
        OrderedComparison.IsLess(x.Value, y.Value) ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu WhereLessOrEqual(LaneGpu x, LaneGpu y, LaneGpu yes, LaneGpu no) =>
        OrderedComparison.IsLessOrEqual(x.Value, y.Value) ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu WhereEqual(LaneGpu x, LaneGpu y, LaneGpu yes, LaneGpu no) => x.Value == y.Value ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Exp(LaneGpu x) => Elementary.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Log(LaneGpu x) => Elementary.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Tanh(LaneGpu x) => Elementary.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Sigmoid(LaneGpu x) => Elementary.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Erf(LaneGpu x) => Elementary.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu NormalCdf(LaneGpu x) => Elementary.NormalCdf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Scale(LaneGpu x, LaneGpu n)
    {
        var whole = (int)n.Value;
        var half = whole >> 1;
        return new(x.Value * PowerOfTwo(half) * PowerOfTwo(whole - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu SplitExponent(LaneGpu x, out LaneGpu exponent)
    {
        var bits = (int)Interop.FloatAsInt(x.Value) - 0x3f3504f3;
        exponent = new(bits >> 23);
        return new(Interop.IntAsFloat((uint)((bits & 0x007fffff) + 0x3f3504f3)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(LaneGpu value) => value.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxElement(LaneGpu value) => value.Value;

    public static LaneGpu Load(float* source) => throw NoPointers();

    public static void Store(LaneGpu value, float* destination) => throw NoPointers();

    public static LaneGpu LoadPartial(float* source, int count) => throw NoPointers();

    public static void StorePartial(LaneGpu value, float* destination, int count) => throw NoPointers();

    public static void StoreNonTemporal(LaneGpu value, float* destination) => throw NoPointers();

    public static LaneGpu SwapNeighbours(LaneGpu value) => throw new NotSupportedException("One float has no neighbour.");

    private static float PowerOfTwo(int n) => Interop.IntAsFloat((uint)((n + 127) << 23));

    private static NotSupportedException NoPointers() => new("Kernels on a GPU load and store through views.");
}
