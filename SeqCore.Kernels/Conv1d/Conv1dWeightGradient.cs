using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels.Conv1d;

/// <summary>
/// Gradients of weight and bias. The rows of all sequences are cut into parts by their number; each part adds its products
/// dY^T windows, (outputs, rows) times (rows, taps x channels), into memory of its own, tile by tile, and the parts are added in
/// order at the end. A large weight has one part, whose products are divided among the threads.
/// </summary>
internal unsafe struct Conv1dWeightGradient : IChunks
{
    private const int MostParts = 16;
    private const int TileRows = 256;

    /// <summary>The number of floats from which a weight has one part: 2 MB.</summary>
    private const int LargeWeight = 1 << 19;

    private const int LongSequence = 96;

    internal CpuBackend Backend;
    internal Conv1dRows Rows;

    /// <summary>The gradient of the outputs, shape (B, T', O).</summary>
    internal float* DY;

    /// <summary>For each part the gradients of the weight, (groups, O / groups, taps, I / groups), and of the bias.</summary>
    internal float* Sums;
    internal bool WantsWeight;
    internal bool WantsBias;
    internal int Parts;

    internal readonly int WeightLength => WantsWeight ? Rows.Taps.Depth * Rows.Taps.OutWidth : 0;

    /// <summary>The number of floats of a part.</summary>
    internal readonly int PartLength => WeightLength + (WantsBias ? Rows.Taps.OutWidth : 0);

    internal readonly long Work => Rows.Total * Rows.Taps.Depth * Rows.Taps.OutWidth;

    private readonly bool UsesWindows =>
        Rows.Taps.Count >= LongSequence && (Rows.WindowStep > 0 || Rows.IsContiguous);

    /// <summary>Returns the number of parts, by the sizes only.</summary>
    internal static int PartsOf(in Conv1dRows rows)
    {
        if ((long)rows.Taps.Depth * rows.Taps.OutWidth >= LargeWeight)
            return 1;
        return (int)Math.Clamp(rows.Total / 64, 1, MostParts);
    }

    public readonly void Invoke(int part)
    {
        var taps = Rows.Taps;
        long first = Rows.Total * part / Parts, end = Rows.Total * (part + 1) / Parts;
        var sums = Sums + (long)part * PartLength;
        new Span<float>(sums, PartLength).Clear();
        if (WantsBias)
            AddBias(first, end, sums + WeightLength);
        if (!WantsWeight)
            return;
        if (Rows.Taps.Groups == taps.InWidth && taps.To == 1)
        {
            Conv1dDepthwise.AddWeight(Rows, DY, sums, first, end);
            return;
        }

        using var memory = Backend.Take(sizeof(float) * ((long)TileRows * Math.Max(1, Rows.WindowStep) * taps.Depth
            + (Rows.OutLimits == null ? 0 : (long)TileRows * taps.OutWidth)));
        if (UsesWindows)
            AddWindows(first, end, sums, memory.Pointer);
        else
            AddCopies(first, end, sums, memory.Pointer);
    }

    private readonly void AddBias(long first, long end, float* sums)
    {
        var taps = Rows.Taps;
        for (var r = first; r < end; r++)
        {
            if (Rows.OutLimits != null && r % taps.Count >= Rows.Valid((int)(r / taps.Count)))
                continue;
            var kernel = new AddRowKernel(DY + r * taps.OutWidth, sums, taps.OutWidth);
            Simd.Run(ref kernel);
        }
    }

    private readonly void AddWindows(long first, long end, float* sums, float* memory)
    {
        var taps = Rows.Taps;
        for (var r = first; r < end;)
        {
            int b = (int)(r / taps.Count), from = (int)(r % taps.Count);
            var to = (int)Math.Min(Math.Min(taps.Count, from + end - r), from + TileRows);
            var dY = DY + r * taps.OutWidth;
            r += to - from;
            to = Math.Min(to, Rows.Valid(b));
            for (var g = 0; g < taps.Groups && to > from; g++)
            {
                nint stride = (nint)taps.InStep * taps.InWidth;
                var windows = Rows.InPlace(b, from, to, g);
                if (windows == null)
                {
                    windows = memory;
                    stride = (nint)(Rows.WindowStep > 0 ? Rows.WindowStep : taps.Taps) * taps.From;
                    if (Rows.WindowStep > 0)
                        Rows.CopyWindows(b, from, to, g, memory);
                    for (var m = from; Rows.WindowStep == 0 && m < to; m++)
                        Rows.CopyWindow(b, m, g, memory + (m - from) * stride);
                }

                Add(dY, windows, stride, to - from, g, sums);
            }
        }
    }

    // Rows past a length are left out: their gradients may hold anything.
    private readonly void AddCopies(long first, long end, float* sums, float* memory)
    {
        var taps = Rows.Taps;
        var valid = memory + (long)TileRows * taps.Depth;
        for (var r = first; r < end; r += TileRows)
        {
            var last = Math.Min(end, r + TileRows);
            for (var g = 0; g < taps.Groups; g++)
            {
                var count = 0;
                for (var row = r; row < last; row++)
                {
                    int b = (int)(row / taps.Count), m = (int)(row % taps.Count);
                    if (Rows.OutLimits != null)
                    {
                        if (m >= Rows.Valid(b))
                            continue;
                        new ReadOnlySpan<float>(DY + row * taps.OutWidth, taps.OutWidth)
                            .CopyTo(new Span<float>(valid + (long)count * taps.OutWidth, taps.OutWidth));
                    }

                    Rows.CopyWindow(b, m, g, memory + (long)count++ * taps.Depth);
                }

                Add(Rows.OutLimits == null ? DY + r * taps.OutWidth : valid, memory, taps.Depth, count, g, sums);
            }
        }
    }

    private readonly void Add(float* dY, float* windows, nint stride, int count, int group, float* sums)
    {
        var taps = Rows.Taps;
        if (count == 0)
            return;
        Backend.Multiply(new Product
        {
            M = taps.To,
            N = taps.Depth,
            K = count,
            A = dY + group * taps.To,
            ARowStride = 1,
            AColumnStride = taps.OutWidth,
            B = windows,
            BRowStride = stride,
            BColumnStride = 1,
            C = sums + (long)group * taps.To * taps.Depth,
            CStride = taps.Depth,
            Alpha = 1f,
            Beta = 1f,
        }, Parts == 1 ? Backend.Workers : null);
    }
}

/// <summary>
/// Adds the parts in order: (parts, outputs, taps, channels) become (outputs, channels, taps), or (parts, taps, channels) of a
/// depth-wise convolution.
/// </summary>
internal unsafe struct Conv1dWeightSum : IChunks
{
    internal CpuBackend Backend;
    internal float* Sums;
    internal float* DWeight;
    internal int Parts;
    internal int PartLength;
    internal int Outputs;
    internal int Inputs;
    internal int Taps;
    internal bool IsDepthwise;
    internal int PerChunk;

    public readonly void Invoke(int chunk)
    {
        var width = Taps * Inputs;
        using var memory = Backend.Take(width * sizeof(float));
        var total = memory.Pointer;
        for (var o = chunk * PerChunk; o < Math.Min(Outputs, (chunk + 1) * PerChunk); o++)
        {
            var to = DWeight + (long)o * width;
            if (IsDepthwise)
            {
                for (var k = 0; k < Taps; k++)
                {
                    to[k] = 0f;
                    for (var p = 0; p < Parts; p++)
                        to[k] += Sums[(long)p * PartLength + (long)k * Outputs + o];
                }

                continue;
            }

            BlockSums.Add(Sums + (long)o * width, PartLength, total, Parts, width);
            for (var k = 0; k < Taps; k++)
            {
                for (var i = 0; i < Inputs; i++)
                    to[(long)i * Taps + k] = total[k * Inputs + i];
            }
        }
    }
}
