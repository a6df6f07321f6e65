using SeqCore.Benchmarks;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Threading;

/// <summary>
/// Every kernel on more threads than the machine has cores, as on machines with many: work is divided, packed and waited for in
/// the same way there, only slower, so that the bits can be checked anywhere.
/// </summary>
public class ManyThreadsTests
{
    /// <summary>Larger cases take seconds each.</summary>
    private const double MostOperations = 2e8;

    private const double MostBytes = 50e6;

    private const int Few = 12;

    public static TheoryData<string> Operations => [.. Cases.Select(k => k.Operation).Distinct()];

    private static IEnumerable<KernelCase> Cases => KernelCase.All.Where(k => k.AppliesTo(Backend.Default)
        && k.Operations <= MostOperations && k.Bytes <= MostBytes);

    [Theory, MemberData(nameof(Operations))]
    public void Any_number_of_threads_gives_the_same_bits(string operation)
    {
        using var one = new CpuBackend(1);
        int[] counts = [8, 16, 64];
        var kernels = Cases.Where(k => k.Operation == operation).ToList();
        foreach (var threads in counts)
        {
            using var many = new CpuBackend(threads);
            for (var i = 0; i < kernels.Count; i++)
            {
                // Of many variants each takes its turn on one of the numbers: 64 threads on two cores take long to wait.
                if (kernels.Count > Few && counts[i % counts.Length] != threads)
                    continue;
                var expected = KernelComparison.Expected(kernels[i], one);
                using var operands = new KernelOperands(many, KernelOperands.Aligned);
                kernels[i].Prepare(operands)();
                var comparison = KernelComparison.Of(kernels[i], expected, operands);
                (comparison.Error, operands.MarginsAreWhole()).Should().Be((0.0, true), $"{operation}, {kernels[i].Variant} on"
                    + $" {threads} threads should have the bits of one");
            }
        }
    }
}
