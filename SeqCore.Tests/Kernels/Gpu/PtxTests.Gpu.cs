namespace SeqCore.Tests.Kernels.Gpu;

public class PtxTests
{
    public static TheoryData<Type> AllKernels => new(PtxCompiler.Kernels());

    [Theory, MemberData(nameof(AllKernels), DisableDiscoveryEnumeration = true)]
    public void Every_kernel_compiles_for_sm_80_and_sm_90(Type kernel)
    {
        PtxCompiler.Ptx(kernel).Should().Contain(".target sm_80").And.Contain(".visible .entry");
        PtxCompiler.Ptx(kernel, ninety: true).Should().Contain(".visible .entry");
    }

    [Fact]
    public void Every_operation_has_kernels() => PtxCompiler.Kernels().Should().NotBeEmpty();
}
