using ILGPU;
using ILGPU.Algorithms;

namespace SeqCore.Kernels.Random;

/// <summary>Computes results from four uniform numbers (and four elements of x, if there is an x).</summary>
internal interface IGpuRandomNumbers
{
    Float4 Next(Float4 uniform, Float4 x);
}

/// <summary>
/// Each thread computes one block of Philox's words and from it four neighbouring elements, which it writes at once if they are
/// aligned, and one by one otherwise and at the end:
/// <code>
/// thread    0         1         2         3
/// counter   c         c + 1     c + 2     c + 3
/// y         [0 .. 3]  [4 .. 7]  [8 .. 11] [12, 13]
/// </code>
/// </summary>
internal struct RandomGpuKernel<TNumbers> : IFloat4Kernel where TNumbers : struct, IGpuRandomNumbers
{
    internal ArrayView<float> X;
    internal ArrayView<float> Y;
    internal TNumbers Numbers;
    internal ulong Seed;
    internal ulong Counter;

    /// <summary>Returns the number of groups for a number of elements.</summary>
    internal static int Groups(int length) => (int)((length + 1023L) / 1024);

    public readonly void Run<TAccess>() where TAccess : struct, IFloat4Access
    {
        var block = Grid.IdxX * Group.DimX + Group.IdxX;
        var first = 4 * block;
        if (first < 0 || first >= Y.IntLength)
            return;
        var uniform = PhiloxGpu.Block(Seed, Counter + (ulong)block).Uniform;
        if (TAccess.IsAligned && first + 4 <= Y.IntLength)
            Write<TAccess>(uniform, first);
        else
            Write<UnalignedFloat4>(uniform, first);
    }

    private readonly void Write<TAccess>(Float4 uniform, int first) where TAccess : struct, IFloat4Access =>
        TAccess.Store(
            Numbers.Next(uniform, TAccess.Load(X, first, 1, X.IntLength - first, 0f)), Y, first, 1, Y.IntLength - first);
}

/// <summary>
/// u (high - low) + low, kept below high. Product and sum are rounded separately, as on the CPU, so the bits are the same.
/// </summary>
internal readonly struct UniformNumbers(float low, float high) : IGpuRandomNumbers
{
    private readonly float low = low;
    private readonly float range = high - low;
    private readonly float last = low < high ? MathF.BitDecrement(high) : high;

    public Float4 Next(Float4 uniform, Float4 x) => new(Next(uniform.X), Next(uniform.Y), Next(uniform.Z), Next(uniform.W));

    private float Next(float u)
    {
        // A plain product would be fused with the sum; adding -0 changes no product.
        var number = GpuIntrinsics.FusedMultiplyAdd(u, range, -0f) + low;
        return number < last ? number : last;
    }
}

/// <summary>
/// mean + deviation z, where z are the two normal numbers that <see cref="BoxMuller"/> computes from two uniform ones.
/// </summary>
internal readonly struct NormalNumbers(float mean, float deviation) : IGpuRandomNumbers
{
    private readonly float mean = mean;
    private readonly float deviation = deviation;

    public Float4 Next(Float4 uniform, Float4 x)
    {
        var radius0 = deviation * Radius(uniform.X);
        var radius1 = deviation * Radius(uniform.Z);
        BoxMuller.SinCosTurns(new LaneGpu(uniform.Y), out var sin0, out var cos0);
        BoxMuller.SinCosTurns(new LaneGpu(uniform.W), out var sin1, out var cos1);
        return new(radius0 * cos0.Value + mean, radius0 * sin0.Value + mean, radius1 * cos1.Value + mean,
            radius1 * sin1.Value + mean);
    }

    private static float Radius(float u) => XMath.Sqrt(-2f * Elementary.Log(new LaneGpu(1f - u)).Value);
}

/// <summary>x / (1 - p) where u >= p, else 0.</summary>
internal readonly struct DroppedNumbers(float probability) : IGpuRandomNumbers
{
    private readonly float probability = probability;
    private readonly float scale = 1f / (1f - probability);

    public Float4 Next(Float4 uniform, Float4 x) =>
        new(Next(uniform.X, x.X), Next(uniform.Y, x.Y), Next(uniform.Z, x.Z), Next(uniform.W, x.W));

    internal float Next(float u, float x) => u < probability ? 0f : x * scale;
}
