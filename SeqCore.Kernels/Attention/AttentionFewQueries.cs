using System.Runtime.CompilerServices;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// Attention of a few queries, as decoding with a cache asks for: each key and value is read once, in place, so the cost is that
/// of reading them. A chunk is one head; keys go by in blocks as in <see cref="AttentionForward"/>.
/// </summary>
internal readonly unsafe struct AttentionFewQueries : IChunks
{
    private const int KeyBlock = 512;

    private readonly AttentionPlan plan;
    private readonly HeadsPointer y;
    private readonly float* logSumExp;
    private readonly bool continues;

    internal AttentionFewQueries(in AttentionPlan plan, HeadsPointer y, float* logSumExp, bool continues)
    {
        this.plan = plan;
        this.y = y;
        this.logSumExp = logSumExp;
        this.continues = continues;
    }

    internal int Count => plan.Arguments.Batch * plan.Arguments.HeadCount;

    public void Invoke(int chunk)
    {
        var head = new Head(this, chunk / plan.Arguments.HeadCount, chunk % plan.Arguments.HeadCount);
        Simd.Run(ref head);
    }

    private readonly struct Head(AttentionFewQueries owner, int b, int n) : ISimdKernel
    {
        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke<T>() where T : struct, IVectorLane<T>
        {
            var scores = stackalloc float[KeyBlock];
            var uniform = stackalloc float[KeyBlock + 16];
            for (var i = 0; i < owner.plan.Arguments.QueryLength; i++)
                Query<T>(i, scores, uniform);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Query<T>(int i, float* scores, float* uniform) where T : struct, IVectorLane<T>
        {
            ref readonly var plan = ref owner.plan;
            ref readonly var of = ref plan.Arguments;
            var m = n / plan.Group;
            float* q = plan.Query.Head(b, n) + (i * plan.Query.StepStride),
                result = owner.y.Head(b, n) + (i * owner.y.StepStride);
            var logSumExp = owner.logSumExp == null
                ? null
                : owner.logSumExp + ((((nint)b * of.HeadCount) + n) * of.QueryLength) + i;
            var greatest = owner.continues ? *logSumExp : float.NegativeInfinity;
            var sum = float.IsNegativeInfinity(greatest) ? 0f : 1f;
            if (sum == 0f)
                new Span<float>(result, of.ValueSize).Clear();
            int first = plan.FirstKey(i), last = plan.EndKey(b, i);
            for (int key = first, end; (key = plan.Blocks.NextSeen(b, n, i, 1, key, last)) < last; key = end)
            {
                end = plan.Blocks.EndSeen(b, n, i, 1, key, Math.Min(last, key + KeyBlock));
                if (plan.IsMasked<T>(b, n, i, 1, key, end))
                    continue;
                for (var j = key; j < end; j++)
                    scores[j - key] = of.Scale * RowMath.Dot<T>(q, plan.Key.Head(b, m) + (j * plan.Key.StepStride), of.HeadSize);
                plan.FinishScores<T>(scores, b, n, i, key, end);
                var max = MathF.Max(greatest, RowMath.Max<T>(scores, end - key));
                if (float.IsNegativeInfinity(max) && AttentionWeights.AreHidden<T>(scores, end - key))
                    continue;
                if (max != greatest && sum > 0f)
                {
                    var factor = MathF.Exp(greatest - max);
                    sum *= factor;
                    RowMath.Affine<T>(result, result, of.ValueSize, factor, 0f);
                }

                greatest = max;
                sum += RowMath.ExpAndSum<T>(scores, scores, end - key, max);
                if (of.Dropout > 0f)
                    AttentionWeights.Drop<T>(scores, end - key, plan.Uniform<T>(b, n, i, key, end, uniform), of.Dropout);
                var values = plan.Value.Head(b, m) + (key * plan.Value.StepStride);
                if (plan.HasHoles && !AreFiniteWhereHidden<T>(scores, values, end - key))
                    AddSeenValues<T>(scores, values, end - key, result);
                else
                    AddValues<T>(scores, values, end - key, result);
            }

            RowMath.Affine<T>(result, result, of.ValueSize, sum == 0f ? 0f : 1f / sum, 0f);
            if (logSumExp != null)
                *logSumExp = sum == 0f ? float.NegativeInfinity : greatest + (float)Math.Log(sum);
        }

        /// <summary>Whether the values of weight 0 are finite.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private bool AreFiniteWhereHidden<T>(float* w, float* v, int count) where T : struct, IVectorLane<T>
        {
            for (var j = 0; j < count; j++)
            {
                if (w[j] == 0f && !RowMath.IsFinite<T>(v + (j * owner.plan.Value.StepStride), owner.plan.Arguments.ValueSize))
                    return false;
            }

            return true;
        }

        /// <summary>
        /// result += sum_j w_j v_j over the weights that are not 0, since 0 times NaN would be NaN; to the bit what
        /// <see cref="AddValues"/> gives where all values are finite.
        /// </summary>
        private void AddSeenValues<T>(float* w, float* v, int count, float* result) where T : struct, IVectorLane<T>
        {
            for (var j = 0; j < count; j++)
            {
                if (w[j] != 0f)
                    AddValues<T>(w + j, v + (j * owner.plan.Value.StepStride), 1, result);
            }
        }

        /// <summary>result += sum_j w_j v_j, four vectors of columns at a time.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AddValues<T>(float* w, float* v, int count, float* result) where T : struct, IVectorLane<T>
        {
            nint stride = owner.plan.Value.StepStride;
            int size = owner.plan.Arguments.ValueSize, c = 0;
            for (; c <= size - (4 * T.Count); c += 4 * T.Count)
            {
                T s0 = T.Load(result + c), s1 = T.Load(result + c + T.Count), s2 = T.Load(result + c + (2 * T.Count)),
                    s3 = T.Load(result + c + (3 * T.Count));
                var x = v + c;
                for (var j = 0; j < count; j++, x += stride)
                {
                    var weight = T.Constant(w[j]);
                    s0 = T.MultiplyAdd(weight, T.Load(x), s0);
                    s1 = T.MultiplyAdd(weight, T.Load(x + T.Count), s1);
                    s2 = T.MultiplyAdd(weight, T.Load(x + (2 * T.Count)), s2);
                    s3 = T.MultiplyAdd(weight, T.Load(x + (3 * T.Count)), s3);
                }

                T.Store(s0, result + c);
                T.Store(s1, result + c + T.Count);
                T.Store(s2, result + c + (2 * T.Count));
                T.Store(s3, result + c + (3 * T.Count));
            }

            for (; c <= size - T.Count; c += T.Count)
            {
                var s = T.Load(result + c);
                for (var j = 0; j < count; j++)
                    s = T.MultiplyAdd(T.Constant(w[j]), T.Load(v + (j * stride) + c), s);
                T.Store(s, result + c);
            }

            for (; c < size; c++)
            {
                for (var j = 0; j < count; j++)
                    result[c] = float.MultiplyAddEstimate(w[j], v[(j * stride) + c], result[c]);
            }
        }
    }
}
