using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Attention;

/// <summary>
/// An attention to be tested: sizes and what is hidden. Numbers are drawn from the sizes, so that equal cases are equal.
/// </summary>
public sealed record AttentionCase(int Batch, int Heads, int KeyHeads, int Queries, int Keys, int Size)
{
    public bool Causal { get; init; }

    public int Window { get; init; }

    public int? Offset { get; init; }

    public int[]? Lengths { get; init; }

    /// <summary>Sequences, heads and queries of the mask, each 1 or all; null for no mask.</summary>
    public (int Batch, int Heads, int Queries)? MaskSizes { get; init; }

    public bool Slopes { get; init; }

    public float Dropout { get; init; }

    /// <summary>
    /// Whether q, k, v and their gradients lie interleaved in one memory with gaps, not one head after the other.
    /// </summary>
    public bool Interleaved { get; init; }

    /// <summary>Elements between the heads of a step where they are interleaved.</summary>
    public int Gap { get; init; } = 3;

    internal int QueryOffset => Offset ?? Keys - Queries;

    internal float Scale => 1f / MathF.Sqrt(Size);

    internal RandomStream Stream => new(77, 5);

    internal int QueryElements => Batch * Heads * Queries * Size;

    internal int KeyElements => Batch * KeyHeads * Keys * Size;

    internal float[] Query => Numbers.Normal(QueryElements, 1);

    internal float[] Key => Numbers.Normal(KeyElements, 2);

    internal float[] Value => Numbers.Normal(KeyElements, 3);

    internal float[] DY => Numbers.Normal(QueryElements, 4);

    internal float[] SlopeValues => [.. Enumerable.Range(1, Heads).Select(n => MathF.Pow(2f, -n))];

    /// <summary>Some keys hidden, now and then a whole row or a stretch of 40 keys; the others biased.</summary>
    internal float[] Mask
    {
        get
        {
            var (b, n, t) = MaskSizes!.Value;
            var mask = Numbers.Normal(b * n * t * Keys, 5);
            var random = new Random(9);
            for (var row = 0; row < b * n * t; row++)
            {
                var from = random.Next(-20, Keys);
                for (var j = 0; j < Keys; j++)
                {
                    if (row % 7 == 3 || (j >= from && j < from + 40) || random.Next(5) == 0)
                        mask[(row * Keys) + j] = float.NegativeInfinity;
                }
            }

            return mask;
        }
    }

    internal int MaskIndex(int b, int n, int i)
    {
        var (batch, heads, queries) = MaskSizes!.Value;
        return ((((b % batch) * heads) + (n % heads)) * queries + (i % queries)) * Keys;
    }
}
