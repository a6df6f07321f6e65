using SeqCore.Kernels;

namespace SeqCore.Benchmarks;

/// <summary>The results of a kernel on a device, compared with those of the CPU.</summary>
/// <param name="Error">The largest difference of an element, infinite where one side is not a number.</param>
/// <param name="Relative">The largest difference over the largest finite element of its result.</param>
/// <param name="Failure">The description of a failure, or null.</param>
internal sealed record KernelComparison(double Error, double Relative, string? Failure)
{
    /// <summary>Returns the results of the kernel on the CPU.</summary>
    internal static List<float[]> Expected(KernelCase kernel, CpuBackend cpu)
    {
        using var operands = new KernelOperands(cpu, KernelOperands.Aligned);
        kernel.Prepare(operands)();
        return operands.Read();
    }

    /// <summary>Compares what a call of the kernel has written into its operands.</summary>
    internal static KernelComparison Of(KernelCase kernel, List<float[]> expected, KernelOperands operands)
    {
        operands.Backend.Synchronize();
        double error = 0, relative = 0;
        foreach (var (before, after) in expected.Zip(operands.Read()))
        {
            var (difference, scale) = Difference(before, after);
            error = Math.Max(error, difference);
            relative = Math.Max(relative, difference == 0 ? 0 : difference / scale);
        }

        return new(error, relative, !operands.MarginsAreWhole() ? "it wrote outside its result"
            : relative <= kernel.Bound ? null : "the error exceeds the bound");
    }

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
}
