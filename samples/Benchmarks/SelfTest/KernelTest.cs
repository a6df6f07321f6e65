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
    internal bool Has(KernelCase kernel) => kernel.Applies is null || kernel.Applies(backend);

    /// <summary>Runs one kernel; whatever it throws is its result, so that the others still run.</summary>
    internal KernelResult Run(KernelCase kernel)
    {
        try
        {
            var expected = Expected(kernel);
            var aligned = Compare(kernel, expected, KernelOperands.Aligned);
            var unaligned = Compare(kernel, expected, KernelOperands.Unaligned);
            var error = Math.Max(aligned.Error, unaligned.Error);
            var relative = Math.Max(aligned.Relative, unaligned.Relative);
            var failure = aligned.Failure ?? unaligned.Failure
                ?? (relative <= kernel.Bound ? null : "the error exceeds the bound");
            return new KernelResult(kernel, error, relative, aligned.Seconds, unaligned.Seconds, failure);
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

    private List<float[]> Expected(KernelCase kernel)
    {
        using var operands = new KernelOperands(cpu, KernelOperands.Aligned);
        kernel.Prepare(operands)();
        return operands.Read();
    }

    private (double Error, double Relative, double Seconds, string? Failure) Compare(KernelCase kernel,
        List<float[]> expected, int margin)
    {
        using var operands = new KernelOperands(backend, margin);
        var call = kernel.Prepare(operands);
        call();
        backend.Synchronize();
        var actual = operands.Read();
        double error = 0, relative = 0;
        for (var r = 0; r < expected.Count; r++)
        {
            var (difference, scale) = Difference(expected[r], actual[r]);
            error = Math.Max(error, difference);
            relative = Math.Max(relative, difference == 0 ? 0 : difference / scale);
        }

        if (!operands.MarginsAreWhole())
            return (error, relative, double.NaN, "it wrote outside its result");
        return (error, relative, Median(call), null);
    }

    /// <summary>The largest difference, infinite where one side is not a number, and the largest finite element.</summary>
    private static (double Difference, double Scale) Difference(float[] expected, float[] actual)
    {
        double difference = 0, scale = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (float.IsFinite(expected[i]))
                scale = Math.Max(scale, Math.Abs(expected[i]));
            if (expected[i].Equals(actual[i]))
                continue;
            var d = Math.Abs((double)expected[i] - actual[i]);
            difference = Math.Max(difference, double.IsNaN(d) ? double.PositiveInfinity : d);
        }

        return (difference, scale);
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
