using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Conv1d;

/// <summary>
/// Sums over taps of a depth-wise convolution: each channel has a kernel of its own, so the channels are the lanes, and the
/// weight is (taps, channels).
/// </summary>
internal unsafe struct Conv1dDepthwise : IChunks
{
    internal Conv1dRows Rows;
    internal float* Weight;
    internal float* Bias;
    internal float* Result;
    internal int PerChunk;

    internal static Conv1dDepthwise Of(in Conv1dRows rows, float* weight, float* bias, float* result) => new()
    {
        Rows = rows,
        Weight = weight,
        Bias = bias,
        Result = result,
        PerChunk = RowChunking.PerChunk(rows.Taps.InWidth * Math.Max(1, rows.Taps.Taps / 2)),
    };

    internal readonly int Count => (int)((Rows.Total + PerChunk - 1) / PerChunk);

    public readonly void Invoke(int chunk)
    {
        long first = (long)chunk * PerChunk, end = Math.Min(Rows.Total, first + PerChunk);
        var taps = Rows.Taps;
        for (var r = first; r < end; r++)
        {
            int b = (int)(r / taps.Count), m = (int)(r % taps.Count);
            var to = Result + ((long)b * taps.OutSteps + (long)m * taps.OutStep + taps.OutOffset) * taps.OutWidth;
            if (m >= Rows.Valid(b))
            {
                new Span<float>(to, taps.OutWidth).Clear();
                continue;
            }

            // The taps within the sequence.
            var start = (long)m * taps.InStep + taps.InOffset;
            var from = start >= 0 ? 0 : (int)Math.Min(taps.Taps, (-start + taps.Spacing - 1) / taps.Spacing);
            var left = Rows.InLimit(b) - start;
            var last = left <= 0 ? from : (int)Math.Clamp((left - 1) / taps.Spacing + 1, from, taps.Taps);
            var row = new Row
            {
                X = Rows.In + ((long)b * taps.InSteps + start) * taps.InWidth,
                XStep = (nint)taps.Spacing * taps.InWidth,
                Weight = Weight,
                Bias = Bias,
                To = to,
                FirstTap = from,
                EndTap = last,
                Width = taps.InWidth,
            };
            Simd.Run(ref row);
        }
    }

    /// <summary>Adds the products of rows [first, end) to the gradient of the weight, (taps, channels).</summary>
    internal static void AddWeight(in Conv1dRows rows, float* dY, float* sums, long first, long end)
    {
        const int TileRows = 64;
        var taps = rows.Taps;
        for (var r = first; r < end;)
        {
            int b = (int)(r / taps.Count), from = (int)(r % taps.Count);
            var to = (int)Math.Min(Math.Min(taps.Count, from + end - r), from + TileRows);
            var tile = new WeightTile
            {
                X = rows.In + (long)b * taps.InSteps * taps.InWidth,
                DY = dY + (r - from) * taps.OutWidth,
                Sums = sums,
                Taps = taps,
                First = from,
                End = Math.Min(to, rows.Valid(b)),
                Limit = rows.InLimit(b),
            };
            r += to - from;
            if (tile.End > tile.First)
                Simd.Run(ref tile);
        }
    }

    /// <summary>One row of the result.</summary>
    private struct Row : ISimdKernel
    {
        internal float* X;
        internal nint XStep;
        internal float* Weight;
        internal float* Bias;
        internal float* To;
        internal int FirstTap;
        internal int EndTap;
        internal int Width;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Invoke<T>() where T : struct, IVectorLane<T>
        {
            var c = 0;
            for (; c <= Width - 4 * T.Count; c += 4 * T.Count)
                Four<T>(c);
            for (; c <= Width - T.Count; c += T.Count)
                One<T>(c);
            for (; c < Width; c++)
                One<LaneScalar>(c);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void One<T>(int c) where T : struct, IVectorLane<T>
        {
            var sum = Bias == null ? T.Constant(0f) : T.Load(Bias + c);
            for (var j = FirstTap; j < EndTap; j++)
                sum = T.MultiplyAdd(T.Load(X + j * XStep + c), T.Load(Weight + (nint)j * Width + c), sum);
            T.Store(sum, To + c);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Four<T>(int c) where T : struct, IVectorLane<T>
        {
            T s0, s1, s2, s3;
            if (Bias == null)
            {
                s0 = s1 = s2 = s3 = T.Constant(0f);
            }
            else
            {
                s0 = T.Load(Bias + c);
                s1 = T.Load(Bias + c + T.Count);
                s2 = T.Load(Bias + c + 2 * T.Count);
                s3 = T.Load(Bias + c + 3 * T.Count);
            }

            float* x = X + FirstTap * XStep + c, w = Weight + (nint)FirstTap * Width + c;
            for (var j = FirstTap; j < EndTap; j++, x += XStep, w += Width)
            {
                s0 = T.MultiplyAdd(T.Load(x), T.Load(w), s0);
                s1 = T.MultiplyAdd(T.Load(x + T.Count), T.Load(w + T.Count), s1);
                s2 = T.MultiplyAdd(T.Load(x + 2 * T.Count), T.Load(w + 2 * T.Count), s2);
                s3 = T.MultiplyAdd(T.Load(x + 3 * T.Count), T.Load(w + 3 * T.Count), s3);
            }

            T.Store(s0, To + c);
            T.Store(s1, To + c + T.Count);
            T.Store(s2, To + c + 2 * T.Count);
            T.Store(s3, To + c + 3 * T.Count);
        }
    }

    /// <summary>The products of some rows of one sequence for all taps.</summary>
    private struct WeightTile : ISimdKernel
    {
        internal float* X;
        internal float* DY;
        internal float* Sums;
        internal Conv1dTaps Taps;
        internal int First;
        internal int End;
        internal int Limit;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Invoke<T>() where T : struct, IVectorLane<T>
        {
            var width = Taps.InWidth;
            var c = 0;
            for (; c <= width - 4 * T.Count; c += 4 * T.Count)
            {
                for (var j = 0; j < Taps.Taps; j++)
                    Four<T>(c, j);
            }

            for (; c <= width - T.Count; c += T.Count)
            {
                for (var j = 0; j < Taps.Taps; j++)
                    One<T>(c, j);
            }

            for (; c < width; c++)
            {
                for (var j = 0; j < Taps.Taps; j++)
                    One<LaneScalar>(c, j);
            }
        }

        /// <summary>The rows for which a tap lies within the sequence.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly (int First, int End) RowsOf(int tap)
        {
            var offset = Taps.InOffset + (long)tap * Taps.Spacing;
            var first = offset >= 0 ? First : Math.Max(First, (-offset + Taps.InStep - 1) / Taps.InStep);
            var end = offset >= Limit ? first : Math.Min(End, (Limit - offset - 1) / Taps.InStep + 1);
            return ((int)Math.Min(first, End), (int)end);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void One<T>(int c, int tap) where T : struct, IVectorLane<T>
        {
            var (first, end) = RowsOf(tap);
            nint width = Taps.InWidth, step = Taps.InStep * width;
            var x = X + ((long)first * Taps.InStep + Taps.InOffset + (long)tap * Taps.Spacing) * width + c;
            var dY = DY + first * width + c;
            var sum = T.Load(Sums + tap * width + c);
            for (var m = first; m < end; m++, x += step, dY += width)
                sum = T.MultiplyAdd(T.Load(x), T.Load(dY), sum);
            T.Store(sum, Sums + tap * width + c);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Four<T>(int c, int tap) where T : struct, IVectorLane<T>
        {
            var (first, end) = RowsOf(tap);
            nint width = Taps.InWidth, step = Taps.InStep * width;
            var x = X + ((long)first * Taps.InStep + Taps.InOffset + (long)tap * Taps.Spacing) * width + c;
            var dY = DY + first * width + c;
            var to = Sums + tap * width + c;
            T s0 = T.Load(to), s1 = T.Load(to + T.Count), s2 = T.Load(to + 2 * T.Count), s3 = T.Load(to + 3 * T.Count);
            for (var m = first; m < end; m++, x += step, dY += width)
            {
                s0 = T.MultiplyAdd(T.Load(x), T.Load(dY), s0);
                s1 = T.MultiplyAdd(T.Load(x + T.Count), T.Load(dY + T.Count), s1);
                s2 = T.MultiplyAdd(T.Load(x + 2 * T.Count), T.Load(dY + 2 * T.Count), s2);
                s3 = T.MultiplyAdd(T.Load(x + 3 * T.Count), T.Load(dY + 3 * T.Count), s3);
            }

            T.Store(s0, to);
            T.Store(s1, to + T.Count);
            T.Store(s2, to + 2 * T.Count);
            T.Store(s3, to + 3 * T.Count);
        }
    }
}
