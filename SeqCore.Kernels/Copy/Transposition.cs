using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SeqCore.Kernels.Copy;

/// <summary>
/// Copies where source and destination run along different axes: n along the destination's, m along the source's. Tiles of 16 x
/// 16 go through a buffer, so that each cache line (16 floats) is read once and written once as a whole; without it, strides that
/// are powers of two evict lines before all of their elements are used.
/// </summary>
[SkipLocalsInit]
internal unsafe struct Transposition : IChunks
{
    private const int Tile = 16;

    /// <summary>The number of neighbours along m in one chunk of work: four cache lines of each source row.</summary>
    private const int Strip = 64;

    private readonly StridedPlan outer;
    private readonly float* source;
    private readonly float* destination;
    private readonly int n;
    private readonly int m;
    private readonly nint sourceStride;
    private readonly nint destinationStride;

    private Transposition(in TranspositionPlan plan, float* source, float* destination)
    {
        this.source = source;
        this.destination = destination;
        n = plan.N;
        m = plan.M;
        sourceStride = plan.SourceStride;
        destinationStride = plan.DestinationStride;
        outer = plan.Outer;
    }

    internal readonly int Chunks => outer.Count * Strips;

    private readonly int Strips => (m + Strip - 1) / Strip;

    /// <summary>Plans the copy if it is a transposition whose axes are both long enough for tiles.</summary>
    internal static bool TryCreate(in StridedSpan source, in StridedSpan destination, out Transposition transposition)
    {
        transposition = default;
        if (!TranspositionPlan.TryCreate(source.Layout, destination.Layout, Tile / 2, out var plan))
            return false;
        transposition = new Transposition(plan, source.Data.Pointer(), destination.Data.Pointer());
        return true;
    }

    /// <inheritdoc/>
    public readonly void Invoke(int chunk)
    {
        var (matrix, strip) = Math.DivRem(chunk, Strips);
        var walk = new StridedWalk(outer, matrix);
        float* from = source + walk.Offset(0), to = destination + walk.Offset(1);
        var end = Math.Min(m, (strip + 1) * Strip);
        var buffer = stackalloc float[Tile * Tile];
        for (var i = 0; i < n; i += Tile)
        {
            for (var j = strip * Strip; j < end; j += Tile)
            {
                int rows = Math.Min(Tile, n - i), columns = Math.Min(Tile, end - j);
                var corner = from + i * sourceStride + j;
                if (rows == Tile && columns == Tile)
                    ReadTile(corner, sourceStride, buffer);
                else
                    ReadPart(corner, sourceStride, buffer, rows, columns);
                for (var k = 0; k < columns; k++)
                {
                    new ReadOnlySpan<float>(buffer + k * Tile, rows)
                        .CopyTo(new Span<float>(to + (j + k) * destinationStride + i, rows));
                }
            }
        }
    }

    private static void ReadPart(float* corner, nint stride, float* buffer, int rows, int columns)
    {
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
                buffer[j * Tile + i] = corner[i * stride + j];
        }
    }

    // Blocks of 4 x 4: pairs of rows are interleaved, then pairs of pairs, which leaves columns.
    //   a0 a1 a2 a3      a0 b0 a1 b1      a0 b0 c0 d0
    //   b0 b1 b2 b3  ->  c0 d0 c1 d1  ->  a1 b1 c1 d1
    //   c0 c1 c2 c3      a2 b2 a3 b3      a2 b2 c2 d2
    //   d0 d1 d2 d3      c2 d2 c3 d3      a3 b3 c3 d3
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadTile(float* corner, nint stride, float* buffer)
    {
        for (var i = 0; i < Tile; i += 4)
        {
            var row = corner + i * stride;
            for (var j = 0; j < Tile; j += 4)
            {
                var a = Vector128.Load(row + j);
                var b = Vector128.Load(row + stride + j);
                var c = Vector128.Load(row + 2 * stride + j);
                var d = Vector128.Load(row + 3 * stride + j);
                Vector128<double> abLow = Low(a, b).AsDouble(), cdLow = Low(c, d).AsDouble();
                Vector128<double> abHigh = High(a, b).AsDouble(), cdHigh = High(c, d).AsDouble();
                var column = buffer + j * Tile + i;
                Low(abLow, cdLow).AsSingle().Store(column);
                High(abLow, cdLow).AsSingle().Store(column + Tile);
                Low(abHigh, cdHigh).AsSingle().Store(column + 2 * Tile);
                High(abHigh, cdHigh).AsSingle().Store(column + 3 * Tile);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
        : Vector128.Create(x[0], y[0], x[1], y[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
        : Vector128.Create(x[2], y[2], x[3], y[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Low(Vector128<double> x, Vector128<double> y) =>
        Sse2.IsSupported ? Sse2.UnpackLow(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x, y)
        : Vector128.Create(x[0], y[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> High(Vector128<double> x, Vector128<double> y) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(x, y)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x, y)
        : Vector128.Create(x[1], y[1]);
}
