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

    /// <summary>The shape of a weight that is about to be made.</summary>
    /// <exception cref="ArgumentException">There is no room for it.</exception>
    internal static Shape For(params ReadOnlySpan<int> sizes)
    {
        current?.Take(sizes);
        return new Shape(sizes);
    }

    /// <summary>A number of parts, each of which has weights, that are about to be listed.</summary>
    /// <exception cref="ArgumentException">There is no room for them.</exception>
    internal static int ForParts(int count)
    {
        current?.Require(count);
        return count;
    }

    private sealed class Room(Room? outer, long elements, long tensors) : IDisposable
    {
        internal void Take(ReadOnlySpan<int> sizes)
        {
            long count = 1;
            foreach (var size in sizes)
            {
                // A product of two sizes beyond 2^31 has become negative.
                if (size < 0 || (count *= size) > elements)
                    throw TooLarge($"a weight of shape ({Text(sizes)})");
            }

            elements -= count;
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

        private static string Text(ReadOnlySpan<int> sizes)
        {
            var texts = new string[sizes.Length];
            for (var i = 0; i < sizes.Length; i++)
                texts[i] = sizes[i].ToString(CultureInfo.InvariantCulture);
            return string.Join(", ", texts);
        }
    }
}
