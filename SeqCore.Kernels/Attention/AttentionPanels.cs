using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// The vectors of all heads as right-hand sides of the micro-kernel, in panels two vectors wide, padded with zeros. Transposed:
/// a panel is 32 keys, row k their element k, for the scores. By rows: a panel is 32 elements, row j those of step j, for the
/// results, or 16 where heads have no more; where the head size is a multiple of the width the vectors serve in place, uncopied.
/// </summary>
internal sealed unsafe class AttentionPanels : IDisposable
{
    private readonly HeadsPointer heads;
    private readonly int headCount;
    private readonly int steps;
    private readonly int size;
    private readonly bool transposed;
    private readonly DeviceBuffer? buffer;
    private readonly int panels;

    private AttentionPanels(CpuBackend backend, HeadsPointer heads, int batch, int headCount, int steps,
        int size, bool transposed)
    {
        (this.heads, this.headCount, this.steps, this.size, this.transposed) = (heads, headCount, steps, size, transposed);
        Width = !transposed && size <= Simd.Width ? Simd.Width : 2 * Simd.Width;
        panels = ((transposed ? steps : size) + Width - 1) / Width;
        if (!transposed && size % Width == 0)
            return;
        buffer = backend.Rent((long)batch * headCount * HeadElements * sizeof(float));
        var work = new Packing { Owner = this };
        backend.Workers.For(batch * headCount * (transposed ? Groups : 1), ref work);
    }

    /// <summary>Columns of a panel.</summary>
    internal int Width { get; }

    private int Rows => transposed ? size : steps;

    private long HeadElements => (long)panels * Width * Rows;

    /// <summary>Chunks that the packing of one transposed head is cut into, of eight panels each.</summary>
    private int Groups => (panels + 7) / 8;

    internal static AttentionPanels Transposed(CpuBackend backend, HeadsPointer heads, int batch, int headCount,
        int steps, int size) =>
        new(backend, heads, batch, headCount, steps, size, true);

    internal static AttentionPanels ByRows(CpuBackend backend, HeadsPointer heads, int batch, int headCount,
        int steps, int size) =>
        new(backend, heads, batch, headCount, steps, size, false);

    /// <summary>Row 0 of a panel.</summary>
    internal float* Panel(int b, int n, int panel) => Of(b, n).Row(panel, 0);

    /// <summary>The panels of a head.</summary>
    internal AttentionRows Of(int b, int n) => buffer is null
        ? new AttentionRows(heads.Head(b, n), Width, heads.StepStride)
        : new AttentionRows(Packed(b, n), (nint)Width * Rows, Width);

    /// <summary>Multiplies by a panel, or by a part of its rows; the parameters are those of the micro-kernel.</summary>
    internal void AddProduct<T>(in Tile tile, int rows, nint k, float* a, float* b, float* c) where T : struct, IVectorLane<T>
    {
        if (Width == T.Count)
            MicroKernel.NarrowRows<T>(tile, rows, k, a, b, c);
        else
            MicroKernel.Rows<T>(tile, rows, k, a, b, c);
    }

    /// <summary>Rows [first, end) of a head without what is not finite; null if all but those seen is.</summary>
    internal FiniteRows? Finite<T>(CpuBackend backend, int b, int n, int first, int end, (int First, int End) seen)
        where T : struct, IVectorLane<T> =>
        FiniteRows.Of<T>(backend, Of(b, n), Width, size, first, end, seen);

    /// <summary>The same, with no row that all weights count of.</summary>
    internal FiniteRows? Finite<T>(CpuBackend backend, int b, int n, int first, int end) where T : struct, IVectorLane<T> =>
        Finite<T>(backend, b, n, first, end, (first, first));

    public void Dispose() => buffer?.Dispose();

    private float* Packed(int b, int n) =>
        (float*)((CpuBuffer)buffer!).Pointer + (((nint)b * headCount) + n) * (nint)HeadElements;

    private struct Packing : IChunks
    {
        internal AttentionPanels Owner;

        public readonly void Invoke(int chunk)
        {
            var groups = Owner.transposed ? Owner.Groups : 1;
            int head = chunk / groups, group = chunk % groups;
            int b = head / Owner.headCount, n = head % Owner.headCount;
            var end = Owner.transposed ? Math.Min(Owner.panels, (group + 1) * 8) : Owner.panels;
            for (var panel = group * 8; panel < end; panel++)
                Pack(b, n, panel);
        }

        private readonly void Pack(int b, int n, int panel)
        {
            var first = panel * Owner.Width;
            var from = Owner.heads.Head(b, n);
            if (Owner.transposed)
            {
                PanelPacking.Pack(from + (first * Owner.heads.StepStride), 1, Owner.heads.StepStride, Owner.size,
                    Math.Min(Owner.Width, Owner.steps - first), Owner.Width, Owner.Panel(b, n, panel));
            }
            else
            {
                PanelPacking.Pack(from + first, Owner.heads.StepStride, 1, Owner.steps, Math.Min(Owner.Width, Owner.size - first),
                    Owner.Width, Owner.Panel(b, n, panel));
            }
        }
    }
}
