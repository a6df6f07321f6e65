using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Memory;

public class DeviceBufferTests
{
    [Fact]
    public void The_last_reference_returns_the_memory()
    {
        using var backend = new CpuBackend(1);
        var buffer = backend.Rent(1000);
        buffer.AddReference();
        buffer.IsShared.Should().BeTrue();
        buffer.Dispose();
        (buffer.IsShared, buffer.IsReturned).Should().Be((false, false));
        buffer.Dispose();
        buffer.IsReturned.Should().BeTrue();
        backend.Memory.InUse.Should().Be(0);
    }

    [Fact]
    public void Memory_that_was_given_back_stays_given_back()
    {
        using var backend = new CpuBackend(1);
        var buffer = backend.Rent(1000);
        buffer.Dispose();
        buffer.Dispose();
        for (var attempt = 0; attempt < 3; attempt++)
            buffer.Invoking(b => b.AddReference()).Should().Throw<ObjectDisposedException>();
        buffer.IsReturned.Should().BeTrue();
        var read = () => backend.Download(new DeviceSpan<float>(buffer, 0, 1), new float[1]);
        read.Should().Throw<ObjectDisposedException>();
        backend.Memory.InUse.Should().Be(0);
    }

    [Fact]
    public void The_garbage_collector_returns_what_nobody_did()
    {
        using var backend = new CpuBackend(1);
        Forget(backend);
        backend.Memory.InUse.Should().BeGreaterThan(0);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        backend.Memory.InUse.Should().Be(0);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget(CpuBackend backend) => backend.Rent(1000).AddReference();
    }

    [Fact]
    public void A_disposed_backend_keeps_no_memory()
    {
        var backend = new CpuBackend(1);
        var late = backend.Rent(1000);
        backend.Rent(5000).Dispose();
        backend.Dispose();
        backend.Memory.Reserved.Should().Be(backend.Memory.InUse).And.BeGreaterThan(0);
        late.Dispose();
        backend.Memory.Should().Be(default(MemoryUse));
    }
}
