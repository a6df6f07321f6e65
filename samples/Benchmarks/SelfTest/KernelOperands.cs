using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>
/// The operands of one kernel on one device: the same values on each, since they come from the same stream. Marked floats lie
/// around each run, so that writing past an end is seen; their number decides the alignment.
/// </summary>
internal sealed class KernelOperands(Backend backend, int margin) : IDisposable
{
    /// <summary>Floats before each run: 64 bytes.</summary>
    internal const int Aligned = 16;

    /// <summary>Floats before each run that misalign it.</summary>
    internal const int Unaligned = 19;

    private const float Mark = 12345.75f;
    private static readonly float[] Normals = Inputs.Values(1_000_003);
    private readonly List<DeviceBuffer> buffers = [];
    private readonly List<DeviceSpan<float>> runs = [];
    private readonly List<DeviceSpan<float>> results = [];
    private readonly List<DeviceSpan<int>> indexResults = [];
    private readonly Random random = new(1);
    private int next;

    /// <summary>Runs the kernel.</summary>
    internal Backend Backend => backend;

    /// <summary>A number that the kernel returned, compared like a result of one element.</summary>
    internal double? Number { get; set; }

    /// <summary>Standard normal values, times a factor.</summary>
    internal DeviceSpan<float> Normal(int count, float deviation = 1) => Put(NormalValues(count, deviation));

    /// <summary>Values spread evenly over (low, high).</summary>
    internal DeviceSpan<float> Uniform(int count, float low, float high)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = low + (high - low) * random.NextSingle();
        return Put(values);
    }

    /// <summary>Given values.</summary>
    internal DeviceSpan<float> Put(float[] values)
    {
        var marked = new float[values.Length + 2 * margin];
        marked.AsSpan(0, margin).Fill(Mark);
        values.CopyTo(marked, margin);
        marked.AsSpan(margin + values.Length).Fill(Mark);
        var whole = Upload<float>(marked);
        runs.Add(whole);
        return whole.Slice(margin, values.Length);
    }

    /// <summary>Allocates a result that is filled with NaN, so that omitted elements are detected.</summary>
    internal DeviceSpan<float> Result(int count)
    {
        var span = Scratch(count);
        results.Add(span);
        return span;
    }

    /// <summary>Allocates normal values that the kernel changes, which are also a result.</summary>
    internal DeviceSpan<float> Changed(int count, float deviation = 1)
    {
        var span = Normal(count, deviation);
        results.Add(span);
        return span;
    }

    /// <summary>Allocates values of at least 0 that the kernel changes.</summary>
    internal DeviceSpan<float> ChangedSquares(int count)
    {
        var span = Put(Array.ConvertAll(NormalValues(count, 1), static x => x * x));
        results.Add(span);
        return span;
    }

    /// <summary>Allocates memory that is not compared.</summary>
    internal DeviceSpan<float> Scratch(int count)
    {
        var values = new float[count];
        Array.Fill(values, float.NaN);
        return Put(values);
    }

    /// <summary>Allocates indices drawn from [0, limit).</summary>
    internal DeviceSpan<int> Indices(int count, int limit)
    {
        var values = new int[count];
        for (var i = 0; i < count; i++)
            values[i] = random.Next(limit);
        return Put(values);
    }

    /// <summary>Allocates the given indices.</summary>
    internal DeviceSpan<int> Put(int[] values) => Upload<int>(values);

    /// <summary>Allocates a result of indices.</summary>
    internal DeviceSpan<int> IndexResult(int count)
    {
        var span = Upload<int>(new int[count]);
        indexResults.Add(span);
        return span;
    }

    /// <summary>Returns what the kernel has written: each run of floats, then each run of indices, then the number.</summary>
    internal List<float[]> Read()
    {
        var read = results.ConvertAll(Download);
        foreach (var span in indexResults)
        {
            var values = new int[span.Length];
            backend.Download(span, values);
            read.Add(Array.ConvertAll(values, static i => (float)i));
        }

        if (Number is { } number)
            read.Add([(float)number]);
        return read;
    }

    /// <summary>Whether the floats around every run are as they were.</summary>
    internal bool MarginsAreWhole() => runs.TrueForAll(whole =>
        !Download(whole.Slice(0, margin)).AsSpan().ContainsAnyExcept(Mark)
            && !Download(whole.Slice(whole.Length - margin, margin)).AsSpan().ContainsAnyExcept(Mark));

    public void Dispose()
    {
        foreach (var buffer in buffers)
            buffer.Dispose();
    }

    private float[] NormalValues(int count, float deviation)
    {
        var values = new float[count];
        for (var done = 0; done < count;)
        {
            var part = Math.Min(count - done, Normals.Length - next);
            for (var i = 0; i < part; i++)
                values[done + i] = deviation * Normals[next + i];
            done += part;
            next = (next + part) % Normals.Length;
        }

        return values;
    }

    private float[] Download(DeviceSpan<float> span)
    {
        var values = new float[span.Length];
        backend.Download(span, values);
        return values;
    }

    private DeviceSpan<T> Upload<T>(T[] values) where T : unmanaged
    {
        var buffer = backend.Rent(values.Length * (long)sizeof(float));
        buffers.Add(buffer);
        var span = new DeviceSpan<T>(buffer, 0, values.Length);
        backend.Upload<T>(values, span);
        return span;
    }
}
