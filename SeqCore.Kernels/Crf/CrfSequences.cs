using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Crf;

/// <summary>
/// The losses and gradients of some sequences of a batch, one after the other. With a_t the forward scores, of which the largest
/// is 0 after each step (what is subtracted is summed in double),
/// <code>
/// l_tj = log sum_i e^(a_(t-1)i + t_ij) = m_j + log sum_i e^(a_(t-1)i) e^(t_ij - m_j),   a_t = l_t + emission_t - max
/// </code>
/// so a step takes K exponentials and K logarithms, and K^2 multiply-adds. Where the sum is so small that its terms may have
/// underflowed, that tag is computed in log space. Backward, p_t(j) = p(y_t = j) is divided among the terms of its sum: p_t(i, j)
/// = p_t(j) term_ij / sum_j, and the sum of that over j is p_(t-1)(i): products of probabilities, with no difference of large
/// numbers.
/// </summary>
internal unsafe struct CrfSequences : IChunks, ISimdKernel
{
    /// <summary>
    /// Below it a sum may lack terms that underflowed: they are less than 2^-126, and so below 2^-66 of the sum.
    /// </summary>
    private const float LeastSum = 1f / (1L << 60);

    internal CpuBackend Backend;
    internal CrfTables Tables;
    internal int Steps;
    internal int Tags;
    internal float* Emissions;
    internal float* Start;
    internal float* End;
    internal int* Targets;
    internal int* Lengths;
    internal float* Scales;
    internal int ScaleStride;
    internal float Scale;
    internal float* Losses;
    internal float* DEmissions;

    /// <summary>For each chunk the gradients of the transitions, (K, width), of start and end, (width); or null.</summary>
    internal float* Sums;
    internal bool IsBackward;
    internal int Batch;
    internal int Chunks;
    private int chunk;

    /// <summary>The number of floats of a chunk's sums.</summary>
    internal static long SumLength(int tags) => (tags + 2L) * CrfTables.WidthOf(tags);

    public readonly void Invoke(int chunk)
    {
        var own = this;
        own.chunk = chunk;
        Simd.Run(ref own);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Invoke<T>() where T : struct, IVectorLane<T>
    {
        int first = (int)((long)Batch * chunk / Chunks), end = (int)((long)Batch * (chunk + 1) / Chunks), width = Tables.Width;
        var sums = Sums == null ? null : Sums + chunk * SumLength(Tags);
        if (sums != null)
            new Span<float>(sums, (int)SumLength(Tags)).Clear();
        using var memory = Backend.Take(sizeof(float) * (4L * width + (IsBackward ? (2L * width + 1) * Steps : 2L * width)));
        var rows = new Rows
        {
            A = memory.Pointer,
            Powers = memory.Pointer + width,
            P = memory.Pointer + 2 * width,
            Factors = memory.Pointer + 3 * width,
            L = memory.Pointer + 4 * width,
            Sums = memory.Pointer + (nint)width * (4 + (IsBackward ? Steps : 1)),
            Shifts = memory.Pointer + (nint)width * (4 + 2 * Steps),
        };
        for (var b = first; b < end; b++)
        {
            var length = Lengths == null ? Steps : Lengths[b];
            var loss = length == 0 ? 0 : Forward<T>(rows, b, length);
            if (Losses != null)
                Losses[b] = (float)loss;
            if (!IsBackward)
                continue;
            var scale = Scale * (Scales == null ? 1f : Scales[b * ScaleStride]);
            if (length > 0)
                Backward<T>(rows, b, length, scale, sums);
            if (DEmissions != null)
                new Span<float>(DEmissions + ((long)b * Steps + length) * Tags, (Steps - length) * Tags).Clear();
        }
    }

    /// <summary>Computes the loss; P holds the last scores e^(a + end) and Factors[0] their sum.</summary>
    private readonly double Forward<T>(in Rows r, int b, int length) where T : struct, IVectorLane<T>
    {
        var width = Tables.Width;
        var e = Emissions + (long)b * Steps * Tags;
        var total = 0.0;
        for (var t = 0; t < length; t++)
        {
            var l = r.L + (IsBackward ? (nint)t * width : 0);
            if (t == 0)
            {
                new Span<float>(l, width).Fill(float.NegativeInfinity);
                new ReadOnlySpan<float>(Start, Tags).CopyTo(new Span<float>(l, Tags));
            }
            else
            {
                Exponentials<T>(r.A, r.Powers, width);
                Step<T>(r, l, r.Sums + (l - r.L));
            }

            var shift = Add<T>(l, e + (nint)t * Tags, r.A);
            if (IsBackward)
                r.Shifts[t] = shift;
            Shift<T>(r.A, shift);
            total += shift;
        }

        for (var j = 0; j < Tags; j++)
            r.P[j] = r.A[j] + End[j];
        var max = RowMath.Max<T>(r.P, Tags);
        var sum = RowMath.ExpAndSum<T>(r.P, r.P, Tags, float.IsNegativeInfinity(max) ? 0f : max);
        r.Factors[0] = sum;
        var logZ = total + max + (float.IsNegativeInfinity(max) ? 0 : Math.Log(sum));
        if (Targets == null)
            return logZ;
        var score = Score(b, length);
        return double.IsNegativeInfinity(score) ? double.PositiveInfinity : logZ - score;
    }

    private readonly double Score(int b, int length)
    {
        var y = Targets + (long)b * Steps;
        var e = Emissions + (long)b * Steps * Tags;
        var score = (double)Start[y[0]] + End[y[length - 1]];
        for (var t = 0; t < length; t++)
            score += e[(nint)t * Tags + y[t]] + (t == 0 ? 0.0 : Tables.Scores[(nint)y[t - 1] * Tables.Width + y[t]]);
        return score;
    }

    /// <summary>l_j = log sum_i e^(a_i + t_ij)</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Step<T>(in Rows r, float* l, float* sums) where T : struct, IVectorLane<T>
    {
        var width = Tables.Width;
        for (var j = 0; j < width; j += T.Count)
        {
            T even = T.Constant(0f), odd = T.Constant(0f);
            var table = Tables.Powers + j;
            var i = 0;
            for (; i < Tags - 1; i += 2, table += 2 * width)
            {
                even = T.MultiplyAdd(T.Constant(r.Powers[i]), T.Load(table), even);
                odd = T.MultiplyAdd(T.Constant(r.Powers[i + 1]), T.Load(table + width), odd);
            }

            if (i < Tags)
                even = T.MultiplyAdd(T.Constant(r.Powers[i]), T.Load(table), even);
            var sum = even + odd;
            T.Store(sum, sums + j);
            T.Store(T.Log(sum) + T.Load(Tables.Most + j), l + j);
        }

        for (var j = 0; j < Tags; j++)
        {
            if (sums[j] < LeastSum)
            {
                var sum = ScaledSum(r.A, j, out var max);
                l[j] = sum == 0f ? float.NegativeInfinity : max + MathF.Log(sum);
            }
        }
    }

    /// <summary>Returns sum_i e^(a_i + t_ij - max), with the largest of the exponents; 0 if all are -infinity.</summary>
    private readonly float ScaledSum(float* a, int j, out float max)
    {
        var scores = Tables.Scores + j;
        max = float.NegativeInfinity;
        for (var i = 0; i < Tags; i++)
            max = Math.Max(max, a[i] + scores[(nint)i * Tables.Width]);
        if (float.IsNegativeInfinity(max))
            return 0f;
        var sum = 0f;
        for (var i = 0; i < Tags; i++)
            sum += MathF.Exp(a[i] + scores[(nint)i * Tables.Width] - max);
        return sum;
    }

    private readonly void Backward<T>(in Rows r, int b, int length, float scale, float* sums) where T : struct, IVectorLane<T>
    {
        int width = Tables.Width;
        var y = Targets == null ? null : Targets + (long)b * Steps;
        var e = Emissions + (long)b * Steps * Tags;
        new Span<float>(r.P + Tags, width - Tags).Clear();
        RowMath.Affine<T>(r.P, r.P, Tags, scale / r.Factors[0], 0f);
        if (sums != null)
            AddEnd<T>(sums + (Tags + 1L) * width, r.P, y == null ? -1 : y[length - 1], scale);
        for (var t = length - 1; t >= 0; t--)
        {
            if (DEmissions != null)
            {
                var dE = DEmissions + ((long)b * Steps + t) * Tags;
                new ReadOnlySpan<float>(r.P, Tags).CopyTo(new Span<float>(dE, Tags));
                if (y != null)
                    dE[y[t]] -= scale;
            }

            if (t == 0)
                break;
            Add<T>(r.L + (nint)(t - 1) * width, e + (nint)(t - 1) * Tags, r.A);
            Shift<T>(r.A, r.Shifts[t - 1]);
            Exponentials<T>(r.A, r.Powers, width);
            StepBack<T>(r, r.Sums + (nint)t * width, sums);
            if (sums != null && y != null)
                sums[(nint)y[t - 1] * width + y[t]] -= scale;
        }

        if (sums != null)
            AddEnd<T>(sums + (long)Tags * width, r.P, y == null ? -1 : y[0], scale);
    }

    /// <summary>Turns the probabilities of a step into those of the step before, and adds those of pairs to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void StepBack<T>(in Rows r, float* totals, float* sums) where T : struct, IVectorLane<T>
    {
        var width = Tables.Width;
        T zero = T.Constant(0f), least = T.Constant(LeastSum);
        for (var j = 0; j < width; j += T.Count)
        {
            var total = T.Load(totals + j);
            T.Store(T.WhereLess(total, least, zero, T.Load(r.P + j) / total), r.Factors + j);
        }

        // The results overwrite the powers one by one.
        for (var i = 0; i < Tags; i++)
        {
            var power = T.Constant(r.Powers[i]);
            var sum = zero;
            float* table = Tables.Powers + (nint)i * width, to = sums + (nint)i * width;
            for (var j = 0; j < width; j += T.Count)
            {
                var pair = T.Load(table + j) * T.Load(r.Factors + j) * power;
                sum += pair;
                if (sums != null)
                    T.Store(T.Load(to + j) + pair, to + j);
            }

            r.Powers[i] = T.Sum(sum);
        }

        for (var j = 0; j < Tags; j++)
        {
            if (r.P[j] == 0f || !(totals[j] < LeastSum))
                continue;
            var factor = r.P[j] / ScaledSum(r.A, j, out var max);
            for (var i = 0; i < Tags; i++)
            {
                var pair = factor * MathF.Exp(r.A[i] + Tables.Scores[(nint)i * width + j] - max);
                r.Powers[i] += pair;
                if (sums != null)
                    sums[(nint)i * width + j] += pair;
            }
        }

        new ReadOnlySpan<float>(r.Powers, Tags).CopyTo(new Span<float>(r.P, Tags));
    }

    private readonly void AddEnd<T>(float* to, float* p, int target, float scale) where T : struct, IVectorLane<T>
    {
        RowMath.Add<T>(p, to, to, Tags);
        if (target >= 0)
            to[target] -= scale;
    }

    /// <summary>Computes a = l + e and returns the largest, or 0 where that is -infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly float Add<T>(float* l, float* e, float* a) where T : struct, IVectorLane<T>
    {
        var j = 0;
        for (; j <= Tags - T.Count; j += T.Count)
            T.Store(T.Load(l + j) + T.Load(e + j), a + j);
        if (j < Tags)
            T.Store(T.Load(l + j) + T.LoadPartial(e + j, Tags - j), a + j);
        var max = RowMath.Max<T>(a, Tags);
        return float.IsNegativeInfinity(max) ? 0f : max;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Shift<T>(float* a, float shift) where T : struct, IVectorLane<T>
    {
        for (var j = 0; j < Tables.Width; j += T.Count)
            T.Store(T.Load(a + j) - T.Constant(shift), a + j);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exponentials<T>(float* a, float* powers, int width) where T : struct, IVectorLane<T>
    {
        for (var j = 0; j < width; j += T.Count)
            T.Store(T.Exp(T.Load(a + j)), powers + j);
    }

    /// <summary>Memory of a chunk: rows of one number for each tag.</summary>
    private struct Rows
    {
        /// <summary>The forward scores.</summary>
        internal float* A;

        /// <summary>Their exponentials.</summary>
        internal float* Powers;

        /// <summary>The probabilities of a step's tags, times the row's factor.</summary>
        internal float* P;

        internal float* Factors;

        /// <summary>l of each step, or of one step if there is no backward pass.</summary>
        internal float* L;

        /// <summary>The sum that l is the logarithm of, without m, likewise.</summary>
        internal float* Sums;

        /// <summary>What was subtracted at each step.</summary>
        internal float* Shifts;
    }
}
