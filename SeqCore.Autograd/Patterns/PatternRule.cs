namespace SeqCore.Patterns;

/// <summary>Says which keys a query may attend to, a row of bits at a time.</summary>
internal abstract class PatternRule
{
    /// <summary>The number of sequences that differ; 1 if the rule is the same for all.</summary>
    internal virtual int Sequences => 1;

    /// <summary>The number of heads that differ; 1 if the rule is the same for all.</summary>
    internal virtual int Heads => 1;

    /// <summary>The positions that the rule knows of, from 0 on; null for all.</summary>
    internal virtual int? Positions => null;

    /// <summary>Sets the bits of the keys that a query may attend to, and leaves the others as they are.</summary>
    /// <param name="query">The query.</param>
    /// <param name="row">The bits of the keys.</param>
    internal abstract void Allow(in PatternQuery query, in PatternRow row);
}

/// <summary>A query of a pattern.</summary>
/// <param name="Sequence">Its sequence.</param>
/// <param name="Head">Its head.</param>
/// <param name="Position">Its position among the keys.</param>
/// <param name="Length">The number of positions up to the end of the keys.</param>
internal readonly record struct PatternQuery(int Sequence, int Head, int Position, int Length);

/// <summary>The bits of some keys, 64 in each number.</summary>
/// <param name="bits">The numbers; bit j % 64 of number j / 64 is that of key j, counted from the first.</param>
/// <param name="first">The position of the first key.</param>
/// <param name="count">The number of keys.</param>
internal readonly ref struct PatternRow(Span<ulong> bits, int first, int count)
{
    private readonly Span<ulong> bits = bits;

    internal Span<ulong> Bits => bits;

    internal int First => first;

    internal int Count => count;

    /// <summary>The end of the positions.</summary>
    internal int End => first + count;

    /// <summary>Allows the key at a position; one that is not among the keys is ignored.</summary>
    internal void Allow(long position)
    {
        if (position >= first && position < End)
            bits[(int)((position - first) >> 6)] |= 1UL << (int)((position - first) & 63);
    }

    /// <summary>Allows the keys at positions [from, end).</summary>
    internal void Allow(long from, long end)
    {
        long start = Math.Max(from, first) - first, stop = Math.Min(end, End) - first;
        for (var word = start >> 6; word << 6 < stop; word++)
        {
            var allowed = ulong.MaxValue;
            if (word << 6 < start)
                allowed &= ulong.MaxValue << (int)(start & 63);
            if (stop - (word << 6) < 64)
                allowed &= (1UL << (int)(stop & 63)) - 1;
            bits[(int)word] |= allowed;
        }
    }

    /// <summary>Allows the keys at positions [from, end) whose distance from a position is a multiple of a step.</summary>
    internal void Allow(long from, long end, long position, int step)
    {
        var start = Math.Max(from, first);
        var stop = Math.Min(end, End);
        var ahead = (position - start) % step;
        for (var at = start + (ahead < 0 ? ahead + step : ahead); at < stop; at += step)
            Allow(at);
    }
}
