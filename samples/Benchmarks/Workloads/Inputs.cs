namespace SeqCore.Benchmarks;

/// <summary>Random inputs, made from a fixed seed.</summary>
internal static class Inputs
{
    /// <summary>The largest number of drawn values: larger inputs repeat them, which gives the same speed sooner.</summary>
    private const int MostDrawn = 1 << 20;

    private static readonly Random Random = new(1);

    /// <summary>A standard normal tensor.</summary>
    internal static Tensor Normal(params ReadOnlySpan<int> sizes)
    {
        var shape = new Shape(sizes);
        return Tensor.FromSpan(Values(shape.ElementCount), shape);
    }

    /// <summary>Standard normal values (Box and Muller).</summary>
    internal static float[] Values(int count)
    {
        var values = new float[count];
        for (var i = 0; i < Math.Min(count, MostDrawn); i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - Random.NextDouble())) * Math.Cos(2 * Math.PI * Random.NextDouble()));
        for (var i = MostDrawn; i < count; i += MostDrawn)
            values.AsSpan(0, Math.Min(MostDrawn, count - i)).CopyTo(values.AsSpan(i));
        return values;
    }

    /// <summary>0 to limit - 1 in no visible order, the same at every call.</summary>
    internal static int[] Pattern(int count, int limit)
    {
        var values = new int[count];
        for (var i = 0; i < count; i++)
            values[i] = (int)(unchecked((uint)i * 2654435761u) >> 16) % limit;
        return values;
    }

    /// <summary>Indices drawn from [0, limit).</summary>
    internal static IndexTensor Indices(int limit, params ReadOnlySpan<int> sizes)
    {
        var shape = new Shape(sizes);
        var values = new int[shape.ElementCount];
        for (var i = 0; i < values.Length; i++)
            values[i] = Random.Next(limit);
        return IndexTensor.FromSpan(values, shape);
    }
}
