namespace SeqCore.Kernels.Random;

/// <summary>Checks the arguments of random fills, for all devices.</summary>
internal static class RandomChecks
{
    internal static void Uniform(float low, float high)
    {
        if (!(low <= high))
            throw new ArgumentException($"FillUniform: low should not be above high; got [{low}, {high}).");
    }

    internal static void Normal(float standardDeviation)
    {
        if (!(standardDeviation >= 0f))
            throw new ArgumentException($"FillNormal: the standard deviation should be 0 or more; got {standardDeviation}.");
    }

    internal static void Dropout(DeviceSpan<float> x, DeviceSpan<float> y, float probability)
    {
        if (!(probability >= 0f && probability <= 1f))
            throw new ArgumentException($"Dropout: the probability should be in [0, 1]; got {probability}.");
        RowChecks.Check(nameof(Dropout), nameof(x), x, 1, y.Length);
    }
}
