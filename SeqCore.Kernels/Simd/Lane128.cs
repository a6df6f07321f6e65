using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SeqCore.Kernels;

/// <summary>4 floats in a 128-bit vector.</summary>
internal readonly unsafe struct Lane128(Vector128<float> value) : IVectorLane<Lane128>
{
    private readonly Vector128<float> v = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Constant(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lane128 value, float* destination) => value.v.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 LoadPartial(float* source, int count)
    {
        var padded = Vector128<float>.Zero;
        Unsafe.CopyBlockUnaligned(&padded, source, (uint)count * sizeof(float));
        return new(padded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Lane128 value, float* destination, int count)
    {
        var whole = value.v;
        Unsafe.CopyBlockUnaligned(destination, &whole, (uint)count * sizeof(float));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNonTemporal(Lane128 value, float* destination) => value.v.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator +(Lane128 x, Lane128 y) => new(x.v + y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator -(Lane128 x, Lane128 y) => new(x.v - y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator *(Lane128 x, Lane128 y) => new(x.v * y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator /(Lane128 x, Lane128 y) => new(x.v / y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 operator -(Lane128 x) => new(-x.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 MultiplyAdd(Lane128 x, Lane128 y, Lane128 z) => new(Vector128.MultiplyAddEstimate(x.v, y.v, z.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 ProductError(Lane128 x, Lane128 y, Lane128 product) =>
        Fma.IsSupported || AdvSimd.IsSupported ? MultiplyAdd(x, y, -product) : Elementary.ProductError(x, y, product);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Min(Lane128 x, Lane128 y) => new(Vector128.Min(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Max(Lane128 x, Lane128 y) => new(Vector128.Max(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 MinNative(Lane128 x, Lane128 y) => new(Vector128.MinNative(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 MaxNative(Lane128 x, Lane128 y) => new(Vector128.MaxNative(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Abs(Lane128 x) => new(Vector128.Abs(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Sqrt(Lane128 x) => new(Vector128.Sqrt(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Round(Lane128 x) => new(Vector128.Round(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Floor(Lane128 x) => new(Vector128.Floor(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 CopySign(Lane128 x, Lane128 y) => new(Vector128.CopySign(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 WhereLess(Lane128 x, Lane128 y, Lane128 yes, Lane128 no) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(x.v, y.v), yes.v, no.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 WhereLessOrEqual(Lane128 x, Lane128 y, Lane128 yes, Lane128 no) =>
        new(Vector128.ConditionalSelect(Vector128.LessThanOrEqual(x.v, y.v), yes.v, no.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 WhereEqual(Lane128 x, Lane128 y, Lane128 yes, Lane128 no) =>
        new(Vector128.ConditionalSelect(Vector128.Equals(x.v, y.v), yes.v, no.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Exp(Lane128 x) => Elementary.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Log(Lane128 x) => Elementary.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Tanh(Lane128 x) => Elementary.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Sigmoid(Lane128 x) => Elementary.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Erf(Lane128 x) => Elementary.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 NormalCdf(Lane128 x) => Elementary.NormalCdf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Exp2(Lane128 x) => Elementary.Exp2(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Log2(Lane128 x) => Elementary.Log2(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Log10(Lane128 x) => Elementary.Log10(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Sin(Lane128 x) => Elementary.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Cos(Lane128 x) => Elementary.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Tan(Lane128 x) => Elementary.Tan(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Remainder(Lane128 x, Lane128 y) => Elementary.Remainder(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 QuarterTurns(Lane128 x, out Lane128 n) => Elementary.QuarterTurns(x, out n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 Scale(Lane128 x, Lane128 n)
    {
        // 2^n = 2^(n/2) 2^(n - n/2): each factor is a normal float, so a subnormal product is rounded once, at the end.
        var whole = Vector128.ConvertToInt32Native(n.v);
        var half = Vector128.ShiftRightArithmetic(whole, 1);
        return new(x.v * PowerOfTwo(half) * PowerOfTwo(whole - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 SplitExponent(Lane128 x, out Lane128 exponent)
    {
        // Adding the distance from sqrt(1/2) to 1 moves the exponent's step from powers of two to sqrt(1/2) 2^n.
        var bits = x.v.AsInt32() - Vector128.Create(0x3f3504f3);
        exponent = new(Vector128.ConvertToSingle(Vector128.ShiftRightArithmetic(bits, 23)));
        return new(((bits & Vector128.Create(0x007fffff)) + Vector128.Create(0x3f3504f3)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PowerOfTwo(Vector128<int> n) =>
        Vector128.ShiftLeft(n + Vector128.Create(127), 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane128 SwapNeighbours(Lane128 value) => new(Vector128.Shuffle(value.v, Vector128.Create(1, 0, 3, 2)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lane128 value) => (value.v[0] + value.v[2]) + (value.v[1] + value.v[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxElement(Lane128 value) =>
        MathF.Max(MathF.Max(value.v[0], value.v[2]), MathF.Max(value.v[1], value.v[3]));
}
