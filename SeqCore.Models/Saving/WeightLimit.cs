using System.Globalization;

namespace SeqCore.Models;

/// <summary>
/// Limits the number of weights of a model that is made from the options in a file. A few bytes of options can specify thousands
/// of layers or a matrix of gigabytes, so modules ask here before they allocate memory; outside <see cref="Limit"/> there is no
/// limit.
/// </summary>
internal static class WeightLimit
{
    // Options that are slightly wrong get an error that lists every name and shape, for which the model has to be made.
    private const long SpareElements = 1 << 20, SpareTensors = 1 << 10;

    [ThreadStatic]
    private static Allowance? current;

    /// <summary>
    /// Allows at most twice the weights of a file plus 4 MB and 1024 tensors, on this thread, until the result is disposed.
    /// </summary>
    /// <param name="elements">The number of elements in the file.</param>
    /// <param name="tensors">The number of tensors in the file.</param>
    internal static IDisposable Limit(long elements, long tensors) =>
        current = new Allowance(current, 2 * elements + SpareElements, 2 * tensors + SpareTensors);

    /// <summary>
    /// Returns the shape of a weight that is about to be made, from sizes that may come from products and sums.
    /// </summary>
    /// <exception cref="ArgumentException">The limit does not allow the weight.</exception>
    /// <exception cref="SizeLimitException">The weight would have more than 2^31 - 1 elements.</exception>
    internal static Shape For(string owner, params ReadOnlySpan<long> sizes)
    {
        var count = 1m;
        foreach (var size in sizes)
            count *= size;
        current?.Take(count, sizes);
        SizeLimitException.Check($"{owner}: a weight of shape ({Text(sizes)})", count);
        return new Shape([.. sizes.ToArray().Select(size => (int)size)]);
    }

    /// <summary>Returns a number of parts with weights that are about to be listed.</summary>
    /// <exception cref="ArgumentException">The limit does not allow the parts.</exception>
    internal static int ForParts(int count)
    {
        current?.Require(count);
        return count;
    }

    private static string Text(ReadOnlySpan<long> sizes) =>
        string.Join(", ", sizes.ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture)));

    private sealed class Allowance(Allowance? outer, long elements, long tensors) : IDisposable
    {
        internal void Take(decimal count, ReadOnlySpan<long> sizes)
        {
            if (count > elements)
                throw TooLarge($"a weight of shape ({Text(sizes)})");
            elements -= (long)count;
            if (--tensors < 0)
                throw TooLarge("all these weights");
        }

        internal void Require(int parts)
        {
            if (parts > tensors)
                throw TooLarge($"{parts} layers");
        }

        public void Dispose() => current = outer;

        private static ArgumentException TooLarge(string what) =>
            new($"its options specify {what}, but the file holds far fewer numbers than that.");
    }
}
