using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Attention;

/// <summary>
/// An attention to be tested: sizes and what is hidden. Numbers are drawn from the sizes, so that equal cases are equal.
/// </summary>
public sealed record AttentionCase(int Batch, int Heads, int KeyHeads, int Queries, int Keys, int Size)
{
    private readonly int valueSize;

    /// <summary>Elements of a head of the values; as many as in a head of the keys unless it is set.</summary>
    public int ValueSize
    {
        get => valueSize == 0 ? Size : valueSize;
        init => valueSize = value;
    }

    /// <summary>The cap of the scores; 0 for none.</summary>
    public float Softcap { get; init; }

    public bool Causal { get; init; }

    public int Window { get; init; }

    public int? Offset { get; init; }

    public int[]? Lengths { get; init; }

    /// <summary>Sequences, heads and queries of the mask, each 1 or all; null for no mask.</summary>
    public (int Batch, int Heads, int Queries)? MaskSizes { get; init; }

    /// <summary>Sequences and heads that have a table of blocks of their own, each 1 or all; null for no blocks.</summary>
    public (int Batch, int Heads)? BlockSizes { get; init; }

    public bool Slopes { get; init; }

    public float Dropout { get; init; }

    /// <summary>
    /// Whether q, k, v and their gradients lie interleaved in one memory with gaps, not one head after the other.
    /// </summary>
    public bool Interleaved { get; init; }

    /// <summary>Elements between the heads of a step where they are interleaved.</summary>
    public int Gap { get; init; } = 3;

    /// <summary>
    /// What two of the keys and values consist of; the queries that see one of them then have a dY of 0. Null for others.
    /// </summary>
    public float? Odd { get; init; }

    internal int QueryOffset => Offset ?? Keys - Queries;

    internal float Scale => 1f / MathF.Sqrt(Size);

    internal RandomStream Stream => new(77, 5);

    internal int QueryElements => Batch * Heads * Queries * Size;

    internal int KeyElements => Batch * KeyHeads * Keys * Size;

    internal int ResultElements => Batch * Heads * Queries * ValueSize;

    internal int ValueElements => Batch * KeyHeads * Keys * ValueSize;

    internal float[] Query => Numbers.Normal(QueryElements, 1);

    internal float[] Key => WithOdd(Numbers.Normal(KeyElements, 2), Size);

    internal float[] Value => WithOdd(Numbers.Normal(ValueElements, 3), ValueSize);

    internal float[] DY
    {
        get
        {
            var dY = Numbers.Normal(ResultElements, 4);
            for (var row = 0; row < Batch * Heads * Queries && Odd is not null; row++)
            {
                if (SeesOdd(row))
                    Array.Clear(dY, row * ValueSize, ValueSize);
            }

            return dY;
        }
    }

    private int[] OddKeys => [Keys / 2, Keys - 2];

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

    /// <summary>Whether a query, of those of all heads and sequences, sees one of the odd keys.</summary>
    internal bool SeesOdd(int row)
    {
        int b = row / Queries / Heads, n = row / Queries % Heads, i = row % Queries, position = QueryOffset + i;
        var mask = MaskSizes is null ? null : Mask;
        return Array.Exists(OddKeys, j => !(Causal && j > position) && (Window == 0 || Math.Abs(position - j) < Window)
            && (Lengths is null || j < Lengths[b])
            && (BlockSizes is null || AttentionCaseBlocks.IsSeen(this, b, n, i, j))
            && (mask is null || !float.IsNegativeInfinity(mask[MaskIndex(b, n, i) + j])));
    }

    private float[] WithOdd(float[] values, int size)
    {
        for (var head = 0; head < Batch * KeyHeads && Odd is not null; head++)
        {
            foreach (var j in OddKeys)
                Array.Fill(values, Odd.Value, ((head * Keys) + j) * size, size);
        }

        return values;
    }

    internal int MaskIndex(int b, int n, int i)
    {
        var (batch, heads, queries) = MaskSizes!.Value;
        return ((((b % batch) * heads) + (n % heads)) * queries + (i % queries)) * Keys;
    }
}
