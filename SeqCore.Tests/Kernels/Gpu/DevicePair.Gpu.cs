using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>
/// The same operands on the CPU and on the GPU, so that one call runs on both and the results can be compared. Memory around each
/// run is marked, so that writing past an end is seen; the margin decides how the runs are aligned.
/// </summary>
internal sealed class DevicePair(int margin = 19, GpuBackend? gpu = null) : IDisposable
{
    private const float Mark = 12345.75f;
    private readonly CpuBackend cpu = new(1);
    private readonly List<Operand> operands = [];
    private readonly List<DeviceBuffer> buffers = [];

    /// <summary>Runs of floats on both devices.</summary>
    internal sealed record Operand(DeviceSpan<float> OnCpu, DeviceSpan<float> OnGpu);

    /// <summary>Runs of indices on both devices.</summary>
    internal sealed record Indices(DeviceSpan<int> OnCpu, DeviceSpan<int> OnGpu);

    /// <summary>Finds an operand on the device that an operation runs on.</summary>
    internal readonly struct Finder(bool onGpu)
    {
        internal DeviceSpan<float> this[Operand? operand] => operand is null ? default : onGpu ? operand.OnGpu : operand.OnCpu;

        internal DeviceSpan<int> this[Indices? indices] => indices is null ? default : onGpu ? indices.OnGpu : indices.OnCpu;
    }

    internal GpuBackend Gpu { get; } = gpu ?? TestGpu.Backend;

    internal Operand Put(params float[] values)
    {
        var marked = new float[values.Length + (2 * margin)];
        Array.Fill(marked, Mark);
        values.CopyTo(marked, margin);
        var operand = new Operand(Put<float>(cpu, marked), Put<float>(Gpu, marked));
        operands.Add(operand);
        return new Operand(operand.OnCpu.Slice(margin, values.Length), operand.OnGpu.Slice(margin, values.Length));
    }

    /// <summary>Memory for a result, full of NaN so that elements left out are seen.</summary>
    internal Operand Output(int length)
    {
        var values = new float[length];
        Array.Fill(values, float.NaN);
        return Put(values);
    }

    internal Indices PutIndices(params int[] values) => new(Put<int>(cpu, values), Put<int>(Gpu, values));

    /// <summary>Runs an operation on the CPU, then on the GPU.</summary>
    internal void Run(Action<Backend, Finder> operation)
    {
        operation(cpu, new Finder(false));
        operation(Gpu, new Finder(true));
    }

    /// <summary>Asserts |gpu - cpu| within relative |cpu| + absolute, everywhere; NaN agrees with NaN.</summary>
    internal void ShouldAgree(Operand result, double relative, double absolute, string what = "result")
    {
        float[] expected = result.OnCpu.AsHostSpan().ToArray(), actual = Read(result);
        for (var i = 0; i < expected.Length; i++)
        {
            var agree = expected[i].Equals(actual[i])
                || Math.Abs((double)actual[i] - expected[i]) <= (relative * Math.Abs(expected[i])) + absolute;
            if (!agree)
            {
                Assert.Fail(
                    $"{what}: element {i} of {expected.Length} is {actual[i]:R} on {Gpu.Device} and {expected[i]:R} on the CPU.");
            }
        }
    }

    internal void ShouldAgree(Indices result, string what = "result")
    {
        var actual = new int[result.OnGpu.Length];
        Gpu.Download(result.OnGpu, actual);
        actual.Should().Equal(result.OnCpu.AsHostSpan().ToArray(), what);
    }

    /// <summary>What the GPU holds.</summary>
    internal float[] Read(Operand operand)
    {
        var values = new float[operand.OnGpu.Length];
        Gpu.Download(operand.OnGpu, values);
        return values;
    }

    public void Dispose()
    {
        foreach (var operand in operands)
        {
            var whole = Read(operand);
            whole.AsSpan(0, margin).ContainsAnyExcept(Mark).Should().BeFalse("nothing before the run may be written");
            whole.AsSpan(whole.Length - margin).ContainsAnyExcept(Mark).Should().BeFalse("nothing after the run may be written");
        }

        foreach (var buffer in buffers)
            buffer.Dispose();
        cpu.Dispose();
    }

    private DeviceSpan<T> Put<T>(Backend backend, T[] values) where T : unmanaged
    {
        var buffer = backend.Rent(values.Length * sizeof(int));
        buffers.Add(buffer);
        var span = new DeviceSpan<T>(buffer, 0, values.Length);
        backend.Upload<T>(values, span);
        return span;
    }
}
