using System.Reflection;
using System.Text.RegularExpressions;
using SeqCore.Kernels;
using SeqCore.Kernels.Gather;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>What the kernels are for OpenCL, as text: no device is needed for that.</summary>
public class OpenClTests
{
    /// <summary>
    /// Those that need CUDA are never launched on OpenCL: tensor cores, and groups that wait for each other. Loads that need no
    /// alignment, and the formulas of element-wise kernels, share no memory, so one kernel represents all that differ in them.
    /// </summary>
    private static IEnumerable<Type> Kernels() => PtxCompiler.Kernels()
        .Where(k => !k.Name.StartsWith("Persistent", StringComparison.Ordinal))
        .Where(k => !k.ToString().Contains("TensorCore", StringComparison.Ordinal))
        .Where(k => !k.GetGenericArguments().Contains(typeof(UnalignedFloat4)))
        .DistinctBy(k => Inner(k) is { IsGenericType: true } inner && inner.Name.StartsWith("Map", StringComparison.Ordinal)
            ? inner.GetGenericTypeDefinition()
            : k);

    private static Type Inner(Type kernel) =>
        kernel.GetGenericArguments() is [var inner, ..] && inner.IsAssignableTo(typeof(IFloat4Kernel)) ? inner : kernel;

    [Fact]
    public void The_devices_that_are_listed_as_usable_have_what_the_kernels_take()
    {
        using var compiler = new OpenClCompiler();
        var taken = Kernels().Select(k => (k.Name, compiler.Compile(k).SharedBytes, Threads: GroupSize(k))).ToList();
        taken.Max(k => k.Threads).Should().Be(IGpuKernel.MostThreads);
        var most = taken.MaxBy(k => k.SharedBytes);
        most.SharedBytes.Should().Be(IGpuKernel.MostSharedBytes, $"{most.Name} takes that much, and devices need not have more");
    }

    [Fact]
    public void Every_barrier_orders_shared_memory_too()
    {
        using var compiler = new OpenClCompiler();
        var source = compiler.Compile(typeof(DigitCountsKernel)).Source;
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

    private static int GroupSize(Type kernel) =>
        (int)typeof(OpenClTests).GetMethod(nameof(GroupSizeOf), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(kernel).Invoke(null, null)!;

    private static int GroupSizeOf<TKernel>() where TKernel : struct, IGpuKernel => TKernel.GroupSize;
}
