using System.Globalization;

namespace SeqCore.Models;

/// <summary>
/// How many weights a model may have that is made from the options in a file. A few bytes of options can ask for thousands of
/// layers or for a matrix of gigabytes, so modules ask here before they take memory; outside <see cref="Limit"/> there is always
/// room.
/// </summary>
internal static class WeightRoom
{
    // Options that are wrong by a little get an error that lists every name and shape, for which the model is made.
    private const long SpareElements = 1 << 20, SpareTensors = 1 << 10;

    [ThreadStatic]
    private static Room? current;

    /// <summary>
    /// Leaves room for twice the weights of a file, 4 MB and 1024 tensors more, on this thread until the result is disposed.
    /// </summary>
    /// <param name="elements">Numbers that the file holds.</param>
    /// <param name="tensors">Tensors that the file holds.</param>
    internal static IDisposable Limit(long elements, long tensors) =>
        current = new Room(current, 2 * elements + SpareElements, 2 * tensors + SpareTensors);

    /// <summary>The shape of a weight that is about to be made, of sizes that may come from products and sums.</summary>
    /// <exception cref="ArgumentException">There is no room for it.</exception>
    /// <exception cref="SizeLimitException">It would have more than 2^31 - 1 elements.</exception>
    internal static Shape For(string owner, params ReadOnlySpan<long> sizes)
    {
        var count = 1m;
        foreach (var size in sizes)
            count *= size;
        current?.Take(count, sizes);
        SizeLimitException.Check($"{owner}: a weight of shape ({Text(sizes)})", count);
        return new Shape([.. sizes.ToArray().Select(size => (int)size)]);
    }

    /// <summary>A number of parts, each of which has weights, that are about to be listed.</summary>
    /// <exception cref="ArgumentException">There is no room for them.</exception>
    internal static int ForParts(int count)
    {
        current?.Require(count);
        return count;
    }

    private static string Text(ReadOnlySpan<long> sizes) =>
        string.Join(", ", sizes.ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture)));

    private sealed class Room(Room? outer, long elements, long tensors) : IDisposable
    {
        internal void Take(decimal count, ReadOnlySpan<long> sizes)
        {
            if (count > elements)
                throw TooLarge($"a weight of shape ({Text(sizes)})");
            elements -= (long)count;
            if (--tensors < 0)
                throw TooLarge("so many weights");
        }

        internal void Require(int parts)
        {
            if (parts > tensors)
                throw TooLarge($"{parts} layers");
        }

        public void Dispose() => current = outer;

        private static ArgumentException TooLarge(string what) =>
            new($"its options ask for {what}, and the file holds far fewer numbers than that.");
    }
}
