using SeqCore.Functions;
using SeqCore.Kernels;
using SeqCore.Patterns;

namespace SeqCore;

/// <summary>
/// Specifies which keys each query may attend to, by their positions: windows, global tokens, random blocks, strides, documents,
/// and what they give together. Attention computes only blocks of 64 queries by 64 keys that the pattern does not empty, forward
/// and backward, on every device, so that its cost follows what the pattern keeps. Set it as
/// <see cref="AttentionOptions.Pattern"/>; the other options hide further keys.
/// </summary>
/// <remarks>
/// A pattern is made once and used for any number of sequences and lengths. It keeps the tables that it has computed for the last
/// few lengths, on each device. It can be used from several threads.
/// </remarks>
/// <example>
/// <code>
/// var pattern = AttentionPattern.Longformer(window: 129, globalTokens: 1);
/// var x = Tensor.RandomNormal([1, 4, 2048, 16], new RandomGenerator(seed: 1));
/// var y = Variable.Attention(x, x, x, new AttentionOptions { Pattern = pattern });
/// Console.WriteLine(y.Shape);                              // (1, 4, 2048, 16)
/// Console.WriteLine($"{pattern.KeptShare(2048):0.000}");   // 0.122
/// </code>
/// </example>
public sealed partial class AttentionPattern
{
    /// <summary>Tables that are kept; streams and batches of other lengths make new ones.</summary>
    private const int MostTables = 8;

    private readonly PatternRule rule;
    private readonly string text;
    private readonly Lock gate = new();
    private readonly LinkedList<(PatternExtent Extent, Backend Backend, DeviceTables Tables)> made = new();

    private AttentionPattern(PatternRule rule, string text) => (this.rule, this.text) = (rule, text);

    /// <summary>The number of sequences in a batch that the pattern is for; 1 if it is the same for all.</summary>
    public int Sequences => rule.Sequences;

    /// <summary>The number of query heads that the pattern is for; 1 if it is the same for all.</summary>
    public int Heads => rule.Heads;

    /// <summary>Whether the query at a position may attend to the key at a position.</summary>
    /// <param name="query">The position of the query.</param>
    /// <param name="key">The position of the key.</param>
    /// <param name="length">
    /// The number of positions in the sequence, on which random blocks depend; 0 for the greater of the two positions plus 1.
    /// </param>
    /// <param name="sequence">The sequence.</param>
    /// <param name="head">The head.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or the pattern is not for it.</exception>
    public bool Allows(int query, int key, int length = 0, int sequence = 0, int head = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(query);
        ArgumentOutOfRangeException.ThrowIfNegative(key);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        CheckPlace(sequence, Sequences, nameof(sequence));
        CheckPlace(head, Heads, nameof(head));
        var end = length == 0 ? Math.Max(query, key) + 1 : length;
        CheckPositions(Math.Max(end, Math.Max(query, key) + 1));
        Span<ulong> bit = [0];
        rule.Allow(new PatternQuery(sequence, head, query, end),
            new PatternRow(bit, key, 1));
        return bit[0] != 0;
    }

    /// <summary>
    /// Returns the whole matrix, true where a query may attend to a key, shape (<see cref="Sequences"/>, <see cref="Heads"/>, T,
    /// S), for looking at it and for attentions that keep all scores.
    /// </summary>
    /// <param name="queryLength">The number of queries, T; the last of them is at the position of the last key.</param>
    /// <param name="keyLength">The number of keys, S; 0 for T.</param>
    /// <param name="backend">The backend that holds the mask; null for the default.</param>
    public BoolTensor ToMask(int queryLength, int keyLength = 0, Backend? backend = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(queryLength);
        ArgumentOutOfRangeException.ThrowIfNegative(keyLength);
        var keys = keyLength == 0 ? queryLength : keyLength;
        if (queryLength > keys)
        {
            throw new ArgumentOutOfRangeException(nameof(queryLength), queryLength,
                $"{nameof(ToMask)}: there should be at most as many queries as keys, {keys}.");
        }

        return Mask(new PatternExtent(keys - queryLength, queryLength, 0, keys), backend ?? Backend.Default);
    }

    /// <summary>
    /// Returns the share of the pairs of a query and a key that the pattern allows, in [0, 1]: what is left to compute, up to
    /// the rounding to blocks.
    /// </summary>
    /// <param name="length">The number of queries and of keys.</param>
    /// <param name="isCausal">Whether keys after the query are hidden too; the share is still of all pairs.</param>
    public double KeptShare(int length, bool isCausal = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        CheckPositions(length);
        var bits = new ulong[AttentionBlocks.Count(length)];
        var kept = 0L;
        for (var row = 0; row < Sequences * Heads * length; row++)
        {
            var query = new PatternQuery(row / length / Heads, row / length % Heads, row % length, length);
            Array.Clear(bits);
            rule.Allow(query, new PatternRow(bits, 0, isCausal ? query.Position + 1 : length));
            foreach (var word in bits)
                kept += System.Numerics.BitOperations.PopCount(word);
        }

        return kept / ((double)Sequences * Heads * length * length);
    }

    /// <summary>
    /// Returns the table for some queries and keys, as <see cref="Backend.Attention"/> takes it, for those who call the kernel
    /// themselves. The table keeps its memory alive.
    /// </summary>
    /// <param name="firstQuery">The position of the first query.</param>
    /// <param name="queryLength">The number of queries.</param>
    /// <param name="firstKey">The position of the first key.</param>
    /// <param name="keyLength">The number of keys.</param>
    /// <param name="backend">The backend that computes the attention; null for the default.</param>
    public AttentionBlocks ToBlocks(int firstQuery, int queryLength, int firstKey, int keyLength, Backend? backend = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstQuery);
        ArgumentOutOfRangeException.ThrowIfNegative(queryLength);
        ArgumentOutOfRangeException.ThrowIfNegative(firstKey);
        ArgumentOutOfRangeException.ThrowIfNegative(keyLength);
        CheckPositions(Math.Max(checked(firstQuery + queryLength), checked(firstKey + keyLength)));
        return Blocks(new PatternExtent(firstQuery, queryLength, firstKey, keyLength), backend ?? Backend.Default);
    }

    /// <summary>Returns how the pattern was made.</summary>
    public override string ToString() => text;

    /// <summary>Returns the table for some queries and keys on a device.</summary>
    internal AttentionBlocks Blocks(PatternExtent extent, Backend backend)
    {
        if (extent.Queries == 0 || extent.Keys == 0)
            return default;
        DeviceTables tables;
        lock (gate)
        {
            var node = made.First;
            while (node is not null && (node.Value.Extent != extent || node.Value.Backend != backend))
                node = node.Next;
            if (node is null)
            {
                // A table that is dropped here is left to the garbage collector, because a tape may still need it.
                if (made.Count == MostTables)
                    made.RemoveLast();
                node = new((extent, backend, DeviceTables.Of(new PatternTable(rule, extent), backend)));
            }
            else
            {
                made.Remove(node);
            }

            made.AddFirst(node);
            tables = node.Value.Tables;
        }

        var table = AttentionBlocks.Count(extent.Queries) * AttentionBlocks.Count(extent.Keys);
        return new AttentionBlocks(tables.ByQuery.Span, tables.ByKey.Span, tables.Masks.Span,
            Sequences == 1 ? 0 : Heads * table, Heads == 1 ? 0 : table);
    }

    /// <summary>Returns the whole matrix for some queries and keys, shape (sequences, heads, T, S).</summary>
    internal BoolTensor Mask(PatternExtent extent, Backend backend)
    {
        CheckPositions(extent.FirstKey + extent.Keys);
        var allowed = new bool[checked(Sequences * Heads * extent.Queries * extent.Keys)];
        var bits = new ulong[AttentionBlocks.Count(extent.Keys)];
        for (var row = 0; row < Sequences * Heads * extent.Queries; row++)
        {
            var head = row / extent.Queries;
            Array.Clear(bits);
            rule.Allow(
                new PatternQuery(head / Heads, head % Heads, extent.FirstQuery + (row % extent.Queries),
                    extent.FirstKey + extent.Keys),
                new PatternRow(bits, extent.FirstKey, extent.Keys));
            for (var key = 0; key < extent.Keys; key++)
                allowed[(row * extent.Keys) + key] = (bits[key / 64] >> (key % 64) & 1) != 0;
        }

        return BoolTensor.FromSpan(allowed, new Shape(Sequences, Heads, extent.Queries, extent.Keys), backend);
    }

    /// <summary>Throws where the pattern is not for the sequences, heads or positions of an attention.</summary>
    internal void Check(AttentionShape shape, PatternExtent extent)
    {
        if (Sequences != 1 && Sequences != shape.Batch)
            throw Misfit($"for batches of {Sequences}", $"one of {shape.Batch}");
        if (Heads != 1 && Heads != shape.HeadCount)
            throw Misfit($"for N = {Heads} query heads", $"{shape.HeadCount}");
        if (extent.FirstQuery < 0 || extent.FirstKey < 0)
        {
            throw new ArgumentException($"Attention: the pattern {text} needs queries at positions from 0 on; the first of"
                + $" {shape.QueryLength} queries to {shape.KeyLength} keys is at {extent.FirstQuery}.", "options");
        }

        CheckPositions(Math.Max(extent.FirstQuery + extent.Queries, extent.FirstKey + extent.Keys));
    }

    private void CheckPositions(int end)
    {
        if (rule.Positions is { } positions && end > positions)
            throw Misfit($"for sequences of {positions} positions", $"{end}");
    }

    private static void CheckPlace(int place, int count, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(place, name);
        if (count > 1)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, count, name);
    }

    private ArgumentException Misfit(string wanted, string got) =>
        new($"Attention: the pattern {text} is {wanted}; got {got}.", "options");

    /// <summary>A table in the memory of a device, which no scope returns.</summary>
    private sealed record DeviceTables(IndexTensor ByQuery, IndexTensor ByKey, IndexTensor Masks)
    {
        internal static DeviceTables Of(PatternTable table, Backend backend)
        {
            using var suspension = TensorScope.Suspend();
            return new DeviceTables(On(table.ByQuery), On(table.ByKey), On(table.Masks));

            IndexTensor On(int[] values) => IndexTensor.FromSpan(values, new Shape(values.Length), backend);
        }
    }
}
