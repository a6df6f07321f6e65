using System.Text.RegularExpressions;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>What the kernels are for OpenCL, as text: no device is needed for that.</summary>
public class OpenClTests
{
    [Fact]
    public void Every_barrier_orders_shared_memory_too()
    {
        var source = OpenClCompiler.Compile(typeof(DigitCountsKernel)).Source;
        var barriers = Regex.Count(source, @"\bwork_group_barrier\b");
        barriers.Should().BePositive();
        var fenced = KernelCache.FenceSharedMemory(source);
        Regex.Count(fenced, @"\bwork_group_barrier \( CLK_LOCAL_MEM_FENCE \| CLK_GLOBAL_MEM_FENCE \)").Should().Be(barriers);
    }

    [Theory]
    [InlineData("x = 1;\nbarrier(CLK_GLOBAL_MEM_FENCE);")]
    [InlineData("barrier( CLK_GLOBAL_MEM_FENCE );\nwork_group_barrier ( CLK_GLOBAL_MEM_FENCE, memory_scope_device );")]
    public void A_barrier_that_cannot_be_changed_is_an_error(string source) =>
        ((Func<string>)(() => KernelCache.FenceSharedMemory(source))).Should().Throw<NotSupportedException>()
            .WithMessage("*barrier*CLK_GLOBAL_MEM_FENCE*shared memory*");

    [Fact]
    public void A_text_without_barriers_stays_as_it_is() =>
        KernelCache.FenceSharedMemory("int no_barrier = 1;").Should().Be("int no_barrier = 1;");
}
