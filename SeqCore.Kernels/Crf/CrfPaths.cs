using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Crf;

/// <summary>
/// The best tags of one sequence: at each step the lanes are the tags, and each keeps the best tag before it; then those are
/// followed back from the best last tag.
/// </summary>
internal unsafe struct CrfPaths : IChunks, ISimdKernel
{
    internal CpuBackend Backend;
    internal CrfTables Tables;
    internal int Steps;
    internal int Tags;
    internal float* Emissions;
    internal float* Start;
    internal float* End;
    internal int* Lengths;
    internal int* Found;
    internal float* Scores;
    private int row;

    public readonly void Invoke(int chunk)
    {
        var own = this;
        own.row = chunk;
        Simd.Run(ref own);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        int length = Lengths == null ? Steps : Lengths[row], width = Tables.Width;
        var found = Found + (long)row * Steps;
        new Span<int>(found + length, Steps - length).Clear();
        if (length == 0)
        {
            if (Scores != null)
                Scores[row] = 0f;
            return;
        }

        // Tags are stored as floats, exact up to 2^24.
        using var memory = Backend.Take(sizeof(float) * (long)width * (Steps + 2));
        float* a = memory.Pointer, next = a + width, before = next + width;
        var e = Emissions + (long)row * Steps * Tags;
        var total = 0.0;
        for (var t = 0; t < length; t++)
        {
            if (t == 0)
            {
                for (var j = 0; j < Tags; j++)
                    a[j] = Start[j] + e[j];
            }
            else
            {
                Step<T>(a, next, before + (nint)t * width);
                for (var j = 0; j < Tags; j++)
                    a[j] = next[j] + e[(nint)t * Tags + j];
            }

            // Without the largest, so that long sequences do not round scores off.
            var max = RowMath.Max<T>(a, Tags);
            if (!float.IsFinite(max))
                continue;
            total += max;
            for (var j = 0; j < Tags; j++)
                a[j] -= max;
        }

        var best = 0;
        for (var j = 0; j < Tags; j++)
        {
            a[j] += End[j];
            if (a[j] > a[best])
                best = j;
        }

        if (Scores != null)
            Scores[row] = (float)(total + a[best]);
        for (var t = length - 1; t >= 0; t--)
        {
            found[t] = best;
            if (t > 0)
                best = (int)before[(nint)t * width + best];
        }
    }

    /// <summary>next_j = max_i a_i + t_ij, and the first i that gives it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Step<T>(float* a, float* next, float* before) where T : struct, IVectorLane<T>
    {
        var width = Tables.Width;
        for (var j = 0; j < width; j += T.Count)
        {
            T best = T.Constant(a[0]) + T.Load(Tables.Scores + j), from = T.Constant(0f);
            for (var i = 1; i < Tags; i++)
            {
                var score = T.Constant(a[i]) + T.Load(Tables.Scores + (nint)i * width + j);
                from = T.WhereLess(best, score, T.Constant(i), from);
                best = T.WhereLess(best, score, score, best);
            }

            T.Store(best, next + j);
            T.Store(from, before + j);
        }
    }
}
