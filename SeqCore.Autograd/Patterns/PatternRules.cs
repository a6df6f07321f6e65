using SeqCore.Kernels;

namespace SeqCore.Patterns;

/// <summary>The keys at a distance of a multiple of the dilation, fewer than size of them to each side and the own one.</summary>
internal sealed class WindowRule(int size, int dilation) : PatternRule
{
    internal override void Allow(in PatternQuery query, in PatternRow row)
    {
        long p = query.Position, reach = (size - 1L) * dilation;
        if (dilation == 1)
            row.Allow(p - reach, p + reach + 1);
        else
            row.Allow(p - reach, p + reach + 1, p, dilation);
    }
}

/// <summary>The keys of the query's own block, and of some blocks to each side.</summary>
internal sealed class BlockWindowRule(int aside, int blockSize) : PatternRule
{
    internal override void Allow(in PatternQuery query, in PatternRow row)
    {
        long own = query.Position / blockSize;
        row.Allow((own - aside) * blockSize, (own + aside + 1) * blockSize);
    }
}

/// <summary>Some tokens attend to all, and all to them.</summary>
internal sealed class GlobalRule(int[] positions) : PatternRule
{
    private readonly HashSet<int> isGlobal = [.. positions];

    internal override void Allow(in PatternQuery query, in PatternRow row)
    {
        if (isGlobal.Contains(query.Position))
        {
            row.Allow(row.First, row.End);
            return;
        }

        foreach (var position in positions)
            row.Allow(position);
    }
}

/// <summary>The keys at multiples of the stride before and after the query.</summary>
internal sealed class StrideRule(int stride) : PatternRule
{
    internal override void Allow(in PatternQuery query, in PatternRow row) =>
        row.Allow(row.First, row.End, query.Position, stride);
}

/// <summary>The keys of the query's own part of a length, and the last few of every part.</summary>
internal sealed class FixedRule(int length, int summary) : PatternRule
{
    internal override void Allow(in PatternQuery query, in PatternRow row)
    {
        var own = (long)query.Position / length * length;
        row.Allow(own, own + length);
        for (var part = row.First / length; (long)part * length < row.End; part++)
            row.Allow((long)part * length + length - summary, (part + 1L) * length);
    }
}

/// <summary>Blocks of keys that are drawn for each block of queries.</summary>
internal sealed class RandomBlocksRule(int blocks, int blockSize, ulong seed, bool isCausal) : PatternRule
{
    internal override void Allow(in PatternQuery query, in PatternRow row)
    {
        int own = query.Position / blockSize, all = isCausal ? own + 1 : (query.Length + blockSize - 1) / blockSize;
        var drawn = Math.Min(blocks, all);
        Span<int> chosen = stackalloc int[drawn];
        for (var i = 0; i < drawn; i++)
        {
            // Floyd's sampling: one of the first all - drawn + i + 1, or the last of them if that one is chosen already.
            var last = all - drawn + i;
            var draw = new RandomStream(seed, ((ulong)own * (uint)blocks) + (uint)i).FirstBlock().X0;
            var block = (int)(draw % (uint)(last + 1));
            chosen[i] = chosen[..i].Contains(block) ? last : block;
            row.Allow((long)chosen[i] * blockSize, (chosen[i] + 1L) * blockSize);
        }
    }
}

/// <summary>The keys of the query's own document.</summary>
internal sealed class DocumentsRule : PatternRule
{
    private readonly int length;
    private readonly int[] starts;
    private readonly int[] ends;

    /// <param name="documents">The numbers of documents, shape (B, T); a document is a run of equal numbers.</param>
    internal DocumentsRule(IndexTensor documents)
    {
        (Sequences, length) = (documents.Shape[0], documents.Shape[1]);
        var numbers = documents.ToArray();
        starts = new int[numbers.Length];
        ends = new int[numbers.Length];
        for (var at = 0; at < numbers.Length; at++)
        {
            var continues = at % length > 0 && numbers[at] == numbers[at - 1];
            starts[at] = continues ? starts[at - 1] : at % length;
        }

        for (var at = numbers.Length - 1; at >= 0; at--)
        {
            var continues = at % length < length - 1 && numbers[at] == numbers[at + 1];
            ends[at] = continues ? ends[at + 1] : (at % length) + 1;
        }
    }

    internal override int Sequences { get; }

    internal override int? Positions => length;

    internal override void Allow(in PatternQuery query, in PatternRow row)
    {
        var at = ((Sequences == 1 ? 0 : query.Sequence) * length) + query.Position;
        row.Allow(starts[at], ends[at]);
    }
}

/// <summary>The keys for which a function says so.</summary>
internal sealed class FunctionRule(Func<int, int, bool> allows) : PatternRule
{
    internal override void Allow(in PatternQuery query, in PatternRow row)
    {
        for (var key = row.First; key < row.End; key++)
        {
            if (allows(query.Position, key))
                row.Allow(key);
        }
    }
}

/// <summary>What one of two rules allows.</summary>
internal sealed class EitherRule(PatternRule left, PatternRule right) : PatternRule
{
    internal override int Sequences => Math.Max(left.Sequences, right.Sequences);

    internal override int Heads => Math.Max(left.Heads, right.Heads);

    internal override int? Positions => left.Positions ?? right.Positions;

    internal override void Allow(in PatternQuery query, in PatternRow row)
    {
        left.Allow(query, row);
        right.Allow(query, row);
    }
}

/// <summary>What both of two rules allow.</summary>
internal sealed class BothRule(PatternRule left, PatternRule right) : PatternRule
{
    internal override int Sequences => Math.Max(left.Sequences, right.Sequences);

    internal override int Heads => Math.Max(left.Heads, right.Heads);

    internal override int? Positions => left.Positions ?? right.Positions;

    internal override void Allow(in PatternQuery query, in PatternRow row)
    {
        ulong[] first = new ulong[row.Bits.Length], second = new ulong[row.Bits.Length];
        left.Allow(query, new PatternRow(first, row.First, row.Count));
        right.Allow(query, new PatternRow(second, row.First, row.Count));
        for (var i = 0; i < first.Length; i++)
            row.Bits[i] |= first[i] & second[i];
    }
}

/// <summary>A rule for each head.</summary>
internal sealed class PerHeadRule(PatternRule[] rules) : PatternRule
{
    internal override int Sequences => rules.Max(rule => rule.Sequences);

    internal override int Heads => rules.Length;

    internal override int? Positions => rules.Select(rule => rule.Positions).FirstOrDefault(positions => positions is not null);

    internal override void Allow(in PatternQuery query, in PatternRow row) => rules[query.Head].Allow(query, row);
}
