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
    public static LaneGpu Exp2(LaneGpu x) => Elementary.Exp2(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Log2(LaneGpu x) => Elementary.Log2(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Log10(LaneGpu x) => Elementary.Log10(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Sin(LaneGpu x) => Elementary.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Cos(LaneGpu x) => Elementary.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Tan(LaneGpu x) => Elementary.Tan(x);

    /// <summary>
    /// A quotient of up to 22 bits is known, and with it the difference is exact; larger ones are divided by y times a power of
    /// two first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu Remainder(LaneGpu x, LaneGpu y)
    {
        const float Step = 4194304f;
        float a = IntrinsicMath.Abs(x.Value), b = IntrinsicMath.Abs(y.Value);
        if (!OrderedComparison.IsLessOrEqual(a, float.MaxValue) || !OrderedComparison.IsLess(0f, b))
            return new(float.NaN);
        while (OrderedComparison.IsLessOrEqual(b, a))
        {
            var divisor = b;
            while (OrderedComparison.IsLessOrEqual(Step, a / divisor))
                divisor *= Step;
            a = GpuIntrinsics.FusedMultiplyAdd(-MathF.Floor(a / divisor), divisor, a);
            if (OrderedComparison.IsLess(a, 0f))
                a += divisor;
        }

        return CopySign(new(a), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneGpu QuarterTurns(LaneGpu x, out LaneGpu n)
    {
        var r = Elementary.QuarterTurnsOfSmall(x, out n);
        if (OrderedComparison.IsLessOrEqual(IntrinsicMath.Abs(x.Value), Elementary.MostForQuarterTurns))
            return r;
        var (high, low, turns) = Elementary.QuarterTurnsOfLarge(Interop.FloatAsInt(x.Value));
        n = new(turns);
        return Elementary.QuarterTurnsToRadians(new LaneGpu(high), new LaneGpu(low));
    }

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
