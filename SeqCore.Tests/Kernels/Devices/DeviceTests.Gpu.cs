using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.Cuda;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Devices;

public class UnusableDeviceTests
{
    [Fact]
    public void Old_drivers_and_old_GPUs_have_different_errors()
    {
        Device.WhyNot(CudaArchitecture.SM_90, CudaInstructionSet.ISA_80).Should().BeNull();
        Device.WhyNot(CudaArchitecture.SM_60, CudaInstructionSet.ISA_70).Should().BeNull();
        Device.WhyNot(CudaArchitecture.SM_50, CudaInstructionSet.ISA_80)
            .Should().Contain("compute capability").And.Contain("is below");
        Device.WhyNot(CudaArchitecture.SM_90, null).Should().Contain("driver is too old");
        Device.WhyNot((CudaArchitecture?)null, CudaInstructionSet.ISA_80).Should().Contain("driver is too old");
    }

    [Fact]
    public void OpenCL_needs_its_version_and_generic_addresses()
    {
        WhyNot().Should().BeNull();
        WhyNot(version: CLCVersion.CL10).Should().Contain("the kernels need");
        WhyNot(hasGenericAddresses: false).Should().Contain("lacks the generic address space");
    }

    [Fact]
    public void OpenCL_devices_need_the_threads_and_the_local_memory_of_the_kernels()
    {
        WhyNot(threads: 128).Should().Contain("at most 128 work-items").And.Contain("need 256");
        WhyNot(localBytes: 32768).Should().Contain("32768 bytes of local memory")
            .And.Contain($"need {IGpuKernel.MostSharedBytes}");
    }

    private static string? WhyNot(
        CLCVersion? version = null, bool hasGenericAddresses = true, int threads = 256, int localBytes = 65536) =>
        Device.WhyNot(version ?? CLBackend.MinimumVersion, hasGenericAddresses, threads, localBytes);

    [Fact]
    public void Every_device_that_is_listed_as_usable_can_be_made()
    {
        foreach (var info in Device.List().Where(i => i.UnusableReason is null))
        {
            using var backend = info.Device.CreateBackend();
            backend.Device.Should().Be(info.Device);
            info.Memory.Should().BePositive();
        }
    }
}
