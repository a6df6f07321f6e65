namespace SeqCore.Tests.Autograd;

/// <summary>Numbers for gradient checks that do not depend on the code under test.</summary>
internal static class Samples
{
    /// <summary>Uniform in [low, high).</summary>
    internal static Tensor Uniform(int seed, double low, double high, params int[] sizes)
    {
        var random = new Random(seed);
        var shape = new Shape(sizes);
        var values = new float[shape.ElementCount];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(low + (high - low) * random.NextDouble());
        return Tensor.FromSpan(values, shape);
    }

    /// <summary>Uniform in [-1, 1).</summary>
    internal static Tensor Of(int seed, params int[] sizes) => Uniform(seed, -1, 1, sizes);

    /// <summary>A shuffled sequence with a distance of at least 0.3 between any two elements and to 0.</summary>
    internal static Tensor Spread(int seed, params int[] sizes)
    {
        var shape = new Shape(sizes);
        var values = Enumerable.Range(0, shape.ElementCount)
            .Select(i => 0.3f * (i - shape.ElementCount / 2 + 0.5f) + (i < shape.ElementCount / 2 ? -0.2f : 0.2f)).ToArray();
        new Random(seed).Shuffle(values);
        return Tensor.FromSpan(values, shape);
    }
}
