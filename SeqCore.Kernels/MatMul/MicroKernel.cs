using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// The memory layout of a tile's operands: element (r, k) of A is at a + r ARowStride + k AColumnStride, and so on.
/// </summary>
internal struct Tile
{
    internal nint ARowStride;
    internal nint AColumnStride;
    internal nint BStride;
    internal nint CStride;
    internal float Alpha;
    internal bool Accumulate;
}

/// <summary>
/// The innermost product: R rows by two vectors of C stay in registers while k runs, C = [C +] alpha A B.
/// <para>
/// Each step loads the two vectors of a row of B and broadcasts R elements of A: 2 R multiply-adds for R + 2 loads. With 32
/// registers R = 12 uses 24 for C, 2 for B and 1 or 2 for A; with 16 registers R = 6 uses 12. The rows of A are addressed
/// as base + {0, 1, 2} rs from a base every third row, which is what x86 addressing offers, so A needs no packing where its
/// rows (or its columns) are contiguous. The smaller kernels finish the rows that 12 or 6 does not divide.
/// </para>
/// </summary>
internal static unsafe partial class MicroKernel
{
    /// <summary>
    /// The distance at which B is prefetched, in elements: 4 KB. Measured: a product of 2048 x 2048 gains 5 %, the steps of an
    /// LSTM whose weights are in L3 gain up to 12 %; 16 KB is no better.
    /// </summary>
    private const int FetchAhead = 1024;

    /// <summary>Returns the number of rows of the largest tile that fits into the registers of this lane type.</summary>
    internal static int MaxRows<T>() where T : struct, IVectorLane<T> => T.Count == 16 || AdvSimd.IsSupported ? 12 : 6;

    /// <summary>Whether there are 32 vector registers, for the largest tiles, and not 16.</summary>
    internal static bool HasManyRegisters => Simd.Width == 16 || AdvSimd.IsSupported;

    /// <summary>Returns the number of columns of a tile: two vectors.</summary>
    internal static int Columns<T>() where T : struct, IVectorLane<T> => 2 * T.Count;

    /// <summary>Multiplies any number of rows by one panel of B.</summary>
    /// <param name="tile">The strides, alpha, and whether the product is added to C.</param>
    /// <param name="rows">The number of rows of A and C.</param>
    /// <param name="k">The number of columns of A and of rows of B.</param>
    /// <param name="a">Element (0, 0) of A.</param>
    /// <param name="b">B, with two vectors per row, BStride apart.</param>
    /// <param name="c">C, with two vectors per row, CStride apart.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rows<T>(in Tile tile, int rows, nint k, float* a, float* b, float* c) where T : struct, IVectorLane<T>
    {
        while (rows > 0)
        {
            int done;
            if (rows >= 12 && rows != 16 && MaxRows<T>() >= 12)
            {
                Rows12<T>(tile, k, a, b, c);
                done = 12;
            }
            else if (rows >= 8 && MaxRows<T>() >= 12)
            {
                Rows8<T>(tile, k, a, b, c);
                done = 8;
            }
            else if (rows >= 6 && rows != 8)
            {
                Rows6<T>(tile, k, a, b, c);
                done = 6;
            }
            else if (rows >= 4)
            {
                Rows4<T>(tile, k, a, b, c);
                done = 4;
            }
            else if (rows >= 2)
            {
                Rows2<T>(tile, k, a, b, c);
                done = 2;
            }
            else
            {
                Rows1<T>(tile, k, a, b, c);
                done = 1;
            }

            rows -= done;
            a += done * tile.ARowStride;
            c += done * tile.CStride;
        }
    }

    // A hint only: an address past the end of B is harmless.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<T>(float* b) where T : struct, IVectorLane<T>
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(b);
        if (T.Count == 16)
            Sse.Prefetch0(b + T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<T>(float* c, T x0, T x1, T alpha, bool accumulate) where T : struct, IVectorLane<T>
    {
        if (accumulate)
        {
            T.Store(T.MultiplyAdd(x0, alpha, T.Load(c)), c);
            T.Store(T.MultiplyAdd(x1, alpha, T.Load(c + T.Count)), c + T.Count);
            return;
        }

        T.Store(x0 * alpha, c);
        T.Store(x1 * alpha, c + T.Count);
    }
}
