namespace SeqCore.Samples.LstmVsTransformer.Measuring;

/// <summary>Median and ends of what several seeds gave.</summary>
internal readonly record struct Spread(double Median, double Least, double Most)
{
    /// <summary>Of at least one value; infinity stands for what never happened and is greater than all.</summary>
    internal static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 || double.IsInfinity(sorted[middle])
            ? sorted[middle]
            : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }
}
