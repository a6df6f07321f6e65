using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>The limits of this machine's CPU, which other workloads' figures are shares of.</summary>
internal static class PeakWorkloads
{
    /// <summary>
    /// The number of vectors that the loops below work on at once: two multiply-adds a cycle that take four or five cycles keep
    /// ten of them busy.
    /// </summary>
    private const int Vectors = 12;

    internal static IReadOnlyList<WorkloadKind> Kinds { get; } =
    [
        new("fma_peak", "N", sizes => MultiplyAdds(sizes[0])),
        new("read", "N", sizes => Read(sizes[0])),
    ];

    /// <summary>N rounds of twelve independent multiply-adds of vectors on each thread, without memory.</summary>
    private static Workload MultiplyAdds(int rounds)
    {
        var backend = Cpu("fma_peak");
        var results = new float[backend.Threads];
        return new Workload(
            () => backend.ForEachRow(new MultiplyAddLoop { Rounds = rounds, Results = results }, results.Length, int.MaxValue),
            2.0 * rounds * Vectors * Simd.Width * results.Length);
    }

    /// <summary>
    /// The sum of N numbers, each thread its own part: what a product of one row can reach with weights in the same place.
    /// </summary>
    private static Workload Read(int count)
    {
        var backend = Cpu("read");
        var x = Inputs.Normal(count);
        var results = new float[backend.Threads];
        return new Workload(
            () => backend.ForEachRow(new ReadLoop { X = x.Span, Results = results }, results.Length, int.MaxValue),
            Floats: count);
    }

    /// <exception cref="NotSupportedException">The default device is a GPU.</exception>
    private static CpuBackend Cpu(string name) => Backend.Default as CpuBackend ?? throw new NotSupportedException(
        $"{name} measures the CPU, and the device is {Backend.Default.Device}. Use --device cpu.");

    private struct MultiplyAddLoop : ICpuKernel, ISimdKernel
    {
        internal int Rounds;
        internal float[] Results;
        private int row;

        public readonly void Run(int row)
        {
            var loop = this with { row = row };
            Simd.Run(ref loop);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Invoke<T>() where T : struct, IVectorLane<T>
        {
            T x = T.Constant(0.999f), y = T.Constant(0.001f);
            T a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
            for (var n = 0; n < Rounds; n++)
            {
                a = T.MultiplyAdd(a, x, y);
                b = T.MultiplyAdd(b, x, y);
                c = T.MultiplyAdd(c, x, y);
                d = T.MultiplyAdd(d, x, y);
                e = T.MultiplyAdd(e, x, y);
                f = T.MultiplyAdd(f, x, y);
                g = T.MultiplyAdd(g, x, y);
                h = T.MultiplyAdd(h, x, y);
                i = T.MultiplyAdd(i, x, y);
                j = T.MultiplyAdd(j, x, y);
                k = T.MultiplyAdd(k, x, y);
                l = T.MultiplyAdd(l, x, y);
            }

            Results[row] = T.Sum(a + b + c + d + e + f + (g + h + i + j + k + l));
        }
    }

    private readonly struct ReadLoop : ICpuKernel
    {
        internal DeviceSpan<float> X { get; init; }

        internal float[] Results { get; init; }

        public void Run(int row)
        {
            var all = X.AsHostSpan();
            int parts = Results.Length, first = (int)((long)all.Length * row / parts);
            Results[row] = Sum(all[first..(int)((long)all.Length * (row + 1) / parts)]);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float Sum(ReadOnlySpan<float> x)
        {
            Vector256<float> a = default, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
            ref var from = ref MemoryMarshal.GetReference(x);
            nint i = 0;
            for (; i <= x.Length - 64; i += 64)
            {
                ref var at = ref Unsafe.Add(ref from, i);
                a += Vector256.LoadUnsafe(ref at);
                b += Vector256.LoadUnsafe(ref at, 8);
                c += Vector256.LoadUnsafe(ref at, 16);
                d += Vector256.LoadUnsafe(ref at, 24);
                e += Vector256.LoadUnsafe(ref at, 32);
                f += Vector256.LoadUnsafe(ref at, 40);
                g += Vector256.LoadUnsafe(ref at, 48);
                h += Vector256.LoadUnsafe(ref at, 56);
            }

            var sum = Vector256.Sum(a + b + c + d + (e + f + g + h));
            for (; i < x.Length; i++)
                sum += x[(int)i];
            return sum;
        }
    }
}
