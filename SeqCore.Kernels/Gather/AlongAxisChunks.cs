using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Gather;

/// <summary>Gathers the values of a run of indices; the walk is <see cref="AlongAxis.Elements"/>.</summary>
internal readonly unsafe struct GatherAlongChunks(StridedPlan plan, float* x, int* indices, float* y, int size, int stride)
    : IChunks
{
    /// <summary>The number of indices in a chunk.</summary>
    internal const int ChunkSize = 16384;

    private readonly StridedPlan plan = plan;

    public void Invoke(int chunk)
    {
        var start = chunk * ChunkSize;
        var walk = new StridedWalk(plan, start);
        for (int left = Math.Min(ChunkSize, plan.Count - start), n; left > 0; left -= n)
        {
            n = Math.Min(left, walk.Left(plan));
            Run(x + walk.Offset(0), indices + walk.Offset(1), y + walk.Offset(2), n);
            walk.Move(plan, n);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(float* from, int* index, float* to, int n)
    {
        nint step = plan.InnerStride(0), indexStep = plan.InnerStride(1);
        if (indexStep == 0)
        {
            from += AtIndex(*index, size, stride);
            if (step == 1)
                new ReadOnlySpan<float>(from, n).CopyTo(new Span<float>(to, n));
            for (nint i = step == 1 ? n : 0; i < n; i++)
                to[i] = from[i * step];
            return;
        }

        // In locals, since a write through a pointer might change a field.
        int length = size, distance = stride;
        for (nint i = 0; i < n; i++)
            to[i] = from[i * step + AtIndex(index[i * indexStep], length, distance)];
    }

    /// <summary>Returns the distance of an index, which may count from the end, from the start of its line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nint AtIndex(int index, int size, int stride) => (nint)(index < 0 ? index + size : index) * stride;
}

/// <summary>
/// Writes or adds the source to a run of lines of the table; the walk is <see cref="AlongAxis.Lines"/>. No other chunk has a line
/// of this one, and each line takes its values in ascending order, so that the result does not depend on the threads.
/// </summary>
internal readonly unsafe struct ScatterAlongChunks(StridedPlan plan, float* source, int* indices, float* table, int perChunk,
    ScatterAlongStrides strides, bool adds) : IChunks
{
    private readonly StridedPlan plan = plan;

    public void Invoke(int chunk)
    {
        var start = chunk * perChunk;
        var walk = new StridedWalk(plan, start);
        for (int left = Math.Min(perChunk, plan.Count - start), n; left > 0; left -= n)
        {
            n = Math.Min(left, walk.Left(plan));
            Lines(indices + walk.Offset(0), source + walk.Offset(1), table + walk.Offset(2), n);
            walk.Move(plan, n);
        }
    }

    private void Lines(int* index, float* from, float* to, int n)
    {
        // Memory is walked in its order: across the lines where they lie closer together than the elements of one.
        if (n > 1 && plan.InnerStride(2) < strides.Table)
        {
            for (nint j = 0; j < strides.Count; j++)
                Across(index + j * strides.Index, from + j * strides.Source, to, n);
            return;
        }

        for (nint i = 0; i < n; i++)
            Line(index + i * plan.InnerStride(0), from + i * plan.InnerStride(1), to + i * plan.InnerStride(2));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Line(int* index, float* from, float* to)
    {
        var s = strides;
        var sums = adds;
        for (nint j = 0; j < s.Count; j++)
        {
            var at = to + GatherAlongChunks.AtIndex(index[j * s.Index], s.Size, s.Table);
            *at = sums ? *at + from[j * s.Source] : from[j * s.Source];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Across(int* index, float* from, float* to, int n)
    {
        nint indexStep = plan.InnerStride(0), fromStep = plan.InnerStride(1), toStep = plan.InnerStride(2);
        if (indexStep == 0 && fromStep == 1 && toStep == 1)
        {
            to += GatherAlongChunks.AtIndex(*index, strides.Size, strides.Table);
            if (adds)
            {
                var kernel = new AddRowKernel(from, to, n);
                Simd.Run(ref kernel);
            }
            else
                new ReadOnlySpan<float>(from, n).CopyTo(new Span<float>(to, n));
            return;
        }

        var s = strides;
        var sums = adds;
        for (nint i = 0; i < n; i++)
        {
            var at = to + i * toStep + GatherAlongChunks.AtIndex(index[i * indexStep], s.Size, s.Table);
            *at = sums ? *at + from[i * fromStep] : from[i * fromStep];
        }
    }
}

/// <summary>
/// The number of indices of a line, the size of a line of the table, and the distances between neighbours on lines.
/// </summary>
internal readonly record struct ScatterAlongStrides(int Count, int Size, int Index, int Source, int Table);
