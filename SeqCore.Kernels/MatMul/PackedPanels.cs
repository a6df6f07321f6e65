using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SeqCore.Kernels.MatMul;

/// <summary>
/// A right-hand side in the order in which the micro-kernel reads it. K is cut into blocks of at most <see cref="MaxDepth"/>
/// rows; within a block, panels of two vectors of columns follow each other, each row by row and padded with zeros:
/// <code>
/// block 0: [panel 0: row 0, row 1, ...][panel 1: ...]   block 1: ...
/// </code>
/// </summary>
internal sealed unsafe class PackedPanels : PackedMatrix
{
    /// <summary>
    /// The largest number of rows of a block: 384 rows by 32 columns are 48 KB, so a panel streams from L2 at worst, and its
    /// reuse hits L1.
    /// </summary>
    internal const int MaxDepth = 384;

    private readonly DeviceBuffer buffer;

    internal PackedPanels(CpuBackend backend, float* b, nint rowStride, nint columnStride, int rows, int columns)
    {
        Rows = rows;
        Columns = columns;
        PanelColumns = 2 * Simd.Width;
        Panels = (columns + PanelColumns - 1) / PanelColumns;
        Blocks = Math.Max(1, (rows + MaxDepth - 1) / MaxDepth);
        buffer = backend.Rent((long)rows * Panels * PanelColumns * sizeof(float));
        var work = new Packing { Owner = this, B = b, RowStride = rowStride, ColumnStride = columnStride, To = Data };
        backend.Workers.For((long)rows * columns < 1 << 14 ? 1 : Panels * Blocks, ref work);
    }

    public override int Rows { get; }

    public override int Columns { get; }

    internal int PanelColumns { get; }

    internal int Panels { get; }

    internal int Blocks { get; }

    private float* Data => (float*)((CpuBuffer)buffer).Pointer;

    /// <summary>Returns the first row of a block; blocks differ in depth by at most one row.</summary>
    internal int BlockStart(int block) => BlockStart(Rows, block, Blocks);

    internal static int BlockStart(int rows, int block, int blocks) => (int)((long)rows * block / blocks);

    /// <summary>Returns the address of a panel's first row within a block.</summary>
    internal float* Panel(int block, int panel)
    {
        int start = BlockStart(block), depth = BlockStart(block + 1) - start;
        return Data + (((nint)start * Panels) + ((nint)depth * panel)) * PanelColumns;
    }

    public override void Dispose() => buffer.Dispose();

    private struct Packing : IChunks
    {
        internal PackedPanels Owner;
        internal float* B;
        internal nint RowStride;
        internal nint ColumnStride;
        internal float* To;

        public void Invoke(int chunk)
        {
            // One chunk is one panel of one block or, for a small matrix, the whole matrix.
            var all = Owner.Panels * Owner.Blocks;
            var single = (long)Owner.Rows * Owner.Columns < 1 << 14;
            for (var i = single ? 0 : chunk; i < (single ? all : chunk + 1); i++)
            {
                int block = i / Owner.Panels, panel = i % Owner.Panels;
                int start = Owner.BlockStart(block), depth = Owner.BlockStart(block + 1) - start;
                var first = panel * Owner.PanelColumns;
                PanelPacking.Pack(B + (start * RowStride) + (first * ColumnStride), RowStride, ColumnStride, depth,
                    Math.Min(Owner.PanelColumns, Owner.Columns - first), Owner.PanelColumns, Owner.Panel(block, panel));
            }
        }
    }
}

/// <summary>Copies a strided block into rows of fixed width, padded with zeros.</summary>
internal static unsafe class PanelPacking
{
    /// <param name="from">Element (0, 0).</param>
    /// <param name="rowStride">The distance between rows of the source.</param>
    /// <param name="columnStride">The distance between columns of the source; this or the row stride is 1 in the fast
    /// cases.</param>
    /// <param name="rows">The number of rows to copy.</param>
    /// <param name="columns">The number of columns to copy, at most the width.</param>
    /// <param name="width">The number of elements of a row in the destination.</param>
    /// <param name="to">The destination: rows of the given width, one after the other.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Pack(float* from, nint rowStride, nint columnStride, int rows, int columns, int width, float* to)
    {
        if (columns < width)
            new Span<float>(to, rows * width).Clear();
        if (columnStride == 1)
        {
            for (var r = 0; r < rows; r++)
                CopyRow(from + (r * rowStride), to + (r * width), columns);
            return;
        }

        int c = 0;
        if (rowStride == 1 && Vector128.IsHardwareAccelerated)
        {
            for (; c + 4 <= columns; c += 4)
                PackFourColumns(from + (c * columnStride), columnStride, rows, to + c, width);
        }

        for (; c < columns; c++)
        {
            for (var r = 0; r < rows; r++)
                to[(r * width) + c] = from[(r * rowStride) + (c * columnStride)];
        }
    }

    // Rows are short (12 or 32 floats), so a call of memmove for each would cost more than the copy.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow(float* from, float* to, int columns)
    {
        var c = 0;
        for (; c + 16 <= columns && Vector512.IsHardwareAccelerated; c += 16)
            Vector512.Load(from + c).Store(to + c);
        for (; c + 4 <= columns; c += 4)
            Vector128.Load(from + c).Store(to + c);
        for (; c < columns; c++)
            to[c] = from[c];
    }

    // Four source columns of contiguous elements become four neighbours in every destination row: 4 x 4 transpositions.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackFourColumns(float* from, nint columnStride, int rows, float* to, int width)
    {
        float* f0 = from, f1 = f0 + columnStride, f2 = f1 + columnStride, f3 = f2 + columnStride;
        var r = 0;
        for (; r + 4 <= rows; r += 4)
        {
            Vector128<float> x0 = Vector128.Load(f0 + r), x1 = Vector128.Load(f1 + r), x2 = Vector128.Load(f2 + r),
                x3 = Vector128.Load(f3 + r);
            Transpose(ref x0, ref x1, ref x2, ref x3);
            var at = to + (r * width);
            x0.Store(at);
            x1.Store(at + width);
            x2.Store(at + (2 * width));
            x3.Store(at + (3 * width));
        }

        for (; r < rows; r++)
            Vector128.Create(f0[r], f1[r], f2[r], f3[r]).Store(to + (r * width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Vector128<float> x0, ref Vector128<float> x1, ref Vector128<float> x2,
        ref Vector128<float> x3)
    {
        Vector128<float> a, b, c, d;
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported)
        {
            a = System.Runtime.Intrinsics.X86.Sse.UnpackLow(x0, x1);
            b = System.Runtime.Intrinsics.X86.Sse.UnpackHigh(x0, x1);
            c = System.Runtime.Intrinsics.X86.Sse.UnpackLow(x2, x3);
            d = System.Runtime.Intrinsics.X86.Sse.UnpackHigh(x2, x3);
            x0 = System.Runtime.Intrinsics.X86.Sse.MoveLowToHigh(a, c);
            x1 = System.Runtime.Intrinsics.X86.Sse.MoveHighToLow(c, a);
            x2 = System.Runtime.Intrinsics.X86.Sse.MoveLowToHigh(b, d);
            x3 = System.Runtime.Intrinsics.X86.Sse.MoveHighToLow(d, b);
            return;
        }

        a = Vector128.Create(x0[0], x1[0], x2[0], x3[0]);
        b = Vector128.Create(x0[1], x1[1], x2[1], x3[1]);
        c = Vector128.Create(x0[2], x1[2], x2[2], x3[2]);
        d = Vector128.Create(x0[3], x1[3], x2[3], x3[3]);
        (x0, x1, x2, x3) = (a, b, c, d);
    }
}
