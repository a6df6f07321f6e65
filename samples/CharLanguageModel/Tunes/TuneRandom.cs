namespace SeqCore.Samples.CharLanguageModel.Tunes;

/// <summary>
/// A small generator of random numbers whose sequence never changes: SplitMix64, from Steele, Lea and Flood,
/// "Fast Splittable Pseudorandom Number Generators" (2014).
/// </summary>
/// <param name="seed">Equal seeds give equal sequences.</param>
internal sealed class TuneRandom(ulong seed)
{
    private ulong state = seed;

    /// <summary>A whole number in [0, limit).</summary>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>True with this probability.</summary>
    public bool Chance(double probability) => (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    /// <summary>One of the items, all equally likely.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>One of the items, each as likely as its weight says.</summary>
    public T Pick<T>(IReadOnlyList<(T Item, int Weight)> items)
    {
        var left = Below(items.Sum(i => i.Weight));
        var index = 0;
        while ((left -= items[index].Weight) >= 0)
            index++;
        return items[index].Item;
    }

    private ulong Next()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
