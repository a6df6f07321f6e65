using SeqCore.Kernels;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Attention;

/// <summary>The plain definition of a case, head by head.</summary>
internal sealed class AttentionExpected
{
    internal AttentionExpected(AttentionCase c)
    {
        double[] q = ToDouble(c.Query), k = ToDouble(c.Key), v = ToDouble(c.Value), dY = ToDouble(c.DY);
        double[] y = [], logSumExp = [], dQuery = [], dKey = new double[k.Length], dValue = new double[v.Length];
        for (var head = 0; head < c.Batch * c.Heads; head++)
        {
            int b = head / c.Heads, n = head % c.Heads, keyHead = (b * c.KeyHeads) + (n / (c.Heads / c.KeyHeads));
            Range queries = Part(head, c.Queries * c.Size), keys = Part(keyHead, c.Keys * c.Size),
                values = Part(keyHead, c.Keys * c.ValueSize), results = Part(head, c.Queries * c.ValueSize);
            var bias = Definition.AttentionBias(c.Queries, c.Keys, c.QueryOffset, c.Causal, c.Window,
                c.Lengths?[b] ?? c.Keys, c.Slopes ? c.SlopeValues[n] : 0, Mask(c, b, n));
            var kept = Kept(c, head);
            var result = Definition.Attention(q[queries], k[keys], v[values], bias, kept, c.Scale, c.Softcap, c.Size,
                c.ValueSize);
            var gradients = Definition.AttentionGradient(q[queries], k[keys], v[values], bias, kept, c.Scale, c.Softcap, c.Size,
                c.ValueSize, dY[results]);
            y = [.. y, .. result.Y];
            logSumExp = [.. logSumExp, .. result.LogSumExp];
            dQuery = [.. dQuery, .. gradients.DQuery];
            for (var i = 0; i < gradients.DKey.Length; i++)
                dKey[keys.Start.Value + i] += gradients.DKey[i];
            for (var i = 0; i < gradients.DValue.Length; i++)
                dValue[values.Start.Value + i] += gradients.DValue[i];
        }

        (Y, LogSumExp, DQuery, DKey, DValue) = (y, logSumExp, dQuery, dKey, dValue);
    }

    internal double[] Y { get; }

    internal double[] LogSumExp { get; }

    internal double[] DQuery { get; }

    internal double[] DKey { get; }

    internal double[] DValue { get; }

    private static Range Part(int index, int length) => (index * length)..((index + 1) * length);

    private static double[] Mask(AttentionCase c, int b, int n)
    {
        if (c.MaskSizes is null && c.BlockSizes is null)
            return [];
        var all = c.MaskSizes is null ? null : c.Mask;
        var mask = new double[c.Queries * c.Keys];
        for (var at = 0; at < mask.Length; at++)
        {
            int i = at / c.Keys, j = at % c.Keys;
            var isSeen = c.BlockSizes is null || AttentionCaseBlocks.IsSeen(c, b, n, i, j);
            mask[at] = isSeen ? all?[c.MaskIndex(b, n, i) + j] ?? 0 : double.NegativeInfinity;
        }

        return mask;
    }

    private static double[] Kept(AttentionCase c, int head) =>
        [.. from i in Enumerable.Range(0, c.Queries)
            from j in Enumerable.Range(0, c.Keys)
            select Definition.DropoutFactor(c.Stream, (((long)head * c.Queries) + i) * ((c.Keys + 3) / 4 * 4) + j, c.Dropout)];
}
