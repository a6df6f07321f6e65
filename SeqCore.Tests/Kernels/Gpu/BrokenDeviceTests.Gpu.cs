using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>What a device that fails, or an ILGPU of another version, leads to.</summary>
public class BrokenDeviceTests
{
    [Fact]
    public void A_kernel_that_fails_is_reported_by_its_own_error_although_nothing_can_be_freed_any_more()
    {
        var context = HostAccelerator.NewContext();
        var accelerator = HostAccelerator.New(context);
        var kernels = new BrokenKernels(accelerator, () => throw new CudaException("an illegal memory access was encountered"));
        var act = () =>
        {
            using var gpu = new GpuBackend(HostAccelerator.Device, accelerator, kernels);
            gpu.Launch(new AddTestKernel(), 1, "First");
            kernels.IsBroken = true;
            gpu.Launch(new AddTestKernel(), 1, "Second");
        };
        act.Should().Throw<DeviceException>()
            .WithMessage("Second: *an illegal memory access*last operation queued before it was First*");
        kernels.Freed.Should().Be(1);
        accelerator.IsDisposed.Should().BeTrue("what follows the kernels is freed too");
    }

    [Fact]
    public void What_other_objects_throw_when_they_are_freed_is_not_hidden() =>
        ((Action)(() => DeviceCleanup.Run(() => throw new InvalidOperationException())))
            .Should().Throw<InvalidOperationException>();

    [Fact]
    public void An_ILGPU_that_lacks_a_member_is_named_as_the_cause()
    {
        using var context = HostAccelerator.NewContext();
        var accelerator = HostAccelerator.New(context);
        var kernels = new BrokenKernels(accelerator, () => throw new MissingFieldException("Field not found: 'Source'."));
        using var gpu = new GpuBackend(HostAccelerator.Device, accelerator, kernels);
        kernels.IsBroken = true;
        gpu.Invoking(g => g.Launch(new AddTestKernel(), 1, "Add")).Should().Throw<DeviceException>()
            .WithMessage($"Add: *Field not found: 'Source'.*exactly version {GpuContext.Version}; this program runs with *");
    }

    [Fact]
    public void The_version_that_is_named_is_the_one_that_is_built_with() =>
        typeof(Accelerator).Assembly.GetName().Version!.ToString(3).Should().Be(GpuContext.Version);

    [Fact]
    public void A_program_that_finds_the_drivers_libraries_itself_is_left_to_do_so()
    {
        var assembly = Assembly.Load("FluentAssertions");
        GpuContext.ResolveNumberedNames(assembly).Should().BeTrue();
        GpuContext.ResolveNumberedNames(assembly).Should().BeFalse("an assembly has one resolver");
    }

    /// <summary>Kernels that cannot be freed; once broken, each launch fails.</summary>
    private sealed class BrokenKernels(Accelerator accelerator, Action fail) : KernelCache(accelerator), IDisposable
    {
        internal bool IsBroken { get; set; }

        internal int Freed { get; private set; }

        void IDisposable.Dispose()
        {
            Freed++;
            throw new CudaException("an illegal memory access was encountered");
        }

        protected override (IDisposable Kernel, Delegate Launcher) Load<TKernel>()
        {
            Action<AcceleratorStream, KernelConfig, TKernel> launch = (_, _, _) =>
            {
                if (IsBroken)
                    fail();
            };
            return (this, launch);
        }
    }
}
