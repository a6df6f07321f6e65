using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.TopK;

/// <summary>
/// Selects the k largest elements of a few rows. Value and index make one 64-bit key, with the index inverted in the low half, so
/// that keys are distinct and descending keys are the required order. For small k they are kept in a heap with the smallest on
/// top; for large k they are sorted.
/// </summary>
internal readonly unsafe struct TopKKernel(float* x, float* values, int* indices, long* scratch, int rows, int columns, int k)
    : ISimdKernel
{
    /// <summary>Returns the number of keys that the temporary memory must hold.</summary>
    internal static int ScratchLength(int columns, int k) => Sorts(columns, k) ? columns : k;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Invoke<T>() where T : struct, IVectorLane<T>
    {
        for (var r = 0; r < rows; r++)
        {
            var row = x + (long)r * columns;
            var found = Sorts(columns, k) ? columns : k;
            for (var i = 0; i < found; i++)
                scratch[i] = Key(row[i], i);
            if (found < columns)
                Select<T>(row);
            var keys = new Span<long>(scratch, found);
            keys.Sort();
            for (var i = 0; i < k; i++)
            {
                var index = (int)~(uint)keys[found - 1 - i];
                values[(long)r * k + i] = row[index];
                indices[(long)r * k + i] = index;
            }
        }
    }

    private static bool Sorts(int columns, int k) => k > columns / 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Select<T>(float* row) where T : struct, IVectorLane<T>
    {
        for (var i = k / 2 - 1; i >= 0; i--)
            SiftDown(i);
        var next = k;
        while (next < columns)
        {
            // Four vectors without a value above the smallest one kept contain nothing new: equal elements have a higher index.
            if (next <= columns - 4 * T.Count)
            {
                var at = row + next;
                var max = T.Max(T.Max(T.Load(at), T.Load(at + T.Count)),
                    T.Max(T.Load(at + 2 * T.Count), T.Load(at + 3 * T.Count)));
                if (T.MaxElement(max) <= row[(int)~(uint)scratch[0]])
                {
                    next += 4 * T.Count;
                    continue;
                }
            }

            for (var end = Math.Min(next + 4 * T.Count, columns); next < end; next++)
            {
                var key = Key(row[next], next);
                if (key > scratch[0])
                {
                    scratch[0] = key;
                    SiftDown(0);
                }
            }
        }
    }

    private void SiftDown(int at)
    {
        var key = scratch[at];
        while (true)
        {
            var child = 2 * at + 1;
            if (child >= k)
                break;
            if (child + 1 < k && scratch[child + 1] < scratch[child])
                child++;
            if (key <= scratch[child])
                break;
            scratch[at] = scratch[child];
            at = child;
        }

        scratch[at] = key;
    }

    private static long Key(float value, int index)
    {
        // The magnitude of negative floats grows with their bits, so all bits except the sign are flipped.
        var bits = float.IsNaN(value) ? int.MaxValue : BitConverter.SingleToInt32Bits(value + 0f);
        return (long)(bits ^ ((bits >> 31) & int.MaxValue)) << 32 | ~(uint)index;
    }
}
