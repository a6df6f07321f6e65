using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Reduction;

/// <summary>
/// One pass over x that computes, for each part of each result, two floats: High and Low have shape (parts, results). Vectors run
/// along the reduced axis (rows) or along the results (columns).
/// </summary>
[SkipLocalsInit]
internal unsafe struct ReduceKernel<TReducer> : IChunks, ISimdKernel where TReducer : struct, IReducer
{
    /// <summary>
    /// The number of elements that each lane of the four sums adds before it is added to the compensated accumulator; it bounds
    /// the rounding error equally on every width.
    /// </summary>
    private const int LaneBlock = 16;

    /// <summary>The number of strided elements that are gathered at a time.</summary>
    private const int RunBlock = 1024;

    /// <summary>The number of rows that are added in plain vectors, for columns, before their sum is added likewise.</summary>
    private const int RowBlock = 32;

    internal ReducePlan Plan;
    internal float* X;

    /// <summary>The shift of the exponents, shape (results), or null for 0.</summary>
    internal float* Shift;
    internal float* High;
    internal float* Low;

    private int item;

    /// <inheritdoc/>
    public readonly void Invoke(int chunk)
    {
        var kernel = For(chunk);
        Simd.Run(ref kernel);
    }

    /// <summary>Returns the same kernel, set up to compute one item.</summary>
    internal readonly ReduceKernel<TReducer> For(int chunk)
    {
        var copy = this;
        copy.item = chunk;
        return copy;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        var (tile, part) = Math.DivRem(item, Plan.Parts);
        var (first, count) = Plan.Results(tile);
        var from = part * Plan.Part;
        var to = Math.Min(from + Plan.Part, Plan.Reduced.Count);
        var at = (nint)part * Plan.Kept.Count + first;
        if (Plan.ByColumns)
            ReduceColumns<T>(first, count, from, to, High + at, Low + at);
        else
            ReduceRows<T>(first, count, from, to, High + at, Low + at);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void ReduceRows<T>(int first, int count, int from, int to, float* high, float* low)
        where T : struct, IVectorLane<T>
    {
        var kept = new StridedWalk(Plan.Kept, first);
        for (var i = 0; i < count; i++)
        {
            var shift = T.Constant(Shift == null ? 0f : Shift[first + i]);
            var sum = Accumulator<TReducer>.Empty;
            if (Plan.Reduced.Rank <= 1 && Plan.Reduced.InnerStride(0) == 1)
                ReduceRun(X + kept.Offset(0) + from, to - from, shift, ref sum);
            else
                ReduceStrided(X + kept.Offset(0), from, to, shift, ref sum);
            high[i] = sum.High;
            low[i] = sum.Low;
            kept.Move(Plan.Kept, 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void ReduceStrided<T>(float* x, int from, int to, T shift, ref Accumulator<TReducer> sum)
        where T : struct, IVectorLane<T>
    {
        var block = stackalloc float[RunBlock];
        var filled = 0;
        var stride = Plan.Reduced.InnerStride(0);
        var walk = new StridedWalk(Plan.Reduced, from);
        for (int left = to - from, n; left > 0; left -= n)
        {
            n = Math.Min(Math.Min(left, walk.Left(Plan.Reduced)), RunBlock - filled);
            var source = x + walk.Offset(0);
            for (nint i = 0; i < n; i++)
                block[filled + i] = source[i * stride];
            walk.Move(Plan.Reduced, n);
            filled += n;
            if (filled == RunBlock || n == left)
            {
                ReduceRun(block, filled, shift, ref sum);
                filled = 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReduceRun<T>(float* x, int count, T shift, ref Accumulator<TReducer> sum) where T : struct, IVectorLane<T>
    {
        while (count > 0)
        {
            var n = Math.Min(count, 4 * LaneBlock * T.Count);
            T s0 = T.Constant(TReducer.Empty), s1 = s0, s2 = s0, s3 = s0;
            nint i = 0;
            for (; i <= n - 4 * T.Count; i += 4 * T.Count)
            {
                s0 = TReducer.Combine(s0, TReducer.Map(T.Load(x + i), shift));
                s1 = TReducer.Combine(s1, TReducer.Map(T.Load(x + i + T.Count), shift));
                s2 = TReducer.Combine(s2, TReducer.Map(T.Load(x + i + 2 * T.Count), shift));
                s3 = TReducer.Combine(s3, TReducer.Map(T.Load(x + i + 3 * T.Count), shift));
            }

            for (; i <= n - T.Count; i += T.Count)
                s0 = TReducer.Combine(s0, TReducer.Map(T.Load(x + i), shift));
            if (i < n)
                s1 = TReducer.Combine(s1, TReducer.Map(LoadPadded<T>(x + i, n - (int)i), shift));
            s0 = TReducer.Combine(TReducer.Combine(s0, s1), TReducer.Combine(s2, s3));
            sum.Add(TReducer.OfElements(s0));
            x += n;
            count -= n;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void ReduceColumns<T>(int first, int count, int from, int to, float* high, float* low)
        where T : struct, IVectorLane<T>
    {
        var buffers = stackalloc float[(RowBlock + 4) * ReducePlan.Columns];
        float* gathered = buffers, block = gathered + RowBlock * ReducePlan.Columns, shift = block + ReducePlan.Columns;
        float* h = shift + ReducePlan.Columns, l = h + ReducePlan.Columns;
        new Span<float>(shift, ReducePlan.Columns).Clear();
        if (Shift != null)
            new ReadOnlySpan<float>(Shift + first, count).CopyTo(new Span<float>(shift, count));
        new Span<float>(h, ReducePlan.Columns).Fill(TReducer.Empty);
        new Span<float>(l, ReducePlan.Columns).Clear();

        var x = X + new StridedWalk(Plan.Kept, first).Offset(0);
        var stride = Plan.Kept.InnerStride(0);
        var walk = new StridedWalk(Plan.Reduced, from);
        var rows = stackalloc float*[RowBlock];
        for (int left = to - from, n; left > 0; left -= n)
        {
            n = Math.Min(left, RowBlock);
            for (var r = 0; r < n; r++)
            {
                rows[r] = x + walk.Offset(0);
                walk.Move(Plan.Reduced, 1);
            }

            if (stride != 1 || count % T.Count != 0)
                GatherRows(rows, n, stride, count, gathered);
            ReduceBlock<T>(rows, n, count, shift, block);
            Merge<T>(block, h, l, count);
        }

        new ReadOnlySpan<float>(h, count).CopyTo(new Span<float>(high, count));
        new ReadOnlySpan<float>(l, count).CopyTo(new Span<float>(low, count));
    }

    // The last vector of a row may reach past its columns: it reads padding there, and its results are dropped.
    private static void GatherRows(float** rows, int n, int stride, int count, float* gathered)
    {
        for (var r = 0; r < n; r++)
        {
            var row = gathered + r * ReducePlan.Columns;
            for (nint i = 0; i < count; i++)
                row[i] = rows[r][i * stride];
            new Span<float>(row + count, Math.Min(16, ReducePlan.Columns - count)).Fill(TReducer.Padding);
            rows[r] = row;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReduceBlock<T>(float** rows, int n, int count, float* shift, float* block)
        where T : struct, IVectorLane<T>
    {
        for (nint i = 0; i < count; i += T.Count)
        {
            var s = T.Constant(TReducer.Empty);
            var t = s;
            var by = T.Load(shift + i);
            var r = 0;
            for (; r <= n - 2; r += 2)
            {
                s = TReducer.Combine(s, TReducer.Map(T.Load(rows[r] + i), by));
                t = TReducer.Combine(t, TReducer.Map(T.Load(rows[r + 1] + i), by));
            }

            if (r < n)
                s = TReducer.Combine(s, TReducer.Map(T.Load(rows[r] + i), by));
            T.Store(TReducer.Combine(s, t), block + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Merge<T>(float* block, float* high, float* low, int count) where T : struct, IVectorLane<T>
    {
        for (nint i = 0; i < count; i += T.Count)
        {
            T h = T.Load(high + i), value = T.Load(block + i);
            if (!TReducer.Adds)
            {
                T.Store(TReducer.Combine(h, value), high + i);
                continue;
            }

            var sum = h + value;
            var rest = sum - h;
            T.Store(T.Load(low + i) + ((h - (sum - rest)) + (value - rest)), low + i);
            T.Store(sum, high + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T LoadPadded<T>(float* source, int count) where T : struct, IVectorLane<T>
    {
        var padded = stackalloc float[T.Count];
        T.Store(T.Constant(TReducer.Padding), padded);
        for (var i = 0; i < count; i++)
            padded[i] = source[i];
        return T.Load(padded);
    }
}
