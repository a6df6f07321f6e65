using System.Runtime.CompilerServices;
using ILGPU;

namespace SeqCore.Kernels.Attention;

/// <summary>
/// What a lane knows of its own two queries, and the keys [WholeStart, WholeEnd) that all queries of its warp see, with nothing
/// added to the scores.
/// </summary>
internal struct AttentionTensorCoreKnown
{
    internal float UpperLogSumExp;
    internal float LowerLogSumExp;
    internal float UpperDelta;
    internal float LowerDelta;
    internal int WholeStart;
    internal int WholeEnd;
}

/// <summary>
/// From products s = q k and dP = dY v of a lane of the backward pass to z w and dS
/// (<see cref="AttentionDifferential"/>), as a gradient of the scaled product, in place.
/// </summary>
internal struct AttentionTensorCoreWeights<TCap> where TCap : struct, IAttentionCap
{
    internal AttentionGpuPlan Plan;
    internal ArrayView<float> LogSumExp;
    internal ArrayView<float> Delta;

    /// <summary>What a lane with queries i and i + 8 asks once; warp is the first of the warp's 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly AttentionTensorCoreKnown Know(int b, int n, int warp, int i, int length) => new()
    {
        UpperLogSumExp = At(LogSumExp, b, n, i, float.NegativeInfinity),
        LowerLogSumExp = At(LogSumExp, b, n, i + 8, float.NegativeInfinity),
        UpperDelta = At(Delta, b, n, i, float.NegativeInfinity),
        LowerDelta = At(Delta, b, n, i + 8, float.NegativeInfinity),
        WholeStart = Plan.Visible(warp + 15, length).First,
        WholeEnd = warp + 16 > Plan.QueryLength || IsMore ? -1 : Plan.Visible(warp, length).End,
    };

    /// <summary>Whether all of these queries see all of the warp's 16 keys, and nothing is added to their scores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool IsWhole(int query, int queries, int key, int length) =>
        query + queries <= Plan.QueryLength && !IsMore && Plan.Visible(query + queries - 1, length).First <= key
            && Plan.Visible(query, length).End >= key + 16;

    /// <summary>Whether scores are more than scaled products.</summary>
    private readonly bool IsMore => Plan.HasHoles || Plan.Slopes.IntLength > 0;

    /// <summary>Queries i (upper) and i + 8 (lower) with keys j to j + 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void OfQueries(ref Float4 upper, ref Float4 lower, ref Float4 upperGradients, ref Float4 lowerGradients,
        AttentionTensorCoreKnown known, bool isWhole, int b, int n, int i, int j, int length)
    {
        Float4 upperProducts = Plan.Cap<TCap>(upper), lowerProducts = Plan.Cap<TCap>(lower);
        if (isWhole)
        {
            upper = Plan.WholeScores<TCap>(upperProducts);
            lower = Plan.WholeScores<TCap>(lowerProducts);
        }
        else
        {
            upper = Plan.Scores<TCap>(upperProducts, Plan.Visible(i, length), Plan.Rows(b, n, i), Plan.Slope(n), i, j);
            lower = Plan.Scores<TCap>(lowerProducts, Plan.Visible(i + 8, length), Plan.Rows(b, n, i + 8), Plan.Slope(n), i + 8,
                j);
        }

        AttentionDifferential.OfQuery(Plan, ref upper, ref upperGradients, known.UpperLogSumExp, known.UpperDelta, b, n, i, j);
        AttentionDifferential.OfQuery(Plan, ref lower, ref lowerGradients, known.LowerLogSumExp, known.LowerDelta, b, n,
            i + 8, j);
        upperGradients = Plan.Uncap<TCap>(upperGradients, upperProducts);
        lowerGradients = Plan.Uncap<TCap>(lowerGradients, lowerProducts);
    }

    /// <summary>Keys j (upper) and j + 8 (lower) with queries i to i + 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void OfKeys(ref Float4 upper, ref Float4 lower, ref Float4 upperGradients, ref Float4 lowerGradients,
        bool isWhole, int b, int n, int i, int j, int length)
    {
        upper = Plan.Cap<TCap>(upper);
        lower = Plan.Cap<TCap>(lower);
        Float4 upperProducts = upper, lowerProducts = lower;
        if (isWhole)
        {
            upper = Plan.WholeScores<TCap>(upper);
            lower = Plan.WholeScores<TCap>(lower);
        }
        else
        {
            Score(ref upper.X, ref lower.X, b, n, i, j, length);
            Score(ref upper.Y, ref lower.Y, b, n, i + 1, j, length);
            Score(ref upper.Z, ref lower.Z, b, n, i + 2, j, length);
            Score(ref upper.W, ref lower.W, b, n, i + 3, j, length);
        }

        Float4 keptUpper = new(1f, 1f, 1f, 1f), keptLower = keptUpper;
        if (Plan.Dropout > 0f)
        {
            keptUpper = Kept(b, n, i, j);
            keptLower = Kept(b, n, i, j + 8);
        }

        OfPair(ref upper.X, ref lower.X, ref upperGradients.X, ref lowerGradients.X, keptUpper.X, keptLower.X, b, n, i);
        OfPair(ref upper.Y, ref lower.Y, ref upperGradients.Y, ref lowerGradients.Y, keptUpper.Y, keptLower.Y, b, n, i + 1);
        OfPair(ref upper.Z, ref lower.Z, ref upperGradients.Z, ref lowerGradients.Z, keptUpper.Z, keptLower.Z, b, n, i + 2);
        OfPair(ref upper.W, ref lower.W, ref upperGradients.W, ref lowerGradients.W, keptUpper.W, keptLower.W, b, n, i + 3);
        upperGradients = Plan.Uncap<TCap>(upperGradients, upperProducts);
        lowerGradients = Plan.Uncap<TCap>(lowerGradients, lowerProducts);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Score(ref float upper, ref float lower, int b, int n, int i, int j, int length)
    {
        var visible = Plan.Visible(i, length);
        var rows = Plan.Rows(b, n, i);
        var slope = Plan.Slope(n);
        upper = Plan.Score<TCap>(upper, visible, rows, slope, i, j);
        lower = Plan.Score<TCap>(lower, visible, rows, slope, i, j + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void OfPair(ref float upper, ref float lower, ref float upperGradient, ref float lowerGradient,
        float keptUpper, float keptLower, int b, int n, int i)
    {
        float logSumExp = At(LogSumExp, b, n, i, float.NegativeInfinity), delta = At(Delta, b, n, i, float.NegativeInfinity);
        logSumExp = delta == float.NegativeInfinity ? delta : logSumExp;
        upper = AttentionDifferential.Weight(upper, logSumExp);
        lower = AttentionDifferential.Weight(lower, logSumExp);
        upperGradient = AttentionDifferential.Gradient(upper, keptUpper * upperGradient, delta);
        lowerGradient = AttentionDifferential.Gradient(lower, keptLower * lowerGradient, delta);
        upper *= keptUpper;
        lower *= keptLower;
    }

    /// <summary>
    /// What dropout multiplies the weights of queries i to i + 3 for key j by. A block of Philox's words is for four keys of one
    /// query, and lanes whose g differ in the two low bits have those keys: each makes the block of one query, and they
    /// exchange the words.
    /// <code>
    ///   lane's g mod 4    0          1          2          3                       0          1          2          3
    ///   makes query       i          i + 1      i + 2      i + 3     and has       i .. i+3   ...
    ///   for keys          0 1 2 3    0 1 2 3    0 1 2 3    0 1 2 3   then of key   0          1          2          3
    /// </code>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Float4 Kept(int b, int n, int i, int j)
    {
        var kept = Plan.Kept(b, n, i + (j & 3), j & ~3);
        bool odd = (j & 1) != 0, high = (j & 2) != 0;
        float x = Warp.ShuffleXor(odd ? kept.X : kept.Y, 4), z = Warp.ShuffleXor(odd ? kept.Z : kept.W, 4);
        kept = odd ? new Float4(x, kept.Y, z, kept.W) : new Float4(kept.X, x, kept.Z, z);
        x = Warp.ShuffleXor(high ? kept.X : kept.Z, 8);
        z = Warp.ShuffleXor(high ? kept.Y : kept.W, 8);
        return high ? new Float4(x, z, kept.Z, kept.W) : new Float4(kept.X, kept.Y, x, z);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly float At(ArrayView<float> values, int b, int n, int i, float none) =>
        i < Plan.QueryLength ? values[(((b * Plan.HeadCount) + n) * Plan.QueryLength) + i] : none;
}
