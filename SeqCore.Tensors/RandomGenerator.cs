using SeqCore.Kernels;

namespace SeqCore;

/// <summary>
/// Generates random numbers with the counter-based generator Philox 4x32-10. The seed and the counter of blocks are the whole
/// state: setting them again gives the same numbers again. Each single number takes a whole block.
/// </summary>
/// <remarks>
/// Several threads may draw at once: no block is taken twice. Which thread gets which block then depends on timing; for the same
/// numbers in every run, give each thread its own generator with another seed.
/// </remarks>
/// <param name="seed">The seed, which selects the stream of numbers.</param>
/// <example>
/// <code>
/// var random = new RandomGenerator(seed: 7);
/// var start = random.Counter;
/// var die = random.NextInt32(6) + 1;
/// random.Counter = start;                                // the same numbers again
/// Console.WriteLine(random.NextInt32(6) + 1 == die);     // True
/// </code>
/// </example>
public sealed class RandomGenerator(ulong seed)
{
    private ulong counter;

    /// <summary>The seed, which selects the stream of numbers.</summary>
    public ulong Seed => seed;

    /// <summary>The index of the next block of four 32-bit words.</summary>
    public ulong Counter
    {
        get => Volatile.Read(ref counter);
        set => Volatile.Write(ref counter, value);
    }

    /// <summary>Reserves the blocks for a number of 32-bit words, from which a kernel fills a tensor.</summary>
    /// <param name="count">The number of words; count / 4 blocks, rounded up, are reserved.</param>
    public RandomStream Take(long count)
    {
        Number.AtLeast(0, count, "RandomGenerator.Take", nameof(count));
        var blocks = (ulong)(count / 4 + (count % 4 == 0 ? 0 : 1));
        return new RandomStream(seed, RandomDraws.Take(this, ref counter, blocks));
    }

    /// <summary>Draws a uniform 32-bit number.</summary>
    public uint NextUInt32() => Block().First;

    /// <summary>Draws a uniform number in [0, exclusiveMax), each with exactly the same probability.</summary>
    public int NextInt32(int exclusiveMax)
    {
        Number.AtLeast(1, exclusiveMax, "RandomGenerator.NextInt32", nameof(exclusiveMax));

        // The high word of word x max is uniform if products whose low word is below 2^32 mod max are drawn again (Lemire,
        // "Fast random integer generation in an interval", arXiv 1805.10941).
        var max = (uint)exclusiveMax;
        var product = (ulong)NextUInt32() * max;
        if ((uint)product < max)
        {
            var rejected = (uint)-exclusiveMax % max;
            while ((uint)product < rejected)
                product = (ulong)NextUInt32() * max;
        }

        return (int)(product >> 32);
    }

    /// <summary>Draws a uniform number in [0, 1), a multiple of 2^-24.</summary>
    public float NextSingle() => (NextUInt32() >> 8) * (1f / (1 << 24));

    /// <summary>Draws a uniform number in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble()
    {
        var (first, second) = Block();
        return ((((ulong)first << 32) | second) >> 11) * (1d / (1L << 53));
    }

    private (uint First, uint Second) Block()
    {
        var (first, second, _, _) = new RandomStream(seed, RandomDraws.Take(this, ref counter, 1)).FirstBlock();
        return (first, second);
    }
}
