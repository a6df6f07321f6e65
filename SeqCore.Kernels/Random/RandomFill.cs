using SeqCore.Kernels.Random;

namespace SeqCore.Kernels;

/// <summary>
/// A position in a Philox 4x32-10 stream (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
/// Element i of a fill uses word i mod 4 of block Counter + i / 4, so the numbers depend on neither threads nor vectors: a fill
/// of n elements takes (n + 3) / 4 blocks, and the next one should start after them.
/// </summary>
/// <param name="Seed">The key, low half first.</param>
/// <param name="Counter">The first block of four 32-bit words: words 0 and 1 of Philox's counter, low half first; words 2 and 3
/// are 0.</param>
public readonly record struct RandomStream(ulong Seed, ulong Counter)
{
    /// <summary>Returns the four words of the first block, from which the host draws single numbers.</summary>
    public unsafe (uint X0, uint X1, uint X2, uint X3) FirstBlock()
    {
        var words = stackalloc uint[4];
        Philox.Fill(Seed, Counter, words, 1);
        return (words[0], words[1], words[2], words[3]);
    }
}

public abstract partial class Backend
{
    /// <summary>
    /// Fills with uniform numbers in [low, high). Element i uses word i of the stream: (word >> 8) 2^-24 (high - low) + low.
    /// </summary>
    public void FillUniform(DeviceSpan<float> destination, RandomStream stream, float low, float high)
    {
        RandomChecks.Uniform(low, high);
        RunFillUniform(destination, stream, low, high);
        KeepAlive(destination);
    }

    /// <summary>
    /// Fills with normal numbers by the Box-Muller transform: of each pair of uniforms (u, v) in [0, 1), elements 2j and 2j + 1,
    /// the first becomes mean + standardDeviation sqrt(-2 ln(1 - u)) cos(2 pi v) and the second the same with sin. They are at
    /// most 5.77 standard deviations from the mean, since u has 24 bits.
    /// </summary>
    public void FillNormal(DeviceSpan<float> destination, RandomStream stream, float mean, float standardDeviation)
    {
        RandomChecks.Normal(standardDeviation);
        RunFillNormal(destination, stream, mean, standardDeviation);
        KeepAlive(destination);
    }

    /// <summary>
    /// Dropout: y_i = x_i / (1 - p) where uniform_i >= p, else 0; uniform_i is word i of the stream as in
    /// <see cref="FillUniform"/>. The gradient is the same call on dY with the same stream. y may be x.
    /// </summary>
    public void Dropout(DeviceSpan<float> x, DeviceSpan<float> y, float probability, RandomStream stream)
    {
        RandomChecks.Dropout(x, y, probability);
        RunDropout(x, y, probability, stream);
        KeepAlive((x, y));
    }

    private protected abstract void RunFillUniform(DeviceSpan<float> destination, RandomStream stream, float low, float high);

    private protected abstract void RunFillNormal(DeviceSpan<float> destination, RandomStream stream, float mean,
        float standardDeviation);

    private protected abstract void RunDropout(DeviceSpan<float> x, DeviceSpan<float> y, float probability, RandomStream stream);
}
