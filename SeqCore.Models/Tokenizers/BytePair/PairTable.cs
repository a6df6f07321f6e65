namespace SeqCore.Models;

/// <summary>A hash table from pairs of tokens to numbers, by open addressing.</summary>
internal sealed class PairTable
{
    private const ulong Free = ulong.MaxValue;
    private ulong[] pairs;
    private long[] values;
    private int shift;

    internal PairTable(int capacity = 4)
    {
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2L * capacity));
        (pairs, values, shift) = Make(size);
    }

    internal int Count { get; private set; }

    internal static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    /// <summary>Returns the number of a pair; -1 if it has none.</summary>
    internal long Find(int left, int right)
    {
        var place = PlaceOf(Pair(left, right));
        return pairs[place] == Free ? -1 : values[place];
    }

    /// <summary>Gives a pair a number, unless it has one.</summary>
    /// <returns>The number that the pair has then.</returns>
    internal long GetOrAdd(ulong pair, long value)
    {
        var place = PlaceOf(pair);
        if (pairs[place] != Free)
            return values[place];
        if (2 * (Count + 1) > pairs.Length)
        {
            Grow();
            place = PlaceOf(pair);
        }

        (pairs[place], values[place]) = (pair, value);
        Count++;
        return value;
    }

    private static (ulong[] Pairs, long[] Values, int Shift) Make(int size)
    {
        var made = new ulong[size];
        Array.Fill(made, Free);
        return (made, new long[size], 64 - System.Numerics.BitOperations.Log2((uint)size));
    }

    /// <summary>Returns the place of a pair, or the free one at which it would be.</summary>
    private int PlaceOf(ulong pair)
    {
        // The fractional part of the golden ratio spreads neighbouring numbers (Knuth, volume 3, section 6.4).
        var place = (int)((pair * 0x9E3779B97F4A7C15UL) >> shift);
        while (pairs[place] != pair && pairs[place] != Free)
            place = (place + 1) & (pairs.Length - 1);
        return place;
    }

    private void Grow()
    {
        var (oldPairs, oldValues) = (pairs, values);
        (pairs, values, shift) = Make(2 * pairs.Length);
        for (var i = 0; i < oldPairs.Length; i++)
        {
            if (oldPairs[i] == Free)
                continue;
            var place = PlaceOf(oldPairs[i]);
            (pairs[place], values[place]) = (oldPairs[i], oldValues[i]);
        }
    }
}
