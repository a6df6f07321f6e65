using System.Runtime.CompilerServices;
using SeqCore.Kernels.Random;

namespace SeqCore.Kernels.Attention;

/// <summary>A <see cref="HeadsSpan"/> as addresses.</summary>
internal readonly unsafe struct HeadsPointer(float* data, nint batchStride, nint headStride, nint stepStride)
{
    internal HeadsPointer(HeadsSpan span)
        : this(span.Data.Pointer(), span.BatchStride, span.HeadStride, span.StepStride)
    {
    }

    internal nint StepStride => stepStride;

    internal float* Head(int batch, int head) => data + (batch * batchStride) + (head * headStride);

    internal HeadsPointer Moved(nint elements) => new(data + elements, batchStride, headStride, stepStride);

    /// <summary>
    /// Copies rows of a given width, of which the first elements count, to steps [step, step + rows) of a head.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Store<T>(float* from, int width, int size, int batch, int head, int step, int rows)
        where T : struct, IVectorLane<T>
    {
        var to = Head(batch, head) + (step * stepStride);
        for (var r = 0; r < rows; r++, from += width, to += stepStride)
            RowMath.Affine<T>(from, to, size, 1f, 0f);
    }
}

/// <summary>
/// What every tile of an attention needs to know: sizes, operands, which keys a query sees, what is added to its scores.
/// </summary>
internal readonly unsafe struct AttentionPlan
{
    internal readonly AttentionArguments Arguments;
    internal readonly HeadsPointer Query;
    internal readonly HeadsPointer Key;
    internal readonly HeadsPointer Value;
    internal readonly AttentionBlockTable Blocks;
    private readonly int* keyLengths;
    private readonly float* mask;
    private readonly float* slopes;

    internal AttentionPlan(in AttentionArguments arguments)
    {
        Arguments = arguments;
        Query = new HeadsPointer(arguments.Query);
        Key = new HeadsPointer(arguments.Key);
        Value = new HeadsPointer(arguments.Value);
        keyLengths = arguments.KeyLengths.Pointer();
        mask = arguments.Mask.Data.Pointer();
        slopes = arguments.Slopes.Pointer();
        Blocks = new AttentionBlockTable(arguments.Blocks, arguments.KeyLength);
    }

    /// <summary>Whether keys may be hidden between keys that a query sees.</summary>
    internal bool HasHoles => mask != null || !Blocks.IsAbsent;

    /// <summary>Query heads that share a key head.</summary>
    internal int Group => Arguments.HeadCount / Arguments.KeyHeadCount;

    /// <summary>Words of the random stream that a row of weights takes.</summary>
    private long RowWords => (Arguments.KeyLength + 3L) / 4 * 4;

    /// <summary>The first key that query i sees by the window; never falls as i grows.</summary>
    internal int FirstKey(int i) =>
        Arguments.Window == 0 ? 0 : (int)Math.Max(0, (long)Arguments.QueryOffset + i - Arguments.Window + 1);

    /// <summary>
    /// The end of the keys that query i of sequence b sees by the causal mask, the window and the length; never falls as i grows.
    /// </summary>
    internal int EndKey(int b, int i)
    {
        var position = (long)Arguments.QueryOffset + i;
        var end = keyLengths == null ? Arguments.KeyLength : keyLengths[b];
        if (Arguments.IsCausal)
            end = (int)Math.Clamp(position + 1, 0, end);
        else if (Arguments.Window > 0)
            end = (int)Math.Clamp(position + Arguments.Window, 0, end);
        return end;
    }

    /// <summary>
    /// Whether the mask hides all of these keys from all of these queries, so that their tile need not be computed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool IsMasked<T>(int b, int n, int first, int rows, int key, int end)
        where T : struct, IVectorLane<T>
    {
        if (mask == null)
            return false;
        for (var i = first; i < first + rows; i++)
        {
            var row = MaskRow(b, n, i) + key;
            if (!float.IsNegativeInfinity(RowMath.Max<T>(row, end - key)) || !AttentionWeights.AreHidden<T>(row, end - key))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Turns the scaled products of query i with keys [key, end) into scores: caps them, adds the mask and the slope's part, and
    /// hides what the blocks hide. The first of them is scores[0].
    /// </summary>
    /// <param name="scores">The scaled products on entry, the scores on return.</param>
    /// <param name="b">The sequence.</param>
    /// <param name="n">The query's head.</param>
    /// <param name="i">The query.</param>
    /// <param name="key">The first key.</param>
    /// <param name="end">The key after the last.</param>
    /// <param name="capSlopes">Receives the cap's derivative for each score; null if it is not needed.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void FinishScores<T>(float* scores, int b, int n, int i, int key, int end, float* capSlopes = null)
        where T : struct, IVectorLane<T>
    {
        var count = end - key;
        if (Arguments.Softcap > 0f)
            AttentionWeights.Cap<T>(scores, count, Arguments.Softcap, capSlopes);
        if (mask != null)
        {
            // What the mask hides stays hidden where the score is NaN or plus infinity.
            var hidden = T.Constant(float.NegativeInfinity);
            var m = MaskRow(b, n, i) + key;
            var j = 0;
            for (; j <= count - T.Count; j += T.Count)
            {
                var added = T.Load(m + j);
                T.Store(T.WhereEqual(added, hidden, hidden, T.Load(scores + j) + added), scores + j);
            }

            for (; j < count; j++)
                scores[j] = float.IsNegativeInfinity(m[j]) ? m[j] : scores[j] + m[j];
        }

        if (slopes != null)
            AttentionWeights.SubtractDistances<T>(scores, count, slopes[n], (float)((long)Arguments.QueryOffset + i - key));
        Blocks.Hide(scores, b, n, i, key, end);
    }

    /// <summary>
    /// Numbers in [0, 1) for the weights of query i and keys [key, end): the first of them is at the returned address, which lies
    /// in the scratch, of room for end - key + 8.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal float* Uniform<T>(int b, int n, int i, int key, int end, float* scratch) where T : struct, IVectorLane<T>
    {
        var row = ((((long)b * Arguments.HeadCount) + n) * Arguments.QueryLength) + i;
        var block = key / 4;
        var stream = Arguments.Stream;
        Philox.FillUniform<T>(stream.Seed, stream.Counter + (ulong)(row * (RowWords / 4)) + (ulong)block, scratch,
            ((end + 3) / 4) - block);
        return scratch + (key % 4);
    }

    private float* MaskRow(int b, int n, int i) =>
        mask + ((nint)b * Arguments.Mask.BatchStride) + ((nint)n * Arguments.Mask.HeadStride)
            + ((nint)i * Arguments.Mask.QueryStride);
}
