using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// Some rows of a head with 0 in the place of what is not finite, for a product with weights of which some are 0 because a key is
/// hidden: 0 times NaN would be NaN. What was left out is added afterwards, where the weight is not 0. Made only where there is
/// something to leave out, which is rare, so that it need not be fast.
/// </summary>
internal sealed unsafe class FiniteRows : IDisposable
{
    private readonly AttentionRows all;
    private readonly int width;
    private readonly int size;
    private readonly int first;
    private readonly bool[] isFinite;
    private readonly DeviceBuffer buffer;

    private FiniteRows(CpuBackend backend, AttentionRows all, int width, int size, int first, bool[] isFinite)
    {
        (this.all, this.width, this.size, this.first, this.isFinite) = (all, width, size, first, isFinite);
        var panels = (size + width - 1) / width;
        buffer = backend.Rent((long)panels * isFinite.Length * width * sizeof(float));
        for (var panel = 0; panel < panels; panel++)
        {
            for (var i = 0; i < isFinite.Length; i++)
            {
                float* from = all.Row(panel, first + i), to = Start + (((nint)panel * isFinite.Length) + i) * width;
                for (var c = 0; c < width; c++)
                    to[c] = float.IsFinite(from[c]) ? from[c] : 0f;
            }
        }
    }

    /// <summary>The rows, under their own numbers.</summary>
    internal AttentionRows Rows => new(Start - ((nint)first * width), (nint)isFinite.Length * width, width);

    private float* Start => (float*)((CpuBuffer)buffer).Pointer;

    /// <summary>Rows [first, end), or null if all that they hold is finite.</summary>
    /// <param name="backend">Where the copy's memory comes from.</param>
    /// <param name="all">The rows of a head.</param>
    /// <param name="width">Columns of a panel.</param>
    /// <param name="size">Columns that count.</param>
    /// <param name="first">The first row.</param>
    /// <param name="end">The row after the last.</param>
    /// <param name="seen">Rows of which all weights count, and which therefore need not be looked at.</param>
    internal static FiniteRows? Of<T>(CpuBackend backend, AttentionRows all, int width, int size, int first, int end,
        (int First, int End) seen)
        where T : struct, IVectorLane<T>
    {
        if (AreFinite<T>(all, width, size, first, seen.First) && AreFinite<T>(all, width, size, seen.End, end))
            return null;
        var isFinite = new bool[end - first];
        for (var i = first; i < end; i++)
        {
            isFinite[i - first] = true;
            for (var c = 0; c < size; c++)
                isFinite[i - first] &= float.IsFinite(all.Row(c / width, i)[c % width]);
        }

        return new FiniteRows(backend, all, width, size, first, isFinite);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AreFinite<T>(AttentionRows all, int width, int size, int first, int end) where T : struct, IVectorLane<T>
    {
        // 0 times a number is 0 only if that is finite. A panel is one or two vectors wide.
        var second = width - T.Count;
        T sum0 = T.Constant(0f), sum1 = sum0, sum2 = sum0, sum3 = sum0, zero = sum0;
        for (var panel = 0; panel * width < size; panel++)
        {
            var i = first;
            for (; i < end - 1; i += 2)
            {
                float* row = all.Row(panel, i), next = row + all.RowStride;
                sum0 = T.MultiplyAdd(T.Load(row), zero, sum0);
                sum1 = T.MultiplyAdd(T.Load(row + second), zero, sum1);
                sum2 = T.MultiplyAdd(T.Load(next), zero, sum2);
                sum3 = T.MultiplyAdd(T.Load(next + second), zero, sum3);
            }

            if (i < end)
            {
                sum0 = T.MultiplyAdd(T.Load(all.Row(panel, i)), zero, sum0);
                sum1 = T.MultiplyAdd(T.Load(all.Row(panel, i) + second), zero, sum1);
            }
        }

        return T.Sum(sum0 + sum1 + (sum2 + sum3)) == 0f;
    }

    /// <summary>results_r += scale weight_ri x_i for what is not finite of rows [from, end), where the weight is not 0.</summary>
    /// <param name="weights">Weight of result 0 and row from.</param>
    /// <param name="weightRow">Elements between weights of neighbouring results.</param>
    /// <param name="weightColumn">Elements between weights of neighbouring rows.</param>
    /// <param name="count">Results.</param>
    /// <param name="from">The first row.</param>
    /// <param name="end">The row after the last.</param>
    /// <param name="results">Result 0.</param>
    /// <param name="resultRow">Elements between results.</param>
    /// <param name="scale">A factor.</param>
    internal void AddRest(float* weights, nint weightRow, nint weightColumn, int count, int from, int end, float* results,
        nint resultRow, float scale)
    {
        for (var i = from; i < end; i++)
        {
            for (var r = 0; r < count && !isFinite[i - first]; r++)
            {
                var weight = scale * weights[(r * weightRow) + ((i - from) * weightColumn)];
                for (var c = 0; c < size && weight != 0f; c++)
                {
                    var x = all.Row(c / width, i)[c % width];
                    if (!float.IsFinite(x))
                        results[(r * resultRow) + c] += weight * x;
                }
            }
        }
    }

    public void Dispose() => buffer.Dispose();
}
