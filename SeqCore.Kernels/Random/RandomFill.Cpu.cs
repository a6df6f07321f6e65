using SeqCore.Kernels.Random;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunFillUniform(DeviceSpan<float> destination, RandomStream stream, float low, float high)
    {
        RunRandom(RandomKind.Uniform, default, destination, stream, low, high);
    }

    private protected override void RunFillNormal(DeviceSpan<float> destination, RandomStream stream, float mean,
        float standardDeviation)
    {
        RunRandom(RandomKind.Normal, default, destination, stream, mean, standardDeviation);
    }

    private protected override void RunDropout(DeviceSpan<float> x, DeviceSpan<float> y, float probability, RandomStream stream)
    {
        RunRandom(RandomKind.Dropout, x, y, stream, probability, 1f / (1f - probability));
    }

    private void RunRandom(RandomKind kind, DeviceSpan<float> source, DeviceSpan<float> destination, RandomStream stream,
        float a, float b)
    {
        var chunks = new RandomChunks(kind, source.Pointer(), destination.Pointer(), destination.Length, stream, a, b);
        Workers.For(RowChunking.Chunks(destination.Length, RandomKernel.ChunkLength), ref chunks);
    }

    private readonly struct RandomChunks(RandomKind kind, float* source, float* destination, int length, RandomStream stream,
        float a, float b) : IChunks
    {
        public void Invoke(int chunk)
        {
            var first = chunk * RandomKernel.ChunkLength;
            var kernel = new RandomKernel(kind, source + first, destination + first,
                Math.Min(RandomKernel.ChunkLength, length - first),
                stream with { Counter = stream.Counter + (ulong)first / 4 }, a, b);
            Simd.Run(ref kernel);
        }
    }
}
