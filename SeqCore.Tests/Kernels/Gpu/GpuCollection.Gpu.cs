namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>
/// The tests of GPU kernels run one after the other: they share one queue, and the error of an index out of range comes out at
/// the next read, whoever reads.
/// </summary>
[CollectionDefinition(Name)]
public sealed class GpuCollection
{
    internal const string Name = "GPU";

    [Fact]
    public void All_tests_of_GPU_kernels_belong_to_it()
    {
        var own = typeof(GpuCollection).Assembly.GetTypes().Where(t => t.Name.EndsWith("GpuTests", StringComparison.Ordinal)
            && t.Namespace!.StartsWith("SeqCore.Tests.Kernels", StringComparison.Ordinal));
        own.Should().OnlyContain(t => t.GetCustomAttributes(typeof(CollectionAttribute), false).Cast<CollectionAttribute>()
            .Any(c => c.Name == Name));
    }
}
