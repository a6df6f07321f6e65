namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void FillUniform(DeviceSpan<float> destination, RandomStream stream, float low, float high)
    {
        RandomChecks.Uniform(low, high);
        RunRandom(RandomKind.Uniform, default, destination, stream, low, high);
    }

    /// <inheritdoc/>
    public override void FillNormal(DeviceSpan<float> destination, RandomStream stream, float mean, float standardDeviation)
    {
        RandomChecks.Normal(standardDeviation);
        RunRandom(RandomKind.Normal, default, destination, stream, mean, standardDeviation);
    }

    /// <inheritdoc/>
    public override void Dropout(DeviceSpan<float> x, DeviceSpan<float> y, float probability, RandomStream stream)
    {
        RandomChecks.Dropout(x, y, probability);
        RunRandom(RandomKind.Dropout, x, y, stream, probability, 1f / (1f - probability));
    }

    private void RunRandom(RandomKind kind, DeviceSpan<float> source, DeviceSpan<float> destination, RandomStream stream,
        float a, float b)
    {
        var chunks = new RandomChunks(kind, source.Pointer(), destination.Pointer(), destination.Length, stream, a, b);
        Workers.For(Rows.Chunks(destination.Length, RandomKernel.ChunkLength), ref chunks);
        GC.KeepAlive(source.Buffer);
        GC.KeepAlive(destination.Buffer);
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
