using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SeqCore.Kernels;

/// <summary>One float, for the tail of every loop, and for whole loops on machines without vectors.</summary>
internal readonly unsafe struct LaneScalar(float value) : IVectorLane<LaneScalar>
{
    private readonly float v = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Constant(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Load(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(LaneScalar value, float* destination) => *destination = value.v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar LoadPartial(float* source, int count) => new(count > 0 ? *source : 0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(LaneScalar value, float* destination, int count)
    {
        if (count > 0)
            *destination = value.v;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNonTemporal(LaneScalar value, float* destination) => *destination = value.v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar operator +(LaneScalar x, LaneScalar y) => new(x.v + y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar operator -(LaneScalar x, LaneScalar y) => new(x.v - y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar operator *(LaneScalar x, LaneScalar y) => new(x.v * y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar operator /(LaneScalar x, LaneScalar y) => new(x.v / y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar operator -(LaneScalar x) => new(-x.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar MultiplyAdd(LaneScalar x, LaneScalar y, LaneScalar z) =>
        new(float.MultiplyAddEstimate(x.v, y.v, z.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar ProductError(LaneScalar x, LaneScalar y, LaneScalar product) =>
        Fma.IsSupported || AdvSimd.IsSupported ? MultiplyAdd(x, y, -product) : Elementary.ProductError(x, y, product);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Min(LaneScalar x, LaneScalar y) => new(MathF.Min(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Max(LaneScalar x, LaneScalar y) => new(MathF.Max(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar MinNative(LaneScalar x, LaneScalar y) => x.v < y.v ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar MaxNative(LaneScalar x, LaneScalar y) => x.v > y.v ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Abs(LaneScalar x) => new(MathF.Abs(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Sqrt(LaneScalar x) => new(MathF.Sqrt(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Round(LaneScalar x) => new(MathF.Round(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Floor(LaneScalar x) => new(MathF.Floor(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar CopySign(LaneScalar x, LaneScalar y) => new(MathF.CopySign(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar WhereLess(LaneScalar x, LaneScalar y, LaneScalar yes, LaneScalar no) => x.v < y.v ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar WhereLessOrEqual(LaneScalar x, LaneScalar y, LaneScalar yes, LaneScalar no) => x.v <= y.v ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar WhereEqual(LaneScalar x, LaneScalar y, LaneScalar yes, LaneScalar no) => x.v == y.v ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Exp(LaneScalar x) => Elementary.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Log(LaneScalar x) => Elementary.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Tanh(LaneScalar x) => Elementary.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Sigmoid(LaneScalar x) => Elementary.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Erf(LaneScalar x) => Elementary.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar NormalCdf(LaneScalar x) => Elementary.NormalCdf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Exp2(LaneScalar x) => Elementary.Exp2(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Log2(LaneScalar x) => Elementary.Log2(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Log10(LaneScalar x) => Elementary.Log10(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Sin(LaneScalar x) => Elementary.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Cos(LaneScalar x) => Elementary.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Tan(LaneScalar x) => Elementary.Tan(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Remainder(LaneScalar x, LaneScalar y) => Elementary.Remainder(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar QuarterTurns(LaneScalar x, out LaneScalar n) => Elementary.QuarterTurns(x, out n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar Scale(LaneScalar x, LaneScalar n)
    {
        var whole = (int)n.v;
        var half = whole >> 1;
        return new(x.v * PowerOfTwo(half) * PowerOfTwo(whole - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneScalar SplitExponent(LaneScalar x, out LaneScalar exponent)
    {
        var bits = BitConverter.SingleToInt32Bits(x.v) - 0x3f3504f3;
        exponent = new(bits >> 23);
        return new(BitConverter.Int32BitsToSingle((bits & 0x007fffff) + 0x3f3504f3));
    }

    public static LaneScalar SwapNeighbours(LaneScalar value) => throw new NotSupportedException("One float has no neighbour.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(LaneScalar value) => value.v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxElement(LaneScalar value) => value.v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float PowerOfTwo(int n) => BitConverter.Int32BitsToSingle((n + 127) << 23);
}
