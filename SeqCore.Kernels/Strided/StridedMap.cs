using System.Runtime.CompilerServices;

namespace SeqCore.Kernels;

/// <summary>The computation on a run of elements whose operands are all contiguous.</summary>
internal unsafe interface IRunBody
{
    /// <summary>Runs the computation on operands: first the inputs, then the results.</summary>
    void Invoke(float** operands, int count);
}

/// <summary>
/// Applies a body to operands of any layout. An operand that is not contiguous along a run (broadcast or strided) is first
/// gathered into a buffer that stays in the first-level cache, and a result that is not is scattered from one, so that the body
/// handles contiguous vectors only. Chunks have a fixed size that does not depend on the number of threads.
/// </summary>
[SkipLocalsInit]
internal unsafe struct StridedMap<TBody> : IChunks where TBody : struct, IRunBody
{
    /// <summary>
    /// The number of elements of a chunk, 64 KB for each operand: large enough to amortise the cost of taking a chunk, small
    /// enough to balance the load.
    /// </summary>
    internal const int ChunkSize = 16384;

    /// <summary>With fewer elements than this, waking other threads costs more than it saves.</summary>
    internal const int ParallelCount = 65536;

    /// <summary>The number of elements that are gathered at a time: 2 KB for each operand.</summary>
    private const int BlockSize = 512;

    /// <summary>Innermost axes shorter than this are gathered several rows at a time.</summary>
    private const int ShortRow = 64;

    private readonly int inputs;
    private StridedPlan plan;
    private TBody body;
    private Pointers operands;

    private StridedMap(in StridedPlan plan, int inputs, TBody body, ReadOnlySpan<StridedSpan> spans)
    {
        this.plan = plan;
        this.inputs = inputs;
        this.body = body;
        for (var i = 0; i < spans.Length; i++)
            operands[i] = (nint)spans[i].Data.Pointer();
    }

    /// <summary>Applies the body to all elements.</summary>
    internal static void Run(WorkerPool workers, int inputs, TBody body, ReadOnlySpan<StridedSpan> spans)
    {
        var count = spans[0].Layout.Count;
        if (count == 0)
            return;
        if (count < ParallelCount && AreContiguous(spans))
        {
            RunAll(body, spans, count);
            return;
        }

        Span<Layout> layouts = stackalloc Layout[spans.Length];
        for (var i = 0; i < spans.Length; i++)
            layouts[i] = spans[i].Layout;
        var map = new StridedMap<TBody>(StridedPlan.Create(layouts), inputs, body, spans);
        if (map.plan.Count >= ParallelCount)
            workers.For(RowChunking.Chunks(map.plan.Count, ChunkSize), ref map);
        else
            map.RunRange(0, map.plan.Count);
    }

    // Few elements without gaps, which are most calls in small models, need no plan.
    private static void RunAll(TBody body, ReadOnlySpan<StridedSpan> spans, int count)
    {
        var run = stackalloc float*[StridedPlan.MaxOperands];
        for (var i = 0; i < spans.Length; i++)
            run[i] = spans[i].Data.Pointer();
        body.Invoke(run, count);
    }

    private static bool AreContiguous(ReadOnlySpan<StridedSpan> spans)
    {
        foreach (ref readonly var span in spans)
        {
            if (!span.Layout.IsContiguous)
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public readonly void Invoke(int chunk)
    {
        // A body stores its pointers while it runs, so each thread needs its own.
        var own = this;
        var start = chunk * ChunkSize;
        own.RunRange(start, Math.Min(ChunkSize, plan.Count - start));
    }

    private void RunRange(int start, int count)
    {
        var direct = true;
        for (var i = 0; i < plan.Operands; i++)
            direct &= plan.IsContiguous(i);
        if (direct)
            RunContiguous(start, count);
        else if (plan.InnerSize >= ShortRow)
            RunRows(start, count);
        else
            RunBlocks(start, count);
    }

    private void RunContiguous(int start, int count)
    {
        var run = stackalloc float*[StridedPlan.MaxOperands];
        for (var i = 0; i < plan.Operands; i++)
            run[i] = Operand(i) + start;
        body.Invoke(run, count);
    }

    // Long rows: operands that are contiguous along the row are used without a copy.
    private void RunRows(int start, int count)
    {
        var buffers = stackalloc float[StridedPlan.MaxOperands * BlockSize];
        var run = stackalloc float*[StridedPlan.MaxOperands];
        var staged = false;
        for (var i = 0; i < plan.Operands; i++)
            staged |= plan.InnerStride(i) != 1;
        var longest = staged ? BlockSize : int.MaxValue;
        var walk = new StridedWalk(plan, start);
        while (count > 0)
        {
            var n = Math.Min(Math.Min(count, longest), walk.Left(plan));
            for (var i = 0; i < plan.Operands; i++)
            {
                var at = Operand(i) + walk.Offset(i);
                run[i] = plan.InnerStride(i) == 1 ? at : buffers + i * BlockSize;
                if (i < inputs && run[i] != at)
                    Gather(at, plan.InnerStride(i), run[i], n);
            }

            body.Invoke(run, n);
            for (var i = inputs; i < plan.Operands; i++)
            {
                var at = Operand(i) + walk.Offset(i);
                if (run[i] != at)
                    Scatter(run[i], at, plan.InnerStride(i), n);
            }

            walk.Move(plan, n);
            count -= n;
        }
    }

    // Short rows: blocks of many rows, every operand that is not wholly contiguous gathered row by row.
    private void RunBlocks(int start, int count)
    {
        var buffers = stackalloc float[StridedPlan.MaxOperands * BlockSize];
        var run = stackalloc float*[StridedPlan.MaxOperands];
        var from = new StridedWalk(plan, start);
        while (count > 0)
        {
            var n = Math.Min(count, BlockSize);
            for (var i = 0; i < plan.Operands; i++)
                run[i] = plan.IsContiguous(i) ? Operand(i) + start : buffers + i * BlockSize;
            var to = from;
            for (int done = 0, step; done < n; done += step)
            {
                step = Math.Min(n - done, to.Left(plan));
                for (var i = 0; i < inputs; i++)
                {
                    if (run[i] == buffers + i * BlockSize)
                        Gather(Operand(i) + to.Offset(i), plan.InnerStride(i), run[i] + done, step);
                }

                to.Move(plan, step);
            }

            body.Invoke(run, n);
            for (int done = 0, step; done < n; done += step)
            {
                step = Math.Min(n - done, from.Left(plan));
                for (var i = inputs; i < plan.Operands; i++)
                {
                    if (run[i] == buffers + i * BlockSize)
                        Scatter(run[i] + done, Operand(i) + from.Offset(i), plan.InnerStride(i), step);
                }

                from.Move(plan, step);
            }

            start += n;
            count -= n;
        }
    }

    private readonly float* Operand(int i) => (float*)operands[i];

    private static void Gather(float* source, int stride, float* destination, int count)
    {
        if (stride == 0)
            new Span<float>(destination, count).Fill(*source);
        else if (stride == 1)
            new Span<float>(source, count).CopyTo(new Span<float>(destination, count));
        else
        {
            for (nint i = 0; i < count; i++)
                destination[i] = source[i * stride];
        }
    }

    private static void Scatter(float* source, float* destination, int stride, int count)
    {
        for (nint i = 0; i < count; i++)
            destination[i * stride] = source[i];
    }

    [InlineArray(StridedPlan.MaxOperands)]
    private struct Pointers
    {
        private nint first;
    }
}
