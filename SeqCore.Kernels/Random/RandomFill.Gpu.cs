namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void FillUniform(DeviceSpan<float> destination, RandomStream stream, float low, float high)
    {
        RandomChecks.Uniform(low, high);
        LaunchRandom(new UniformNumbers(low, high), default, destination, stream);
    }

    /// <inheritdoc/>
    public override void FillNormal(DeviceSpan<float> destination, RandomStream stream, float mean, float standardDeviation)
    {
        RandomChecks.Normal(standardDeviation);
        LaunchRandom(new NormalNumbers(mean, standardDeviation), default, destination, stream);
    }

    /// <inheritdoc/>
    public override void Dropout(DeviceSpan<float> x, DeviceSpan<float> y, float probability, RandomStream stream)
    {
        RandomChecks.Dropout(x, y, probability);
        LaunchRandom(new DroppedNumbers(probability), x.Slice(0, y.Length), y, stream);
    }

    private void LaunchRandom<TNumbers>(TNumbers numbers, DeviceSpan<float> source,
        DeviceSpan<float> destination, RandomStream stream,
        [System.Runtime.CompilerServices.CallerMemberName] string operation = "") where TNumbers : struct, IGpuRandomNumbers
    {
        var kernel = new RandomGpuKernel<TNumbers>
        {
            X = View(source),
            Y = View(destination),
            Numbers = numbers,
            Seed = stream.Seed,
            Counter = stream.Counter,
        };
        LaunchAligned(kernel, Float4.AreAligned(source, destination), RandomGpuKernel<TNumbers>.Groups(destination.Length),
            operation);
    }
}
