using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SeqCore.Kernels;

/// <summary>16 floats in a 512-bit vector.</summary>
internal readonly unsafe struct Lane512(Vector512<float> value) : IVectorLane<Lane512>
{
    private readonly Vector512<float> v = value;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Constant(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lane512 value, float* destination) => value.v.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 LoadPartial(float* source, int count)
    {
        var padded = Vector512<float>.Zero;
        Unsafe.CopyBlockUnaligned(&padded, source, (uint)count * sizeof(float));
        return new(padded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Lane512 value, float* destination, int count)
    {
        var whole = value.v;
        Unsafe.CopyBlockUnaligned(destination, &whole, (uint)count * sizeof(float));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNonTemporal(Lane512 value, float* destination) => value.v.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator +(Lane512 x, Lane512 y) => new(x.v + y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator -(Lane512 x, Lane512 y) => new(x.v - y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator *(Lane512 x, Lane512 y) => new(x.v * y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator /(Lane512 x, Lane512 y) => new(x.v / y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 operator -(Lane512 x) => new(-x.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 MultiplyAdd(Lane512 x, Lane512 y, Lane512 z) => new(Vector512.MultiplyAddEstimate(x.v, y.v, z.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 ProductError(Lane512 x, Lane512 y, Lane512 product) =>
        Avx512F.IsSupported ? MultiplyAdd(x, y, -product) : Elementary.ProductError(x, y, product);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Min(Lane512 x, Lane512 y) => new(Vector512.Min(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Max(Lane512 x, Lane512 y) => new(Vector512.Max(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 MinNative(Lane512 x, Lane512 y) => new(Vector512.MinNative(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 MaxNative(Lane512 x, Lane512 y) => new(Vector512.MaxNative(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Abs(Lane512 x) => new(Vector512.Abs(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Sqrt(Lane512 x) => new(Vector512.Sqrt(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Round(Lane512 x) => new(Vector512.Round(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Floor(Lane512 x) => new(Vector512.Floor(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 CopySign(Lane512 x, Lane512 y) => new(Vector512.CopySign(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 WhereLess(Lane512 x, Lane512 y, Lane512 yes, Lane512 no) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(x.v, y.v), yes.v, no.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 WhereLessOrEqual(Lane512 x, Lane512 y, Lane512 yes, Lane512 no) =>
        new(Vector512.ConditionalSelect(Vector512.LessThanOrEqual(x.v, y.v), yes.v, no.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 WhereEqual(Lane512 x, Lane512 y, Lane512 yes, Lane512 no) =>
        new(Vector512.ConditionalSelect(Vector512.Equals(x.v, y.v), yes.v, no.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Exp(Lane512 x) => Elementary.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Log(Lane512 x) => Elementary.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Tanh(Lane512 x) => Elementary.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Sigmoid(Lane512 x) => Elementary.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Erf(Lane512 x) => Elementary.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 NormalCdf(Lane512 x) => Elementary.NormalCdf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Exp2(Lane512 x) => Elementary.Exp2(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Log2(Lane512 x) => Elementary.Log2(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Log10(Lane512 x) => Elementary.Log10(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Sin(Lane512 x) => Elementary.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Cos(Lane512 x) => Elementary.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Tan(Lane512 x) => Elementary.Tan(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Remainder(Lane512 x, Lane512 y) => Elementary.Remainder(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 QuarterTurns(Lane512 x, out Lane512 n) => Elementary.QuarterTurns(x, out n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 Scale(Lane512 x, Lane512 n)
    {
        // 2^n = 2^(n/2) 2^(n - n/2): each factor is a normal float, so a subnormal product is rounded once, at the end.
        var whole = Vector512.ConvertToInt32Native(n.v);
        var half = Vector512.ShiftRightArithmetic(whole, 1);
        return new(x.v * PowerOfTwo(half) * PowerOfTwo(whole - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 SplitExponent(Lane512 x, out Lane512 exponent)
    {
        // Adding the distance from sqrt(1/2) to 1 moves the exponent's step from powers of two to sqrt(1/2) 2^n.
        var bits = x.v.AsInt32() - Vector512.Create(0x3f3504f3);
        exponent = new(Vector512.ConvertToSingle(Vector512.ShiftRightArithmetic(bits, 23)));
        return new(((bits & Vector512.Create(0x007fffff)) + Vector512.Create(0x3f3504f3)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOfTwo(Vector512<int> n) =>
        Vector512.ShiftLeft(n + Vector512.Create(127), 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane512 SwapNeighbours(Lane512 value) =>
        new(Vector512.Shuffle(value.v, Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lane512 value) => Lane256.Sum(new(value.v.GetLower() + value.v.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxElement(Lane512 value) =>
        Lane256.MaxElement(new(Vector256.Max(value.v.GetLower(), value.v.GetUpper())));
}
