using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SeqCore.Kernels;

/// <summary>8 floats in a 256-bit vector.</summary>
internal readonly unsafe struct Lane256(Vector256<float> value) : IVectorLane<Lane256>
{
    private readonly Vector256<float> v = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Constant(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lane256 value, float* destination) => value.v.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 LoadPartial(float* source, int count)
    {
        var padded = Vector256<float>.Zero;
        Unsafe.CopyBlockUnaligned(&padded, source, (uint)count * sizeof(float));
        return new(padded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Lane256 value, float* destination, int count)
    {
        var whole = value.v;
        Unsafe.CopyBlockUnaligned(destination, &whole, (uint)count * sizeof(float));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNonTemporal(Lane256 value, float* destination) => value.v.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator +(Lane256 x, Lane256 y) => new(x.v + y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator -(Lane256 x, Lane256 y) => new(x.v - y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator *(Lane256 x, Lane256 y) => new(x.v * y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator /(Lane256 x, Lane256 y) => new(x.v / y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 operator -(Lane256 x) => new(-x.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 MultiplyAdd(Lane256 x, Lane256 y, Lane256 z) => new(Vector256.MultiplyAddEstimate(x.v, y.v, z.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 ProductError(Lane256 x, Lane256 y, Lane256 product) =>
        Fma.IsSupported ? MultiplyAdd(x, y, -product) : Elementary.ProductError(x, y, product);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Min(Lane256 x, Lane256 y) => new(Vector256.Min(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Max(Lane256 x, Lane256 y) => new(Vector256.Max(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 MinNative(Lane256 x, Lane256 y) => new(Vector256.MinNative(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 MaxNative(Lane256 x, Lane256 y) => new(Vector256.MaxNative(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Abs(Lane256 x) => new(Vector256.Abs(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Sqrt(Lane256 x) => new(Vector256.Sqrt(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Round(Lane256 x) => new(Vector256.Round(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Floor(Lane256 x) => new(Vector256.Floor(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 CopySign(Lane256 x, Lane256 y) => new(Vector256.CopySign(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 WhereLess(Lane256 x, Lane256 y, Lane256 yes, Lane256 no) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(x.v, y.v), yes.v, no.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 WhereLessOrEqual(Lane256 x, Lane256 y, Lane256 yes, Lane256 no) =>
        new(Vector256.ConditionalSelect(Vector256.LessThanOrEqual(x.v, y.v), yes.v, no.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 WhereEqual(Lane256 x, Lane256 y, Lane256 yes, Lane256 no) =>
        new(Vector256.ConditionalSelect(Vector256.Equals(x.v, y.v), yes.v, no.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Exp(Lane256 x) => Elementary.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Log(Lane256 x) => Elementary.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Tanh(Lane256 x) => Elementary.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Sigmoid(Lane256 x) => Elementary.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Erf(Lane256 x) => Elementary.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 NormalCdf(Lane256 x) => Elementary.NormalCdf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Exp2(Lane256 x) => Elementary.Exp2(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Log2(Lane256 x) => Elementary.Log2(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Log10(Lane256 x) => Elementary.Log10(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Sin(Lane256 x) => Elementary.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Cos(Lane256 x) => Elementary.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Tan(Lane256 x) => Elementary.Tan(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Remainder(Lane256 x, Lane256 y) => Elementary.Remainder(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 QuarterTurns(Lane256 x, out Lane256 n) => Elementary.QuarterTurns(x, out n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 Scale(Lane256 x, Lane256 n)
    {
        // 2^n = 2^(n/2) 2^(n - n/2): each factor is a normal float, so a subnormal product is rounded once, at the end.
        var whole = Vector256.ConvertToInt32Native(n.v);
        var half = Vector256.ShiftRightArithmetic(whole, 1);
        return new(x.v * PowerOfTwo(half) * PowerOfTwo(whole - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 SplitExponent(Lane256 x, out Lane256 exponent)
    {
        // Adding the distance from sqrt(1/2) to 1 moves the exponent's step from powers of two to sqrt(1/2) 2^n.
        var bits = x.v.AsInt32() - Vector256.Create(0x3f3504f3);
        exponent = new(Vector256.ConvertToSingle(Vector256.ShiftRightArithmetic(bits, 23)));
        return new(((bits & Vector256.Create(0x007fffff)) + Vector256.Create(0x3f3504f3)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<int> n) =>
        Vector256.ShiftLeft(n + Vector256.Create(127), 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane256 SwapNeighbours(Lane256 value) =>
        new(Vector256.Shuffle(value.v, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lane256 value) => Lane128.Sum(new(value.v.GetLower() + value.v.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxElement(Lane256 value) =>
        Lane128.MaxElement(new(Vector128.Max(value.v.GetLower(), value.v.GetUpper())));
}
