using ILGPU;

namespace SeqCore.Kernels.MatMul;

/// <summary>Converts float32 factors to numbers that tensor cores multiply, and sums their products.</summary>
internal interface ITensorCoreRounding
{
    /// <summary>Converts a factor for the tensor cores.</summary>
    static abstract TensorCoreFactor Round(float x);

    /// <summary>Adds the products of eight terms to a lane's elements of 64 x 8 of C.</summary>
    /// <param name="a">The lane's elements of A, for 64 rows.</param>
    /// <param name="b0">The lane's element of B among the first four terms.</param>
    /// <param name="b1">The lane's element of B among the last four terms.</param>
    /// <param name="sums">The sums that the products are added to.</param>
    static abstract TensorCoreParts Add(in TensorCoreRows a, TensorCoreFactor b0, TensorCoreFactor b1, in TensorCoreParts sums);

    /// <summary>
    /// Adds the products of eight terms to a lane's elements of 16 x 32 of C, entirely on the tensor cores: for sums of few
    /// terms.
    /// </summary>
    /// <param name="high">The lane's elements of A, in the order a0 to a3 of <see cref="TensorCoreFragment"/>.</param>
    /// <param name="low">The low parts of these elements.</param>
    /// <param name="b0">The lane's elements of B among the first four terms, of four times eight columns.</param>
    /// <param name="b1">The lane's elements of B among the last four terms.</param>
    /// <param name="sums">The sums that the products are added to, a row for each eight columns.</param>
    static abstract Tile4x4 Add(Int4 high, Int4 low, Float4 b0, Float4 b1, Tile4x4 sums);

    /// <summary>Separates the work of each eight columns.</summary>
    static abstract void Separate();
}

/// <summary>A factor as the bits of one or two tf32 numbers, whose sum it is.</summary>
internal struct TensorCoreFactor
{
    internal int High;

    /// <summary>The low part, if it is used.</summary>
    internal int Low;
}

/// <summary>Each factor is rounded to one tf32 number.</summary>
internal readonly struct Tf32Rounding : ITensorCoreRounding
{
    public static TensorCoreFactor Round(float x) => new() { High = GpuIntrinsics.RoundToTf32(x) };

    public static TensorCoreParts Add(in TensorCoreRows a, TensorCoreFactor b0, TensorCoreFactor b1,
        in TensorCoreParts sums) => new()
        {
            Part0 = GpuIntrinsics.MultiplyAddTf32(a.High0, b0.High, b1.High, sums.Part0),
            Part1 = GpuIntrinsics.MultiplyAddTf32(a.High1, b0.High, b1.High, sums.Part1),
            Part2 = GpuIntrinsics.MultiplyAddTf32(a.High2, b0.High, b1.High, sums.Part2),
            Part3 = GpuIntrinsics.MultiplyAddTf32(a.High3, b0.High, b1.High, sums.Part3),
        };

    public static Tile4x4 Add(Int4 high, Int4 low, Float4 b0, Float4 b1, Tile4x4 sums) => new()
    {
        R0 = GpuIntrinsics.MultiplyAddTf32(high, Round(b0.X).High, Round(b1.X).High, sums.R0),
        R1 = GpuIntrinsics.MultiplyAddTf32(high, Round(b0.Y).High, Round(b1.Y).High, sums.R1),
        R2 = GpuIntrinsics.MultiplyAddTf32(high, Round(b0.Z).High, Round(b1.Z).High, sums.R2),
        R3 = GpuIntrinsics.MultiplyAddTf32(high, Round(b0.W).High, Round(b1.W).High, sums.R3),
    };

    public static void Separate()
    {
    }
}

/// <summary>
/// Each factor is split into two tf32 numbers, and three of their four products are summed:
/// <code>
///   x = h + l + e      h: x rounded to 11 significant bits, so |l + e| is at most 2^-11 |x|
///                      l: x - h, which is exact and has 12 bits; the cores drop the last bit, e, which is at most 2^-23 |x|
///   a b = h h' + h l' + l h' + (l l' + e b + a e')      left out: at most (2^-22 + 2 * 2^-23) |a b| = 2^-21 |a b|
/// </code>
/// Tensor cores do not round their sums to the nearest number, so long sums would drift. Here they sum eight terms only, the
/// small products first, and these sums are added in float32 (H. Ootomo, R. Yokota, "Recovering single precision accuracy from
/// Tensor Cores while surpassing the FP32 theoretical peak performance", arXiv:2203.03341).
/// </summary>
internal readonly struct Tf32x3Rounding : ITensorCoreRounding
{
    // Half a unit of the tenth bit is added and the lower bits are masked: two instructions, and one for the rest. The cores read
    // the upper 19 bits only, on which the assembler's own rounding to tf32 relies too. If h is infinite or NaN, l is NaN.
    public static TensorCoreFactor Round(float x)
    {
        var high = (int)((Interop.FloatAsInt(x) + 0x1000u) & 0xffffe000u);
        return new() { High = high, Low = (int)Interop.FloatAsInt(x - Interop.IntAsFloat((uint)high)) };
    }

    // Between two dependent products there are four independent ones.
    public static TensorCoreParts Add(in TensorCoreRows a, TensorCoreFactor b0, TensorCoreFactor b1, in TensorCoreParts sums)
    {
        var none = default(Float4);
        var part0 = GpuIntrinsics.MultiplyAddTf32(a.Low0, b0.High, b1.High, none);
        var part1 = GpuIntrinsics.MultiplyAddTf32(a.Low1, b0.High, b1.High, none);
        var part2 = GpuIntrinsics.MultiplyAddTf32(a.Low2, b0.High, b1.High, none);
        var part3 = GpuIntrinsics.MultiplyAddTf32(a.Low3, b0.High, b1.High, none);
        part0 = GpuIntrinsics.MultiplyAddTf32(a.High0, b0.Low, b1.Low, part0);
        part1 = GpuIntrinsics.MultiplyAddTf32(a.High1, b0.Low, b1.Low, part1);
        part2 = GpuIntrinsics.MultiplyAddTf32(a.High2, b0.Low, b1.Low, part2);
        part3 = GpuIntrinsics.MultiplyAddTf32(a.High3, b0.Low, b1.Low, part3);
        return new TensorCoreParts
        {
            Part0 = Sum(sums.Part0, GpuIntrinsics.MultiplyAddTf32(a.High0, b0.High, b1.High, part0)),
            Part1 = Sum(sums.Part1, GpuIntrinsics.MultiplyAddTf32(a.High1, b0.High, b1.High, part1)),
            Part2 = Sum(sums.Part2, GpuIntrinsics.MultiplyAddTf32(a.High2, b0.High, b1.High, part2)),
            Part3 = Sum(sums.Part3, GpuIntrinsics.MultiplyAddTf32(a.High3, b0.High, b1.High, part3)),
        };
    }

    public static Tile4x4 Add(Int4 high, Int4 low, Float4 b0, Float4 b1, Tile4x4 sums)
    {
        TensorCoreFactor x0 = Round(b0.X), x1 = Round(b1.X), y0 = Round(b0.Y), y1 = Round(b1.Y),
            z0 = Round(b0.Z), z1 = Round(b1.Z), w0 = Round(b0.W), w1 = Round(b1.W);
        sums.R0 = GpuIntrinsics.MultiplyAddTf32(low, x0.High, x1.High, sums.R0);
        sums.R1 = GpuIntrinsics.MultiplyAddTf32(low, y0.High, y1.High, sums.R1);
        sums.R2 = GpuIntrinsics.MultiplyAddTf32(low, z0.High, z1.High, sums.R2);
        sums.R3 = GpuIntrinsics.MultiplyAddTf32(low, w0.High, w1.High, sums.R3);
        sums.R0 = GpuIntrinsics.MultiplyAddTf32(high, x0.Low, x1.Low, sums.R0);
        sums.R1 = GpuIntrinsics.MultiplyAddTf32(high, y0.Low, y1.Low, sums.R1);
        sums.R2 = GpuIntrinsics.MultiplyAddTf32(high, z0.Low, z1.Low, sums.R2);
        sums.R3 = GpuIntrinsics.MultiplyAddTf32(high, w0.Low, w1.Low, sums.R3);
        sums.R0 = GpuIntrinsics.MultiplyAddTf32(high, x0.High, x1.High, sums.R0);
        sums.R1 = GpuIntrinsics.MultiplyAddTf32(high, y0.High, y1.High, sums.R1);
        sums.R2 = GpuIntrinsics.MultiplyAddTf32(high, z0.High, z1.High, sums.R2);
        sums.R3 = GpuIntrinsics.MultiplyAddTf32(high, w0.High, w1.High, sums.R3);
        return sums;
    }

    // Keeps the assembler from loading and splitting all of B ahead of time, for which there are not enough registers.
    public static void Separate() => Warp.Barrier();

    private static Float4 Sum(Float4 x, Float4 y) => new(x.X + y.X, x.Y + y.Y, x.Z + y.Z, x.W + y.W);
}
