using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Rotary;

/// <summary>Rotates the heads of a few steps: y = x cos + partner(x) sin, where the table's sines carry the signs.</summary>
internal unsafe struct RotaryKernel : IRowKernel
{
    internal float* X;
    internal float* Y;
    internal float* Table;
    internal RotaryShape Shape;

    /// <summary>1 for the rotation, -1 for its inverse.</summary>
    internal float Direction;

    public int FirstRow { get; set; }

    public int EndRow { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        int size = Shape.HeadSize, turned = Shape.RotarySize, all = Shape.HeadCount * size;
        for (var r = FirstRow; r < EndRow; r++)
        {
            float* x = X + (long)r * Shape.Columns, y = Y + (long)r * Shape.Columns;
            var cos = Table + (Shape.FirstPosition + r % Shape.Steps) * 2L * turned;
            for (var head = 0; head < all; head += size)
            {
                if (Shape.Pairs == RotaryPairs.HalfSplit)
                    Halves<T>(x + head, y + head, cos, cos + turned, turned / 2);
                else
                    Neighbours<T>(x + head, y + head, cos, cos + turned, turned);
                if (turned < size)
                    Copy(x + head + turned, y + head + turned, size - turned);
            }

            Copy(x + all, y + all, Shape.Columns - all);
        }
    }

    /// <summary>Rotates element j with element j + half; both have the cosine of j, and the sines differ in sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Halves<T>(float* x, float* y, float* cos, float* sin, int half) where T : struct, IVectorLane<T>
    {
        sin += half;
        var direction = T.Constant(Direction);
        var j = 0;
        for (; j <= half - T.Count; j += T.Count)
        {
            T a = T.Load(x + j), b = T.Load(x + half + j), c = T.Load(cos + j), s = T.Load(sin + j) * direction;
            T.Store(a * c - b * s, y + j);
            T.Store(T.MultiplyAdd(a, s, b * c), y + half + j);
        }

        for (; j < half; j++)
        {
            float a = x[j], b = x[half + j], s = sin[j] * Direction;
            y[j] = a * cos[j] - b * s;
            y[half + j] = b * cos[j] + a * s;
        }
    }

    /// <summary>Rotates element 2j with element 2j + 1, which is next to it in the vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Neighbours<T>(float* x, float* y, float* cos, float* sin, int length) where T : struct, IVectorLane<T>
    {
        var direction = T.Constant(Direction);
        var i = 0;
        if (T.Count > 1)
        {
            for (; i <= length - T.Count; i += T.Count)
            {
                var v = T.Load(x + i);
                T.Store(T.MultiplyAdd(v, T.Load(cos + i), T.SwapNeighbours(v) * T.Load(sin + i) * direction), y + i);
            }
        }

        for (; i < length; i += 2)
        {
            float a = x[i], b = x[i + 1], s = sin[i + 1] * Direction;
            y[i] = a * cos[i] - b * s;
            y[i + 1] = b * cos[i] + a * s;
        }
    }

    private static void Copy(float* from, float* to, int length)
    {
        if (from != to)
            new ReadOnlySpan<float>(from, length).CopyTo(new Span<float>(to, length));
    }
}
