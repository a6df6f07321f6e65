using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// The general product, cut into blocks of C that any thread may take. A block runs through K in the steps of the packed blocks;
/// for each step it visits the panels of B, and for each panel all its rows of A, so that the panel (about 48 KB) and the rows
/// (rows x depth, about 300 KB) stay in the caches while they are reused.
/// </summary>
internal unsafe struct BlockedProduct : IChunks
{
    /// <summary>The largest number of rows of a block of C: a multiple of 12, 8 and 6.</summary>
    private const int MaxRows = 192;

    /// <summary>
    /// The largest number of rows of B in one step if B is not packed: the last panel, which is copied, then takes 2 MB at most.
    /// </summary>
    private const int MaxPlainDepth = 16384;

    private readonly CpuBackend backend;
    private readonly Product p;
    private readonly PackedPanels? packed;
    private readonly int rows;
    private readonly int panels;
    private readonly int rowBlocks;
    private readonly int panelBlocks;
    private readonly int panelCount;

    internal BlockedProduct(CpuBackend backend, in Product product, PackedPanels? packed, int threads)
    {
        this.backend = backend;
        p = product;
        this.packed = packed;
        panelCount = (p.N + (2 * Simd.Width) - 1) / (2 * Simd.Width);

        // Large blocks reuse more; a dozen or more blocks, and two for each thread, balance the load. Neither changes a bit of
        // the result. One thread needs no balance, and each row of blocks would pack a transposed A again: measured, 64 x 320 x
        // 256 then takes 0.14 ms instead of 0.18.
        var least = threads == 1 ? 1 : Math.Max(12, 2 * threads);
        rows = Math.Min(RoundUp(Blocks(p.M, Blocks(p.M, MaxRows)), 12), p.M);
        panels = Math.Min(16, panelCount);
        while (Blocks(p.M, rows) * Blocks(panelCount, panels) < least)
        {
            if (rows > 48)
                rows = RoundUp(rows / 2, 12);
            else if (panels > 1)
                panels = (panels + 1) / 2;
            else if (rows > 12)
                rows = RoundUp(rows / 2, 12);
            else
                break;
        }

        rowBlocks = Blocks(p.M, rows);
        panelBlocks = Blocks(panelCount, panels);
    }

    internal readonly int Count => rowBlocks * panelBlocks;

    public readonly void Invoke(int chunk)
    {
        var work = new Block(this, chunk / panelBlocks * rows, chunk % panelBlocks * panels);
        Simd.Run(ref work);
    }

    private static int Blocks(int n, int size) => (n + size - 1) / size;

    private static int RoundUp(int n, int multiple) => (n + multiple - 1) / multiple * multiple;

    /// <summary>Rows [row, row + rows) and panels [panel, panel + panels) of C.</summary>
    private readonly struct Block(BlockedProduct owner, int row, int panel) : ISimdKernel
    {
        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke<T>() where T : struct, IVectorLane<T>
        {
            var p = owner.p;
            var width = MicroKernel.Columns<T>();
            int rows = Math.Min(owner.rows, p.M - row), last = Math.Min(owner.panelCount, panel + owner.panels);
            var spare = stackalloc float[MaxRows * width];
            var epilogue = new Epilogue<T>(p);
            var packA = p.ARowStride == 1 && p.AColumnStride != 1 && p.K > 1;
            var blocks = owner.packed?.Blocks ?? Math.Max(1, Blocks(p.K, MaxPlainDepth));
            nint deepest = Blocks(p.K, blocks),
                scratchRows = (packA ? RoundUp(owner.rows, 12) : 0) + (owner.packed is null ? width : 0);
            using var scratch = scratchRows > 0 ? owner.backend.Take(scratchRows * deepest * sizeof(float)) : default;
            var panelScratch = scratch.Pointer;
            var packedA = owner.packed is null ? panelScratch + (width * deepest) : panelScratch;
            if (p.Beta is not (0f or 1f))
                epilogue.Scale(row, rows, panel * width, Math.Min(p.N, last * width), p.Beta);

            for (var block = 0; block < blocks; block++)
            {
                int start = PackedPanels.BlockStart(p.K, block, blocks),
                    depth = PackedPanels.BlockStart(p.K, block + 1, blocks) - start;
                var a = p.A + (row * p.ARowStride) + (start * p.AColumnStride);
                if (packA)
                    PackRows<T>(a, p.AColumnStride, rows, depth, packedA);
                for (var j = panel; j < last; j++)
                {
                    var columns = Math.Min(width, p.N - (j * width));
                    var tile = new Tile
                    {
                        ARowStride = p.ARowStride,
                        AColumnStride = p.AColumnStride,
                        BStride = width,
                        CStride = p.CStride,
                        Alpha = p.Alpha,
                        Accumulate = block > 0 || p.Beta != 0f,
                    };
                    var b = owner.packed is null ? p.B + (start * p.BRowStride) + (j * width) : owner.packed.Panel(block, j);
                    if (owner.packed is null && columns == width)
                    {
                        tile.BStride = p.BRowStride;
                    }
                    else if (owner.packed is null)
                    {
                        PanelPacking.Pack(b, p.BRowStride, p.BColumnStride, depth, columns, width, panelScratch);
                        b = panelScratch;
                    }

                    var c = p.C + (row * p.CStride) + (j * width);
                    if (columns == width)
                    {
                        Multiply<T>(tile, rows, depth, packA ? packedA : a, packA, b, c);
                    }
                    else
                    {
                        // The panel is padded with zeros, but C is not, so the product goes through a buffer.
                        var add = tile.Accumulate;
                        tile.Accumulate = false;
                        tile.CStride = width;
                        Multiply<T>(tile, rows, depth, packA ? packedA : a, packA, b, spare);
                        Move(spare, width, c, p.CStride, rows, columns, add);
                    }

                    if (block == blocks - 1)
                        epilogue.Apply(row, rows, j * width, columns);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Multiply<T>(in Tile tile, int rows, int depth, float* a, bool packedA, float* b, float* c)
            where T : struct, IVectorLane<T>
        {
            if (!packedA)
            {
                MicroKernel.Rows<T>(tile, rows, depth, a, b, c);
                return;
            }

            var high = MicroKernel.MaxRows<T>();
            var packed = tile;
            packed.ARowStride = 1;
            packed.AColumnStride = high;
            for (var r = 0; r < rows; r += high)
                MicroKernel.Rows<T>(packed, Math.Min(high, rows - r), depth, a + ((nint)r * depth), b, c + (r * tile.CStride));
        }

        // A stored as its transpose is packed in tiles of 12 (or 6) rows: element (r, k) of a tile at k * 12 + r.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void PackRows<T>(float* a, nint columnStride, int rows, int depth, float* to)
            where T : struct, IVectorLane<T>
        {
            var high = MicroKernel.MaxRows<T>();
            for (var r = 0; r < rows; r += high)
                PanelPacking.Pack(a + r, columnStride, 1, depth, Math.Min(high, rows - r), high, to + ((nint)r * depth));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Move(float* from, int fromStride, float* to, nint toStride, int rows, int columns, bool add)
        {
            for (var r = 0; r < rows; r++, from += fromStride, to += toStride)
            {
                for (var c = 0; c < columns; c++)
                    to[c] = add ? to[c] + from[c] : from[c];
            }
        }
    }
}
