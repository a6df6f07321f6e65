using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Crf;

/// <summary>
/// The scores of transitions as all sequences read them, in rows of whole vectors: t_ij, with -infinity behind each row;
/// m_j = max_i t_ij, or 0 where that is -infinity; and e^(t_ij - m_j), with 0 behind each row.
/// </summary>
internal readonly unsafe struct CrfTables(CrfArguments arguments, float* memory)
{
    /// <summary>The number of tags, rounded up to whole vectors.</summary>
    internal readonly int Width = WidthOf(arguments.Tags);

    internal readonly float* Scores = memory;

    internal readonly float* Powers = memory + (long)arguments.Tags * WidthOf(arguments.Tags);

    internal readonly float* Most = memory + 2L * arguments.Tags * WidthOf(arguments.Tags);

    internal static int WidthOf(int tags) => (tags + Simd.Width - 1) / Simd.Width * Simd.Width;

    /// <summary>The number of floats of the tables.</summary>
    internal static long Length(int tags) => (2L * tags + 1) * WidthOf(tags);

    internal void Fill()
    {
        var kernel = new Filling(this, arguments.Transitions.Pointer(), arguments.Tags);
        Simd.Run(ref kernel);
    }

    private readonly struct Filling(CrfTables tables, float* transitions, int tags) : ISimdKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke<T>() where T : struct, IVectorLane<T>
        {
            var width = tables.Width;
            new Span<float>(tables.Scores, tags * width).Fill(float.NegativeInfinity);
            new Span<float>(tables.Most, width).Fill(float.NegativeInfinity);
            for (var i = 0; i < tags; i++)
            {
                var row = tables.Scores + (nint)i * width;
                new ReadOnlySpan<float>(transitions + (nint)i * tags, tags).CopyTo(new Span<float>(row, tags));
                for (var j = 0; j < width; j += T.Count)
                    T.Store(T.Max(T.Load(tables.Most + j), T.Load(row + j)), tables.Most + j);
            }

            for (var j = 0; j < width; j++)
            {
                if (float.IsNegativeInfinity(tables.Most[j]))
                    tables.Most[j] = 0f;
            }

            for (var i = 0; i < tags; i++)
            {
                for (var j = 0; j < width; j += T.Count)
                {
                    var at = (nint)i * width + j;
                    T.Store(T.Exp(T.Load(tables.Scores + at) - T.Load(tables.Most + j)), tables.Powers + at);
                }
            }
        }
    }
}
