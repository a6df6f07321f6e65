using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Random;

/// <summary>Dropout of a row in the same pass as what follows it.</summary>
internal static unsafe class DropoutRow
{
    private const int PieceLength = 512;

    /// <summary>
    /// z_i = dropout(x_i) + y_i, with the bits of <see cref="Backend.Dropout"/> over the whole tensor, in which the row starts at
    /// an element; z may be x or y.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add<T>(float* x, float* y, float* z, int length, nint start, RandomStream stream, float probability)
        where T : struct, IVectorLane<T>
    {
        // A block of the stream has four numbers; a row may start within one.
        var blocks = stackalloc float[PieceLength + 4];
        float scale = 1f / (1f - probability);
        T p = T.Constant(probability), s = T.Constant(scale), zero = T.Constant(0f);
        for (var first = 0; first < length; first += PieceLength)
        {
            var count = Math.Min(PieceLength, length - first);
            var skipped = (int)((start + first) % 4);
            Philox.FillUniform<T>(stream.Seed, stream.Counter + (ulong)(start + first) / 4, blocks, (skipped + count + 3) / 4);
            var uniform = blocks + skipped;
            var i = 0;
            for (; i <= count - T.Count; i += T.Count)
            {
                var dropped = T.WhereLess(T.Load(uniform + i), p, zero, T.Load(x + first + i) * s);
                T.Store(dropped + T.Load(y + first + i), z + first + i);
            }

            for (; i < count; i++)
                z[first + i] = (uniform[i] < probability ? 0f : x[first + i] * scale) + y[first + i];
        }
    }
}
