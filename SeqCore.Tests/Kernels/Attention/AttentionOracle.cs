using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Attention;

/// <summary>Attention and its gradients in double, weight by weight, as the formulas have them.</summary>
internal sealed class AttentionOracle
{
    internal AttentionOracle(AttentionCase c)
    {
        (Y, LogSumExp) = (new double[c.QueryElements], new double[c.Batch * c.Heads * c.Queries]);
        (DQuery, DKey, DValue) = (new double[c.QueryElements], new double[c.KeyElements], new double[c.KeyElements]);
        float[] q = c.Query, k = c.Key, v = c.Value, dY = c.DY, slopes = c.SlopeValues, mask = c.MaskSizes is null ? [] : c.Mask;
        for (var row = 0; row < LogSumExp.Length; row++)
        {
            int i = row % c.Queries, n = row / c.Queries % c.Heads, b = row / c.Queries / c.Heads, position = c.QueryOffset + i;
            var first = ((b * c.KeyHeads) + (n / (c.Heads / c.KeyHeads))) * c.Keys;
            var scores = new double[c.Keys];
            for (var j = 0; j < c.Keys; j++)
            {
                var hidden = (c.Causal && j > position) || (c.Window > 0 && Math.Abs(position - j) >= c.Window)
                    || (c.Lengths is not null && j >= c.Lengths[b]);
                scores[j] = hidden ? double.NegativeInfinity : c.Scale
                    * Enumerable.Range(0, c.Size).Sum(e => (double)q[(row * c.Size) + e] * k[((first + j) * c.Size) + e]);
                if (c.MaskSizes is not null)
                    scores[j] += mask[c.MaskIndex(b, n, i) + j];
                if (c.Slopes)
                    scores[j] -= slopes[n] * Math.Abs(position - j);
            }

            var max = c.Keys == 0 ? double.NegativeInfinity : scores.Max();
            LogSumExp[row] = double.IsNegativeInfinity(max) ? max : max + Math.Log(scores.Sum(s => Math.Exp(s - max)));
            if (double.IsNegativeInfinity(max))
                continue;
            var kept = Kept(c, row);
            var weights = scores.Select(s => Math.Exp(s - LogSumExp[row])).ToArray();
            var dWeights = new double[c.Keys];
            for (var j = 0; j < c.Keys; j++)
            {
                for (var e = 0; e < c.Size; e++)
                {
                    Y[(row * c.Size) + e] += weights[j] * kept[j] * v[((first + j) * c.Size) + e];
                    DValue[((first + j) * c.Size) + e] += weights[j] * kept[j] * dY[(row * c.Size) + e];
                    dWeights[j] += kept[j] * dY[(row * c.Size) + e] * v[((first + j) * c.Size) + e];
                }
            }

            var delta = weights.Zip(dWeights, (w, d) => w * d).Sum();
            for (var j = 0; j < c.Keys; j++)
            {
                var dScore = weights[j] * (dWeights[j] - delta) * c.Scale;
                for (var e = 0; e < c.Size; e++)
                {
                    DQuery[(row * c.Size) + e] += dScore * k[((first + j) * c.Size) + e];
                    DKey[((first + j) * c.Size) + e] += dScore * q[(row * c.Size) + e];
                }
            }
        }
    }

    internal double[] Y { get; }

    internal double[] LogSumExp { get; }

    internal double[] DQuery { get; }

    internal double[] DKey { get; }

    internal double[] DValue { get; }

    /// <summary>What dropout multiplies each weight of a row by.</summary>
    private static double[] Kept(AttentionCase c, int row) => [.. Enumerable.Range(0, c.Keys).Select(j =>
    {
        var word = ((long)row * ((c.Keys + 3) / 4 * 4)) + j;
        var (x0, x1, x2, x3) = (c.Stream with { Counter = c.Stream.Counter + (ulong)(word / 4) }).FirstBlock();
        var uniform = ((word % 4) switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 } >> 8) * (1f / (1 << 24));
        return c.Dropout == 0f ? 1.0 : uniform < c.Dropout ? 0.0 : 1.0 / (1.0 - c.Dropout);
    })];
}
