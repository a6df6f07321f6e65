using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels.Conv1d;

/// <summary>
/// Sums over taps as products of matrices: the windows of a tile of rows, (rows, taps x channels), times the weight,
/// (taps x channels, results). With a stride smaller than the kernel the windows overlap, and the micro-kernel reads them where
/// they do, as rows that are closer together than they are long:
/// <code>
/// steps     x0  x1  x2  x3  x4 ...        window 0 = [x0 x1 x2]
///                                         window 1 =    [x1 x2 x3]     one copy of a tile's steps at most, with the padding
/// </code>
/// Where they do not, as with dilation, and for short sequences, the windows of a tile are copied side by side.
/// </summary>
internal unsafe struct Conv1dProducts : IChunks
{
    private const int MostRows = 192;
    private const int LeastRows = 24;

    /// <summary>The number of floats of a tile's operand: 256 KB, which stay in L2.</summary>
    private const int TileFloats = 1 << 16;

    /// <summary>Shorter sequences are put together into one product.</summary>
    private const int LongSequence = 48;

    private readonly CpuBackend backend;
    private readonly Conv1dRows rows;
    private readonly PackedPanels[] weights;
    private readonly float* bias;
    private readonly float* result;
    private readonly bool usesWindows;
    private readonly int perTile;

    internal Conv1dProducts(CpuBackend backend, in Conv1dRows rows, PackedPanels[] weights, float* bias, float* result)
    {
        this.backend = backend;
        this.rows = rows;
        this.weights = weights;
        this.bias = bias;
        this.result = result;
        var taps = rows.Taps;
        usesWindows = taps.Count >= LongSequence && (rows.WindowStep > 0 || rows.IsContiguous);
        var fit = TileFloats / Math.Max(1, rows.WindowStep > 0 && usesWindows ? rows.WindowStep * taps.From : taps.Depth);
        perTile = Math.Clamp(fit / 12 * 12, 48, MostRows);
        while (perTile > LeastRows && rows.Total / perTile < 12)
            perTile = (perTile / 2 + 11) / 12 * 12;
    }

    internal readonly int Count => (int)((rows.Total + perTile - 1) / perTile);

    internal readonly long Work => rows.Total * rows.Taps.Depth * rows.Taps.OutWidth;

    public readonly void Invoke(int chunk)
    {
        long first = (long)chunk * perTile, end = Math.Min(rows.Total, first + perTile);
        var taps = rows.Taps;
        if (taps.Taps > 0)
        {
            using var memory = backend.Take(sizeof(float) * (usesWindows && rows.WindowStep > 0
                ? ((perTile - 1L) * rows.WindowStep + taps.Taps) * taps.From
                : (long)perTile * taps.Depth));
            if (usesWindows)
                MultiplyWindows(first, end, memory.Pointer);
            else
                MultiplyCopies(first, end, memory.Pointer);
        }

        ClearRest(first, end);
    }

    private readonly void MultiplyWindows(long first, long end, float* memory)
    {
        var taps = rows.Taps;
        for (var r = first; r < end;)
        {
            int b = (int)(r / taps.Count), from = (int)(r % taps.Count), to = (int)Math.Min(taps.Count, from + end - r);
            r += to - from;
            to = Math.Min(to, rows.Valid(b));
            if (to <= from)
                continue;
            for (var g = 0; g < taps.Groups; g++)
            {
                nint stride = (nint)taps.InStep * taps.InWidth;
                var operand = rows.InPlace(b, from, to, g);
                if (operand == null)
                {
                    operand = memory;
                    stride = (nint)(rows.WindowStep > 0 ? rows.WindowStep : taps.Taps) * taps.From;
                    if (rows.WindowStep > 0)
                        rows.CopyWindows(b, from, to, g, memory);
                    for (var m = from; rows.WindowStep == 0 && m < to; m++)
                        rows.CopyWindow(b, m, g, memory + (m - from) * stride);
                }

                Multiply(operand, stride, to - from, b, from, g);
            }
        }
    }

    private readonly void MultiplyCopies(long first, long end, float* memory)
    {
        var taps = rows.Taps;
        for (var g = 0; g < taps.Groups; g++)
        {
            for (var r = first; r < end; r++)
                rows.CopyWindow((int)(r / taps.Count), (int)(r % taps.Count), g, memory + (r - first) * taps.Depth);

            // Results of neighbouring sequences follow each other if all their rows are computed here.
            for (long r = first, next; r < end; r = next)
            {
                next = taps.OutStep == 1 ? end : Math.Min(end, (r / taps.Count + 1) * taps.Count);
                Multiply(memory + (r - first) * taps.Depth, taps.Depth, (int)(next - r), (int)(r / taps.Count),
                    (int)(r % taps.Count), g);
            }
        }
    }

    private readonly void Multiply(float* operand, nint stride, int count, int b, int row, int group)
    {
        var taps = rows.Taps;
        backend.Multiply(new Product
        {
            M = count,
            N = taps.To,
            K = taps.Depth,
            A = operand,
            ARowStride = stride,
            AColumnStride = 1,
            Packed = weights[group],
            C = Row(b, row) + group * taps.To,
            CStride = (nint)taps.OutStep * taps.OutWidth,
            Bias = bias == null ? null : bias + group * taps.To,
            Alpha = 1f,
        }, null);
    }

    /// <summary>Sets the rows past the sequences' lengths to 0, and all of them if no tap reaches them.</summary>
    private readonly void ClearRest(long first, long end)
    {
        var taps = rows.Taps;
        if (taps.Taps > 0 && rows.OutLimits == null)
            return;
        for (var r = first; r < end; r++)
        {
            int b = (int)(r / taps.Count), row = (int)(r % taps.Count);
            if (taps.Taps == 0 || row >= rows.Valid(b))
                new Span<float>(Row(b, row), taps.OutWidth).Clear();
        }
    }

    private readonly float* Row(int b, int row) => result
        + ((long)b * rows.Taps.OutSteps + (long)row * rows.Taps.OutStep + rows.Taps.OutOffset) * rows.Taps.OutWidth;
}
