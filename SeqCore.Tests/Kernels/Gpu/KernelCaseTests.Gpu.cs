using SeqCore.Benchmarks;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>The table of kernels that the self test runs and times, with its small sizes, on the GPU of the tests.</summary>
[Collection(GpuCollection.Name)]
public class KernelCaseGpuTests
{
    public static TheoryData<string> Operations => [.. Names.Where(n => !IsLong(n))];

    public static TheoryData<string> LongOperations => [.. Names.Where(IsLong)];

    private static IEnumerable<string> Names => KernelCase.All.Select(k => k.Operation).Distinct();

    [Theory, MemberData(nameof(Operations))]
    public void Devices_agree(string operation)
    {
        var gpu = TestGpu.Backend;
        using var cpu = new CpuBackend(1);
        foreach (var kernel in KernelCase.All.Where(k => k.Operation == operation && !k.IsLarge && k.AppliesTo(gpu)))
        {
            var expected = KernelComparison.Expected(kernel, cpu);
            foreach (var margin in (int[])[KernelOperands.Aligned, KernelOperands.Unaligned])
            {
                using var operands = new KernelOperands(gpu, margin);
                kernel.Prepare(operands)();
                var comparison = KernelComparison.Of(kernel, expected, operands);
                comparison.Failure.Should().BeNull($"{operation}, {kernel.Variant}, {margin} floats before each operand:"
                    + $" {comparison.Relative:g2} of the result's largest element");
            }
        }
    }

    /// <summary>Those that take minutes on the emulator.</summary>
    [Theory, MemberData(nameof(LongOperations))]
    public void Devices_agree_on_long_ones(string operation) => Devices_agree(operation);

    private static bool IsLong(string operation) =>
        operation.StartsWith("Attention", StringComparison.Ordinal)
            || operation.StartsWith("Recurrent", StringComparison.Ordinal);
}
