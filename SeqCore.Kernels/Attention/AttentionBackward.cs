using System.Runtime.CompilerServices;
using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// The backward pass: a chunk is one key head of one sequence, or a range of its keys where heads are few, and so owns dK and dV
/// there; its part of dQ is its own too and summed with the others' afterwards. It walks blocks of 128 keys by 96 queries:
/// the weights w and dS of such a block (48 KB each) are recomputed by tiles of 12 queries and then feed three products, dQ += dS
/// k tile by tile, dV += w' dY and dK += dS' q for the whole block.
/// </summary>
internal readonly unsafe struct AttentionBackward : IChunks
{
    internal const int KeyBlock = 128;
    private const int QueryBlock = 96;

    private readonly CpuBackend backend;
    private readonly AttentionPlan plan;
    private readonly AttentionGradients gradients;
    private readonly int ranges;
    private readonly int width;
    private readonly int valueWidth;

    internal AttentionBackward(CpuBackend backend, in AttentionPlan plan, in AttentionGradients gradients, int ranges)
    {
        (this.backend, this.plan, this.gradients, this.ranges) = (backend, plan, gradients, ranges);
        width = Padded(plan.Arguments.HeadSize, gradients.Keys.Width);
        valueWidth = Padded(plan.Arguments.ValueSize, gradients.DYRows.Width);

        static int Padded(int size, int panel) => (size + panel - 1) / panel * panel;
    }

    internal int Count => plan.Arguments.Batch * plan.Arguments.KeyHeadCount * ranges;

    public void Invoke(int chunk)
    {
        var work = new KeyRange(this, chunk / ranges / plan.Arguments.KeyHeadCount,
            chunk / ranges % plan.Arguments.KeyHeadCount, chunk % ranges);
        Simd.Run(ref work);
    }

    private readonly struct KeyRange(AttentionBackward owner, int b, int m, int range) : ISimdKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke<T>() where T : struct, IVectorLane<T>
        {
            ref readonly var plan = ref owner.plan;
            ref readonly var of = ref plan.Arguments;
            int width = owner.width, valueWidth = owner.valueWidth, group = plan.Group;
            var blocks = (of.KeyLength + KeyBlock - 1) / KeyBlock;
            long block = QueryBlock * KeyBlock, queries = (long)group * of.QueryLength;
            using var scratch = owner.backend.Take(
                ((2 * block) + (KeyBlock * ((long)width + valueWidth)) + queries + (queries * width) + (2 * KeyBlock) + 16)
                    * sizeof(float));
            var weights = scratch.Pointer;
            var scores = weights + block;
            var dKey = scores + block;
            var dValue = dKey + (KeyBlock * width);
            var dQuery = dValue + (KeyBlock * valueWidth);
            var delta = dQuery + (queries * width);
            var rows = delta + queries;
            new Span<float>(dQuery, (int)(queries * width)).Clear();
            for (var g = 0; g < group; g++)
                Delta<T>((m * group) + g, delta + ((nint)g * of.QueryLength));

            for (var i = blocks * range / owner.ranges; i < blocks * (range + 1) / owner.ranges; i++)
            {
                int key = i * KeyBlock, count = Math.Min(KeyBlock, of.KeyLength - key);
                new Span<float>(dKey, KeyBlock * (width + valueWidth)).Clear();
                for (var g = 0; g < group; g++)
                {
                    for (var first = 0; first < of.QueryLength; first += QueryBlock)
                    {
                        var at = ((nint)g * of.QueryLength) + first;
                        var part = new Block(in owner, b, (m * group) + g, first,
                            Math.Min(QueryBlock, of.QueryLength - first), key);
                        if (!part.IsEmpty && part.Recompute<T>(weights, scores, rows, delta + at, dQuery + (at * width), width,
                            out var isPartial))
                            part.AddKeys<T>(weights, scores, dKey, dValue, isPartial);
                    }
                }

                owner.gradients.DKey.Store<T>(dKey, width, of.HeadSize, b, m, key, count);
                owner.gradients.DValue.Store<T>(dValue, valueWidth, of.ValueSize, b, m, key, count);
            }

            for (var g = 0; g < group; g++)
            {
                owner.gradients.DQuery(range).Store<T>(dQuery + ((nint)g * of.QueryLength * width), width, of.HeadSize, b,
                    (m * group) + g, 0, of.QueryLength);
            }
        }

        /// <summary>delta_i = dY_i y_i</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Delta<T>(int n, float* delta) where T : struct, IVectorLane<T>
        {
            float* y = owner.gradients.Y.Head(b, n), dY = owner.gradients.DY.Head(b, n);
            for (var i = 0; i < owner.plan.Arguments.QueryLength; i++)
            {
                delta[i] = RowMath.Dot<T>(y + (i * owner.gradients.Y.StepStride), dY + (i * owner.gradients.DY.StepStride),
                    owner.plan.Arguments.ValueSize);
            }
        }
    }

    /// <summary>Some queries of one head by a block of keys.</summary>
    private readonly ref struct Block
    {
        private readonly ref readonly AttentionBackward owner;
        private readonly int b;
        private readonly int n;
        private readonly int first;
        private readonly int rows;
        private readonly int key;

        internal Block(ref readonly AttentionBackward owner, int b, int n, int first, int rows, int key)
        {
            this.owner = ref owner;
            (this.b, this.n, this.first, this.rows, this.key) = (b, n, first, rows, key);
        }

        /// <summary>Whether no query sees any key, by all but a mask.</summary>
        internal bool IsEmpty => new AttentionTile(in owner.plan, b, n, first, rows, key, KeyBlock).IsEmpty;

        private float* LogSumExp =>
            owner.gradients.LogSumExp
                + ((((nint)b * owner.plan.Arguments.HeadCount) + n) * owner.plan.Arguments.QueryLength) + first;

        /// <summary>
        /// Fills the block's weights and dS, 0 where hidden, and adds to dQ. The block is partial where some query does not see
        /// some key, or has no part in the gradients.
        /// </summary>
        /// <returns>Whether any query sees any key.</returns>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal bool Recompute<T>(float* weights, float* dScores, float* scratch, float* delta, float* dQuery, int width,
            out bool isPartial)
            where T : struct, IVectorLane<T>
        {
            isPartial = new AttentionTile(in owner.plan, b, n, first, rows, key, KeyBlock).IsPartial;
            FiniteRows? finite = null;
            var looked = false;
            ref readonly var plan = ref owner.plan;
            ref readonly var gradients = ref owner.gradients;
            var tileRows = MicroKernel.MaxRows<T>();
            var any = false;
            for (var row = 0; row < rows; row += tileRows)
            {
                var tile = new AttentionTile(in plan, b, n, first + row, Math.Min(tileRows, rows - row), key, KeyBlock);
                float* w = weights + (row * KeyBlock), d = dScores + (row * KeyBlock);
                if (tile.IsEmpty || tile.IsMasked<T>())
                {
                    new Span<float>(w, tile.Rows * KeyBlock).Clear();
                    new Span<float>(d, tile.Rows * KeyBlock).Clear();
                    continue;
                }

                any = true;
                tile.Scores<T>(plan.Query, gradients.KeysT, plan.Arguments.HeadSize, plan.Arguments.Scale, w, KeyBlock);
                tile.Scores<T>(gradients.DY, gradients.ValuesT, plan.Arguments.ValueSize, 1f, d, KeyBlock);
                for (var r = 0; r < tile.Rows; r++)
                {
                    isPartial |= !Differentiate<T>(tile, r, w + (r * KeyBlock), d + (r * KeyBlock), scratch,
                        LogSumExp[row + r], delta[row + r]);
                }

                if (isPartial && !looked)
                {
                    finite = gradients.Keys.Finite<T>(owner.backend, b, n / plan.Group, key,
                        Math.Min(key + KeyBlock, plan.Arguments.KeyLength));
                    looked = true;
                }

                tile.AddProduct<T>(d, KeyBlock, gradients.Keys, finite, dQuery + (row * width), width, plan.Arguments.Scale);
            }

            finite?.Dispose();
            return any;
        }

        /// <summary>dV += w' dY and dK += scale dS' q, tile by tile of keys, from the queries that see the tile.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal void AddKeys<T>(float* weights, float* dScores, float* dKey, float* dValue, bool isPartial)
            where T : struct, IVectorLane<T>
        {
            ref readonly var plan = ref owner.plan;
            ref readonly var gradients = ref owner.gradients;
            using var finiteDY = isPartial ? gradients.DYRows.Finite<T>(owner.backend, b, n, first, first + rows) : null;
            using var finiteQuery = isPartial ? gradients.Queries.Finite<T>(owner.backend, b, n, first, first + rows) : null;
            AttentionRows dY = finiteDY?.Rows ?? gradients.DYRows.Of(b, n),
                query = finiteQuery?.Rows ?? gradients.Queries.Of(b, n);
            int width = owner.width, valueWidth = owner.valueWidth;
            int tileRows = MicroKernel.MaxRows<T>(), keys = Math.Min(KeyBlock, plan.Arguments.KeyLength - key);
            int start = 0, end = 0;
            var tile = new Tile { ARowStride = 1, AColumnStride = KeyBlock, Accumulate = true };
            for (var j = 0; j < keys; j += tileRows)
            {
                var count = Math.Min(tileRows, keys - j);
                while (start < rows && plan.EndKey(b, first + start) <= key + j)
                    start++;
                while (end < rows && plan.FirstKey(first + end) < key + j + count)
                    end++;
                var (from, to) = plan.Blocks.QueriesSeeing(b, n, first + start, first + end, key + j, key + j + count);
                if (from >= to)
                    continue;
                from -= first;
                to -= first;
                var at = (nint)from * KeyBlock;
                (tile.Alpha, tile.BStride, tile.CStride) = (1f, dY.RowStride, valueWidth);
                for (var panel = 0; panel * gradients.DYRows.Width < valueWidth; panel++)
                {
                    gradients.DYRows.AddProduct<T>(tile, count, to - from, weights + at + j,
                        dY.Row(panel, first + from), dValue + (j * valueWidth) + (panel * gradients.DYRows.Width));
                }

                (tile.Alpha, tile.BStride, tile.CStride) = (plan.Arguments.Scale, query.RowStride, width);
                for (var panel = 0; panel * gradients.Queries.Width < width; panel++)
                {
                    gradients.Queries.AddProduct<T>(tile, count, to - from, dScores + at + j,
                        query.Row(panel, first + from), dKey + (j * width) + (panel * gradients.Queries.Width));
                }

                finiteDY?.AddRest(weights + at + j, 1, KeyBlock, count, first + from, first + to, dValue + (j * valueWidth),
                    valueWidth, 1f);
                finiteQuery?.AddRest(dScores + at + j, 1, KeyBlock, count, first + from, first + to, dKey + (j * width), width,
                    plan.Arguments.Scale);
            }
        }

        /// <summary>
        /// From scaled products and dP: w = e^(score - logSumExp), dS = w (dP - delta); with dropout z, w z for dV and z dP in
        /// dS; with a cap, dS times its derivative. A query that sees nothing, or whose dY is 0, has no part in the gradients,
        /// whatever it and its result hold.
        /// </summary>
        /// <returns>Whether the query has a part in the gradients.</returns>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private bool Differentiate<T>(in AttentionTile tile, int r, float* w, float* d, float* scratch,
            float logSumExp, float delta)
            where T : struct, IVectorLane<T>
        {
            ref readonly var plan = ref owner.plan;
            var (from, end) = tile.Visible(r);
            var counts = !float.IsNegativeInfinity(logSumExp) && (Math.Abs(delta) > 0f || HasGradient(tile.Row + r));
            if (!counts)
                end = from;
            int offset = from - key, count = end - from;
            if (count > 0)
            {
                float* x = w + offset, dx = d + offset, capSlopes = scratch + KeyBlock + 16;
                plan.FinishScores<T>(x, b, n, tile.Row + r, from, end, capSlopes);
                RowMath.ExpAndSum<T>(x, x, count, logSumExp);
                if (plan.Arguments.Dropout > 0f)
                {
                    var u = plan.Uniform<T>(b, n, tile.Row + r, from, end, scratch);
                    AttentionWeights.Drop<T>(dx, count, u, plan.Arguments.Dropout);
                    AttentionWeights.Gradient<T>(x, dx, count, delta);
                    AttentionWeights.Drop<T>(x, count, u, plan.Arguments.Dropout);
                }
                else
                {
                    AttentionWeights.Gradient<T>(x, dx, count, delta);
                }

                if (plan.Arguments.Softcap > 0f)
                    AttentionWeights.Chain<T>(dx, capSlopes, count);
            }

            tile.Clear(w, key, from);
            tile.Clear(w, end, key + KeyBlock);
            tile.Clear(d, key, from);
            tile.Clear(d, end, key + KeyBlock);
            return counts;
        }

        /// <summary>Whether dY of a query is other than 0.</summary>
        private bool HasGradient(int i)
        {
            var dY = owner.gradients.DY.Head(b, n) + (i * owner.gradients.DY.StepStride);
            return new ReadOnlySpan<float>(dY, owner.plan.Arguments.ValueSize).IndexOfAnyExcept(0f) >= 0;
        }
    }
}
