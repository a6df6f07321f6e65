namespace SeqCore.Models;

/// <summary>Checks the sizes of the axes that a norm takes together.</summary>
internal static class NormSizes
{
    /// <summary>Returns the sizes, of which there should be one at least, each at least 1.</summary>
    internal static long[] Of(string owner, ReadOnlySpan<int> sizes, string name)
    {
        if (sizes.Length == 0)
            throw new ArgumentException($"{owner}: there should be at least one size.", name);
        var all = new long[sizes.Length];
        for (var i = 0; i < all.Length; i++)
            all[i] = Argument.AtLeast(sizes[i], owner, name);
        return all;
    }

    /// <summary>Requires that the last axes of x have the sizes of a weight.</summary>
    internal static Variable Check(string owner, Variable x, Shape weight)
    {
        ArgumentNullException.ThrowIfNull(x);
        var axes = weight.Rank;
        return x.Shape.Rank >= axes && x.Shape.Sizes[^axes..].SequenceEqual(weight.Sizes)
            ? x
            : throw ShapeException.Wrong(owner, nameof(x), $"(..., {string.Join(", ", weight.Sizes.ToArray())})", x.Shape);
    }
}
