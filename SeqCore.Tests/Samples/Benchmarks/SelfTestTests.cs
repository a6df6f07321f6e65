using System.Reflection;
using SeqCore.Benchmarks;
using SeqCore.Kernels;

namespace SeqCore.Tests.Samples.Benchmarks;

public class SelfTestTests
{
    private int calls;

    /// <summary>The operations of a backend, for the libraries (packing) and for all: its methods but the end.</summary>
    private static IEnumerable<string> Kernels() =>
        typeof(Backend)
            .GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(m => (m.IsPublic || m.IsAssembly) && !m.IsSpecialName && m.Name != nameof(Backend.Dispose))
            .Select(m => m.Name).Distinct();

    [Fact]
    public void Every_operation_of_a_backend_is_in_the_self_test() =>
        KernelCase.All.Select(k => k.Operation).Distinct().Should().BeEquivalentTo(Kernels());

    [Fact]
    public void Every_operation_has_several_cases_one_large_enough_to_be_timed()
    {
        string[] memory = [nameof(Backend.Rent), nameof(Backend.TrimMemory), nameof(Backend.Synchronize)];
        foreach (var operation in KernelCase.All.Where(k => !memory.Contains(k.Operation)).GroupBy(k => k.Operation))
        {
            operation.Select(k => k.Variant).Should().OnlyHaveUniqueItems(operation.Key)
                .And.HaveCountGreaterThan(1, operation.Key);
            operation.Should().Contain(k => k.IsLarge, operation.Key).And.Contain(k => !k.IsLarge, operation.Key);
        }
    }

    [Fact]
    public void The_cpu_agrees_with_itself()
    {
        var run = BenchmarkRun.Of("selftest --quick --filter softmax");
        run.Code.Should().Be(0, run.Output);
        run.Output.Should().Contain("| Softmax | 37 x 101 | 0.0e+0 |").And.NotContain("FAILED")
            .And.EndWith("kernels on cpu, 0 failed.\n");
    }

    [Fact]
    public void A_wrong_element_fails() => Run(o =>
    {
        var y = o.Result(5);
        return () => o.Backend.Fill(new StridedSpan(y, Layout.Contiguous([5])), 1f + calls++);
    }).Failure.Should().Be("the error exceeds the bound");

    [Fact]
    public void An_element_left_out_fails() => Run(o =>
    {
        var y = o.Result(5);
        return () => o.Backend.Fill(new StridedSpan(y, Layout.Contiguous([calls++ == 0 ? 5 : 4])), 1f);
    }).Relative.Should().Be(double.PositiveInfinity);

    [Fact]
    public void Writing_outside_a_result_fails() => Run(o =>
    {
        var y = o.Result(5);
        return () => o.Backend.Fill(new StridedSpan(new DeviceSpan<float>(y.Buffer!, y.Offset, 6), Layout.Contiguous([6])), 1f);
    }).Failure.Should().Be("it wrote outside its result");

    [Fact]
    public void What_a_kernel_throws_is_its_result() =>
        Run(_ => throw new NotImplementedException("later")).Failure.Should().Be("NotImplementedException: later");

    private static KernelResult Run(Func<KernelOperands, Action> prepare) =>
        new KernelTest(Device.Cpu).Run(new KernelCase("Fill", "5", Bounds.Exact, prepare));
}
