using SeqCore.Kernels.Random;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunFillUniform(DeviceSpan<float> destination, RandomStream stream, float low, float high)
    {
        LaunchRandom(nameof(FillUniform), new UniformNumbers(low, high), default, destination, stream);
    }

    private protected override void RunFillNormal(DeviceSpan<float> destination, RandomStream stream, float mean,
        float standardDeviation)
    {
        LaunchRandom(nameof(FillNormal), new NormalNumbers(mean, standardDeviation), default, destination, stream);
    }

    private protected override void RunDropout(DeviceSpan<float> x, DeviceSpan<float> y, float probability, RandomStream stream)
    {
        LaunchRandom(nameof(Dropout), new DroppedNumbers(probability), x.Slice(0, y.Length), y, stream);
    }

    private void LaunchRandom<TNumbers>(string operation, TNumbers numbers, DeviceSpan<float> source,
        DeviceSpan<float> destination, RandomStream stream) where TNumbers : struct, IGpuRandomNumbers
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
