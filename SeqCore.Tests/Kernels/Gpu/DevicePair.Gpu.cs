using SeqCore.Benchmarks;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>
/// The same operands on the CPU and on the GPU, so that one call runs on both and the results can be compared. Memory around each
/// run is marked, so that writing past an end is seen; the margin decides how the runs are aligned.
/// </summary>
internal sealed class DevicePair : IDisposable
{
    private readonly CpuBackend cpu = new(1);
    private readonly KernelOperands onCpu;
    private readonly KernelOperands onGpu;

    internal DevicePair(int margin = KernelOperands.Unaligned, GpuBackend? gpu = null)
    {
        Gpu = gpu ?? TestGpu.Backend;
        (onCpu, onGpu) = (new KernelOperands(cpu, margin), new KernelOperands(Gpu, margin));
    }

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

    internal GpuBackend Gpu { get; }

    internal Operand Put(params float[] values) => new(onCpu.Put(values), onGpu.Put(values));

    /// <summary>Memory for a result, full of NaN so that elements left out are seen.</summary>
    internal Operand Output(int length) => new(onCpu.Scratch(length), onGpu.Scratch(length));

    internal Indices PutIndices(params int[] values) => new(onCpu.Put(values), onGpu.Put(values));

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
        onCpu.MarginsAreWhole().Should().BeTrue("the CPU should write nothing around a result");
        onGpu.MarginsAreWhole().Should().BeTrue("the GPU should write nothing around a result");
        onCpu.Dispose();
        onGpu.Dispose();
        cpu.Dispose();
    }
}
