namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>Returns the uniform number in [0, 1) of element i: word i of the stream, (word >> 8) 2^-24.</summary>
    internal static float Uniform(RandomStream stream, long i)
    {
        var (x0, x1, x2, x3) = (stream with { Counter = stream.Counter + (ulong)(i / 4) }).FirstBlock();
        var word = (i % 4) switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 };
        return (word >> 8) * (1f / (1 << 24));
    }

    /// <summary>Returns the factor of element i in dropout: 0 with probability p, otherwise 1 / (1 - p).</summary>
    internal static double DropoutFactor(RandomStream stream, long i, float probability) =>
        probability > 0 && Uniform(stream, i) < probability ? 0 : 1 / (1.0 - probability);
}
