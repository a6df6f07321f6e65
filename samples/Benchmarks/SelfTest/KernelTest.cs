using System.Diagnostics;
using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>Runs kernels on a device, compares them with the CPU, and times them.</summary>
internal sealed class KernelTest(Device device)
{
    private const double BatchSeconds = 0.002;
    private const int MostCallsOfBatch = 100;
    private const int Batches = 7;
    private readonly CpuBackend cpu = new();
    private Backend backend = device.CreateBackend();

    /// <summary>Whether this device has the kernel.</summary>
    internal bool Has(KernelCase kernel) => kernel.AppliesTo(backend);

    /// <summary>Runs one kernel; whatever it throws is its result, so that the others still run.</summary>
    internal KernelResult Run(KernelCase kernel)
    {
        try
        {
            var expected = KernelComparison.Expected(kernel, cpu);
            var (aligned, seconds) = Compare(kernel, expected, KernelOperands.Aligned);
            var (unaligned, unalignedSeconds) = Compare(kernel, expected, KernelOperands.Unaligned);
            return new KernelResult(kernel, Math.Max(aligned.Error, unaligned.Error),
                Math.Max(aligned.Relative, unaligned.Relative), seconds, unalignedSeconds, aligned.Failure ?? unaligned.Failure);
        }
        catch (Exception e)
        {
            // A GPU that met an illegal address refuses everything afterwards until it is opened again.
            if (e is DeviceException and not DeviceMemoryException)
                backend = device.CreateBackend();
            return KernelResult.Failed(kernel, $"{e.GetType().Name}: {e.Message}");
        }
        finally
        {
            backend.TrimMemory();
            cpu.TrimMemory();
        }
    }

    private (KernelComparison Comparison, double Seconds) Compare(KernelCase kernel, List<float[]> expected, int margin)
    {
        using var operands = new KernelOperands(backend, margin);
        var call = kernel.Prepare(operands);
        call();
        var comparison = KernelComparison.Of(kernel, expected, operands);
        return (comparison, comparison.Failure is null ? Median(call) : double.NaN);
    }

    /// <summary>Seconds of a call: the median of batches, each of which waits for the device once.</summary>
    private double Median(Action call)
    {
        var first = Batch(call, 1);
        var calls = (int)Math.Clamp(BatchSeconds / first, 1, MostCallsOfBatch);
        var times = new List<double>();
        var start = Stopwatch.GetTimestamp();
        while (times.Count < Batches && (times.Count == 0 || Stopwatch.GetElapsedTime(start).TotalSeconds < 0.5))
            times.Add(Batch(call, calls) / calls);
        times.Sort();
        return times[times.Count / 2];
    }

    private double Batch(Action call, int calls)
    {
        backend.Synchronize();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
            call();
        backend.Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
