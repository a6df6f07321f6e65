using System.Runtime.CompilerServices;
using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// The forward pass: a chunk is 96 queries of one head. It walks the keys in blocks of 256, whose keys and values (128 KB at K =
/// 64) stay in L2 while tiles of up to 12 queries use them: it computes the tile's scores, takes the softmax there, and adds the
/// product with the values to the queries' results. For each query it keeps the greatest score m (greatest) and the sum l of
/// e^(score - m) (sums); where a block raises m, it multiplies what was summed before by e^(old m - new m).
/// </summary>
internal readonly unsafe struct AttentionForward : IChunks
{
    private const int QueryBlock = 96;
    private const int KeyBlock = 256;

    /// <summary>At least <see cref="MicroKernel.MaxRows"/> of every lane.</summary>
    private const int MostTileRows = 12;

    private readonly CpuBackend backend;
    private readonly AttentionPlan plan;
    private readonly AttentionPanels keys;
    private readonly AttentionPanels values;
    private readonly HeadsPointer y;
    private readonly float* logSumExp;
    private readonly bool continues;

    internal AttentionForward(CpuBackend backend, in AttentionPlan plan, AttentionPanels keys, AttentionPanels values,
        HeadsPointer y, float* logSumExp, bool continues)
    {
        this.backend = backend;
        this.plan = plan;
        this.keys = keys;
        this.values = values;
        this.y = y;
        this.logSumExp = logSumExp;
        this.continues = continues;
    }

    private int Blocks => (plan.Arguments.QueryLength + QueryBlock - 1) / QueryBlock;

    internal int Count => plan.Arguments.Batch * plan.Arguments.HeadCount * Blocks;

    public void Invoke(int chunk)
    {
        // Later queries of a causal attention see more keys, so they come first and the threads end together.
        int head = chunk % (Count / Blocks), block = Blocks - 1 - (chunk / (Count / Blocks));
        var work = new Queries(this, head / plan.Arguments.HeadCount, head % plan.Arguments.HeadCount, block * QueryBlock);
        Simd.Run(ref work);
    }

    private readonly struct Queries(AttentionForward owner, int b, int n, int first) : ISimdKernel
    {
        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke<T>() where T : struct, IVectorLane<T>
        {
            ref readonly var plan = ref owner.plan;
            ref readonly var of = ref plan.Arguments;
            int rows = Math.Min(QueryBlock, of.QueryLength - first), tileRows = MicroKernel.MaxRows<T>();
            var width = (of.ValueSize + owner.values.Width - 1) / owner.values.Width * owner.values.Width;
            using var scratch = owner.backend.Take(
                ((QueryBlock * (long)width) + (MostTileRows * KeyBlock) + KeyBlock + 16) * sizeof(float));
            var results = scratch.Pointer;
            var scores = results + (QueryBlock * width);
            var uniform = scores + (MostTileRows * KeyBlock);
            var greatest = stackalloc float[QueryBlock];
            var sums = stackalloc float[QueryBlock];
            Begin(results, width, greatest, sums, rows);

            int firstKey = plan.FirstKey(first), endKey = plan.EndKey(b, first + rows - 1);
            for (int key = firstKey, end; (key = plan.Blocks.NextSeen(b, n, first, rows, key, endKey)) < endKey; key = end)
            {
                key = key / owner.keys.Width * owner.keys.Width;
                end = plan.Blocks.EndSeen(b, n, first, rows, key, Math.Min(endKey, key + KeyBlock));
                var block = new AttentionTile(in plan, b, n, first, rows, key, end - key);
                using var finite = block is { IsPartial: true, IsEmpty: false }
                    ? owner.values.Finite<T>(owner.backend, b, n / plan.Group, block.FirstKey, block.EndKey, block.SeenByAll)
                    : null;
                for (var row = 0; row < rows; row += tileRows)
                {
                    var tile = new AttentionTile(in plan, b, n, first + row, Math.Min(tileRows, rows - row), key, end - key);
                    if (tile.IsEmpty || tile.IsMasked<T>())
                        continue;
                    tile.Scores<T>(plan.Query, owner.keys, of.HeadSize, of.Scale, scores, KeyBlock);
                    for (var r = 0; r < tile.Rows; r++)
                    {
                        Weigh<T>(tile, r, scores + (r * KeyBlock), uniform, results + ((row + r) * width), width,
                            ref greatest[row + r], ref sums[row + r]);
                    }

                    tile.AddProduct<T>(scores, KeyBlock, owner.values, finite, results + (row * width), width, 1f);
                }
            }

            End<T>(results, width, greatest, sums, rows);
        }

        /// <summary>
        /// Turns a row of scores into e^(score - m), 0 where hidden, and brings the row's m, l and result up to date.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Weigh<T>(in AttentionTile tile, int r, float* row, float* uniform, float* result, int width,
            ref float greatest, ref float sum)
            where T : struct, IVectorLane<T>
        {
            var (key, end) = tile.Visible(r);
            var x = row + (key - tile.Key);
            var count = end - key;
            var max = greatest;
            if (count > 0)
            {
                owner.plan.FinishScores<T>(x, b, n, tile.Row + r, key, end);
                max = MathF.Max(max, RowMath.Max<T>(x, count));
            }

            if (count <= 0 || (float.IsNegativeInfinity(max) && AttentionWeights.AreHidden<T>(x, count)))
            {
                tile.Clear(row, tile.FirstKey, tile.EndKey);
                return;
            }

            if (max != greatest)
            {
                var factor = float.IsNegativeInfinity(greatest) ? 0f : MathF.Exp(greatest - max);
                sum *= factor;
                RowMath.Affine<T>(result, result, width, factor, 0f);
                greatest = max;
            }

            sum += RowMath.ExpAndSum<T>(x, x, count, max);
            if (owner.plan.Arguments.Dropout > 0f)
            {
                AttentionWeights.Drop<T>(x, count, owner.plan.Uniform<T>(b, n, tile.Row + r, key, end, uniform),
                    owner.plan.Arguments.Dropout);
            }

            tile.Clear(row, tile.FirstKey, key);
            tile.Clear(row, end, tile.EndKey);
        }

        /// <summary>
        /// Starts from nothing, or from the result over earlier keys, which counts as one key with the score logSumExp: m is
        /// logSumExp, and l is 1.
        /// </summary>
        private void Begin(float* results, int width, float* greatest, float* sums, int rows)
        {
            var size = owner.plan.Arguments.ValueSize;
            new Span<float>(results, rows * width).Clear();
            for (var r = 0; r < rows; r++)
            {
                greatest[r] = owner.continues ? LogSumExp[r] : float.NegativeInfinity;
                sums[r] = float.IsNegativeInfinity(greatest[r]) ? 0f : 1f;
                if (owner.continues)
                    new Span<float>(Result(r), size).CopyTo(new Span<float>(results + (r * width), size));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void End<T>(float* results, int width, float* greatest, float* sums, int rows) where T : struct, IVectorLane<T>
        {
            for (var r = 0; r < rows; r++)
            {
                RowMath.Affine<T>(results + (r * width), Result(r), owner.plan.Arguments.ValueSize,
                    sums[r] == 0f ? 0f : 1f / sums[r], 0f);
                if (owner.logSumExp != null)
                    LogSumExp[r] = sums[r] == 0f ? float.NegativeInfinity : greatest[r] + (float)Math.Log(sums[r]);
            }
        }

        private float* Result(int r) => owner.y.Head(b, n) + ((first + r) * owner.y.StepStride);

        private float* LogSumExp =>
            owner.logSumExp + ((((nint)b * owner.plan.Arguments.HeadCount) + n) * owner.plan.Arguments.QueryLength) + first;
    }
}
