namespace SeqCore.Kernels;

/// <summary>
/// A place in a Philox 4x32-10 stream (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
/// Element i of a fill uses word i mod 4 of block Counter + i / 4, so neither threads nor vectors change the numbers.
/// </summary>
/// <param name="Seed">The key.</param>
/// <param name="Counter">The first block of four 32-bit words.</param>
public readonly record struct RandomStream(ulong Seed, ulong Counter);

public abstract partial class Backend
{
    /// <summary>Uniform numbers in [low, high). Element i uses word i of the stream: (word >> 8) 2^-24 (high - low) + low.</summary>
    public abstract void FillUniform(DeviceSpan<float> destination, RandomStream stream, float low, float high);

    /// <summary>Normal numbers by Box and Muller's transform; each pair of words makes a pair of numbers.</summary>
    public abstract void FillNormal(DeviceSpan<float> destination, RandomStream stream, float mean, float standardDeviation);

    /// <summary>
    /// Dropout: y_i = x_i / (1 - p) where uniform_i >= p, else 0; uniform_i is word i of the stream as in
    /// <see cref="FillUniform"/>. The gradient is the same call on dY with the same stream. y may be x.
    /// </summary>
    public abstract void Dropout(DeviceSpan<float> x, DeviceSpan<float> y, float probability, RandomStream stream);
}
