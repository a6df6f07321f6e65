namespace SeqCore.Samples.LstmVsTransformer.Contenders;

/// <summary>Makes models of different kinds comparable: equal numbers of parameters.</summary>
internal static class Sizing
{
    /// <summary>The number of units whose count of parameters is nearest to the one wanted.</summary>
    /// <param name="wanted">Parameters.</param>
    /// <param name="count">Parameters of a model with so many units; rises with them.</param>
    internal static int Nearest(long wanted, Func<int, long> count)
    {
        var high = 1;
        while (count(high) < wanted)
            high *= 2;
        var low = high / 2;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = count(middle) < wanted ? (middle, high) : (low, middle);
        }

        return low >= 1 && wanted - count(low) < count(high) - wanted ? low : high;
    }
}
