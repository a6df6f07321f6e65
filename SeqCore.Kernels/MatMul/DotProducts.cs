using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// C = A B where B is stored by columns (the weight of a linear layer) and A has few rows: each element is a dot product of two
/// contiguous rows, so B is read once, in order, without packing. Tiles of 4 x 4 dot products share their loads.
/// </summary>
internal unsafe struct DotProducts : IChunks
{
    internal const int ChunkColumns = 64;

    internal Product P;

    public readonly void Invoke(int chunk)
    {
        var columns = new Columns(P, chunk * ChunkColumns, Math.Min(P.N, (chunk + 1) * ChunkColumns));
        Simd.Run(ref columns);
    }

    private readonly struct Columns(Product p, int first, int end) : ISimdKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke<T>() where T : struct, IVectorLane<T>
        {
            var epilogue = new Epilogue<T>(p);
            if (p.Beta is not (0f or 1f))
                epilogue.Scale(0, p.M, first, end, p.Beta);
            var n = first;
            for (; n + 4 <= end; n += 4)
            {
                var b = p.B + (n * p.BColumnStride);
                var m = 0;
                for (; m + 4 <= p.M && MicroKernel.MaxRows<T>() >= 12; m += 4)
                    Tile4x4<T>(p, m, n, b);
                for (; m < p.M; m++)
                    Tile1x4<T>(p, m, n, b);
            }

            for (; n < end; n++)
            {
                for (var m = 0; m < p.M; m++)
                    Put(p, m, n, Dot<T>(p.A + (m * p.ARowStride), p.B + (n * p.BColumnStride), p.K));
            }

            epilogue.Apply(0, p.M, first, end - first);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Tile4x4<T>(in Product p, int m, int n, float* b0) where T : struct, IVectorLane<T>
        {
            nint k = p.K, i = 0;
            float* a0 = p.A + (m * p.ARowStride), a1 = a0 + p.ARowStride, a2 = a1 + p.ARowStride, a3 = a2 + p.ARowStride;
            float* b1 = b0 + p.BColumnStride, b2 = b1 + p.BColumnStride, b3 = b2 + p.BColumnStride;
            T s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default,
                s12 = default, s13 = default;
            T s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default,
                s32 = default, s33 = default;
            for (; i + T.Count <= k; i += T.Count)
            {
                T x0 = T.Load(b0 + i), x1 = T.Load(b1 + i), x2 = T.Load(b2 + i), x3 = T.Load(b3 + i);
                var a = T.Load(a0 + i);
                s00 = T.MultiplyAdd(a, x0, s00);
                s01 = T.MultiplyAdd(a, x1, s01);
                s02 = T.MultiplyAdd(a, x2, s02);
                s03 = T.MultiplyAdd(a, x3, s03);
                a = T.Load(a1 + i);
                s10 = T.MultiplyAdd(a, x0, s10);
                s11 = T.MultiplyAdd(a, x1, s11);
                s12 = T.MultiplyAdd(a, x2, s12);
                s13 = T.MultiplyAdd(a, x3, s13);
                a = T.Load(a2 + i);
                s20 = T.MultiplyAdd(a, x0, s20);
                s21 = T.MultiplyAdd(a, x1, s21);
                s22 = T.MultiplyAdd(a, x2, s22);
                s23 = T.MultiplyAdd(a, x3, s23);
                a = T.Load(a3 + i);
                s30 = T.MultiplyAdd(a, x0, s30);
                s31 = T.MultiplyAdd(a, x1, s31);
                s32 = T.MultiplyAdd(a, x2, s32);
                s33 = T.MultiplyAdd(a, x3, s33);
            }

            PutRow(p, m, n, a0, b0, i, s00, s01, s02, s03);
            PutRow(p, m + 1, n, a1, b0, i, s10, s11, s12, s13);
            PutRow(p, m + 2, n, a2, b0, i, s20, s21, s22, s23);
            PutRow(p, m + 3, n, a3, b0, i, s30, s31, s32, s33);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Tile1x4<T>(in Product p, int m, int n, float* b0) where T : struct, IVectorLane<T>
        {
            nint k = p.K, i = 0;
            float* a0 = p.A + (m * p.ARowStride), b1 = b0 + p.BColumnStride, b2 = b1 + p.BColumnStride, b3 = b2 + p.BColumnStride;
            T s0 = default, s1 = default, s2 = default, s3 = default;
            for (; i + T.Count <= k; i += T.Count)
            {
                var a = T.Load(a0 + i);
                s0 = T.MultiplyAdd(a, T.Load(b0 + i), s0);
                s1 = T.MultiplyAdd(a, T.Load(b1 + i), s1);
                s2 = T.MultiplyAdd(a, T.Load(b2 + i), s2);
                s3 = T.MultiplyAdd(a, T.Load(b3 + i), s3);
            }

            PutRow(p, m, n, a0, b0, i, s0, s1, s2, s3);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float Dot<T>(float* a, float* b, nint k) where T : struct, IVectorLane<T>
        {
            T s = default;
            nint i = 0;
            for (; i + T.Count <= k; i += T.Count)
                s = T.MultiplyAdd(T.Load(a + i), T.Load(b + i), s);
            return Tail(T.Sum(s), a, b, i, k);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void PutRow<T>(in Product p, int m, int n, float* a, float* b, nint i, T s0, T s1, T s2, T s3)
            where T : struct, IVectorLane<T>
        {
            Put(p, m, n, Tail(T.Sum(s0), a, b, i, p.K));
            Put(p, m, n + 1, Tail(T.Sum(s1), a, b + p.BColumnStride, i, p.K));
            Put(p, m, n + 2, Tail(T.Sum(s2), a, b + (2 * p.BColumnStride), i, p.K));
            Put(p, m, n + 3, Tail(T.Sum(s3), a, b + (3 * p.BColumnStride), i, p.K));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static float Tail(float sum, float* a, float* b, nint i, nint k)
        {
            for (; i < k; i++)
                sum = float.MultiplyAddEstimate(a[i], b[i], sum);
            return sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Put(in Product p, int m, int n, float sum)
        {
            ref var c = ref p.C[(m * p.CStride) + n];
            c = p.Beta == 0f ? p.Alpha * sum : (p.Alpha * sum) + c;
        }
    }
}
