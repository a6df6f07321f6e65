using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>What surrounds the kernels, in the host's memory.</summary>
public sealed class FrameOnHostTests : IDisposable
{
    private readonly GpuBackend gpu = HostAccelerator.NewBackend();

    public void Dispose() => gpu.Dispose();

    [Fact]
    public void Memory_between_two_kernels_of_more_floats_than_a_span_has_is_refused()
    {
        var scratch = () => gpu.Scratch(1L << 31, out _, "Sum");
        scratch.Should().Throw<SizeLimitException>()
            .WithMessage("Sum: the memory between two kernels would have 2,147,483,648 elements, *Work on a part at a time.");
    }

    [Theory]
    [InlineData(null, MatMulPrecision.Float32)]
    [InlineData("", MatMulPrecision.Float32)]
    [InlineData("float32", MatMulPrecision.Float32)]
    [InlineData("tf32x3", MatMulPrecision.Tf32x3)]
    [InlineData("TF32", MatMulPrecision.Tf32)]
    public void The_environment_names_a_precision(string? text, MatMulPrecision precision) =>
        GpuBackend.PrecisionNamed(text, HostAccelerator.Device).Should().Be(precision);

    [Theory]
    [InlineData("tf32x4")]
    [InlineData("1")]
    public void An_unknown_precision_is_an_error(string text) =>
        Assert.Throws<DeviceException>(() => GpuBackend.PrecisionNamed(text, HostAccelerator.Device)).Message
            .Should().Contain($"'{text}'").And.Contain("SEQCORE_GPU_PRECISION").And.Contain("float32, tf32x3 or tf32");

    [Fact]
    public void Memory_that_the_garbage_collector_finds_is_used_again()
    {
        using var kept = gpu.Rent(1000);
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        gpu.Rent(1).Dispose();
        gpu.Memory.InUse.Should().Be(1024, "that which is kept");
        gpu.Memory.Reserved.Should().Be(GpuMemoryPool.SlabBytes + GpuMemoryPool.SmallSlabBytes);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Forget()
        {
            for (var i = 0; i < 10; i++)
                gpu.Rent(1 << 20);
        }
    }

    [Fact]
    public void An_operand_that_the_garbage_collector_finds_is_not_used_again_for_scratch()
    {
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var scratch = gpu.Scratch(1000, out _);
        gpu.Memory.InUse.Should().Be(1024 + 4096);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Forget() => gpu.Rent(1000);
    }

    [Fact]
    public void An_operand_is_not_found_before_its_kernel_is_queued()
    {
        View();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        gpu.Rent(1).Dispose();
        gpu.Memory.InUse.Should().Be(1024);
        using (var other = gpu.Rent(4))
        {
            for (var i = 0; i < 32; i++)
                gpu.View(new DeviceSpan<float>(other, 0, 1));
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        gpu.Rent(1).Dispose();
        gpu.Memory.InUse.Should().Be(0);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void View() => gpu.View(new DeviceSpan<float>(gpu.Rent(1000), 0, 250));
    }

    [Fact]
    public void A_disposed_backend_says_so_and_its_memory_may_be_given_back_late()
    {
        var other = HostAccelerator.NewBackend();
        var buffer = other.Rent(16);
        var span = new DeviceSpan<float>(buffer, 0, 4);
        other.Dispose();
        other.Dispose();
        Action[] uses = [() => other.Rent(1), () => other.Upload<float>(new float[4], span), () => other.Download(span,
            new float[4]), other.Synchronize, other.TrimMemory, () => other.Launch(new AddTestKernel(), 1)];
        foreach (var use in uses)
            use.Should().Throw<ObjectDisposedException>();
        buffer.Dispose();
        buffer.IsReturned.Should().BeTrue();
    }

    [Fact]
    public void Memory_given_back_is_no_operand()
    {
        var buffer = gpu.Rent(16);
        buffer.Dispose();
        ((Action)(() => gpu.View(new DeviceSpan<float>(buffer, 0, 4)))).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Memory_of_another_backend_is_no_operand()
    {
        using var cpu = new CpuBackend(1);
        using var ofCpu = cpu.Rent(16);
        using var other = HostAccelerator.NewBackend();
        using var ofOther = other.Rent(16);
        ((Action)(() => gpu.View(new DeviceSpan<float>(ofCpu, 0, 4)))).Should().Throw<ArgumentException>()
            .WithMessage("The memory is on cpu, but the operation runs on opencl:9. Copy it first.");
        ((Action)(() => gpu.Download(new DeviceSpan<float>(ofOther, 0, 4), new float[4])))
            .Should().Throw<ArgumentException>().WithMessage("The memory is on opencl:9*");
    }

    [Fact]
    public void An_index_out_of_range_is_reported_once_by_the_next_read()
    {
        var indices = Put(0, 1, 7, 2);
        Note(indices, 3, "Gather");
        var read = () => gpu.Download(indices, new int[4]);
        read.Should().Throw<ArgumentException>().WithMessage("Gather: index 2 is 7");
        read.Should().NotThrow();
        Note(indices, 8, "Gather");
        read.Should().NotThrow();
    }

    [Fact]
    public void The_operation_that_found_the_index_is_named()
    {
        var indices = Put(0, 1, -1, 2);
        for (var i = 0; i < 5; i++)
        {
            Note(Put(0), 3, $"good {i}");
            gpu.Synchronize();
        }

        Note(Put(0), 3, "good");
        Note(indices, 3, "first");
        Note(Put(9), 3, "second");
        ((Action)gpu.Synchronize).Should().Throw<ArgumentException>().WithMessage("first: index 2 is -1");
        Note(Put(9), 3, "third");
        ((Action)gpu.Synchronize).Should().Throw<ArgumentException>().WithMessage("third: index 0 is 9");
    }

    [Fact]
    public void A_read_between_watching_and_launching_loses_nothing()
    {
        var indices = Put(9);
        var (notes, number) = gpu.Problems.Watch((position, value) => $"late: index {position} is {value}");
        gpu.Synchronize();
        gpu.Launch(new NoteTestKernel { Indices = gpu.View(indices), Notes = notes, Number = number, Count = 3 }, 1);
        ((Action)gpu.Synchronize).Should().Throw<ArgumentException>().WithMessage("late: index 0 is 9");
    }

    [Fact]
    public void A_kernel_that_fails_is_named_with_its_operation()
    {
        using var context = HostAccelerator.NewContext();
        using var broken = HostAccelerator.NewBackend(context);
        using var memory = broken.Scratch(4, out var y);
        var act = () => broken.Launch(new ImpossibleTestKernel { Y = broken.View(y) }, 1, "Impossible");
        var error = act.Should().Throw<DeviceException>()
            .WithMessage("Impossible: the kernel ImpossibleTestKernel failed on opencl:9: *").Which;
        error.Device.Should().Be(broken.Device);
        error.InnerException.Should().NotBeNull();
    }

    private void Note(DeviceSpan<int> indices, int count, string operation)
    {
        var (notes, number) = gpu.Problems.Watch((position, value) => $"{operation}: index {position} is {value}");
        gpu.Launch(new NoteTestKernel { Indices = gpu.View(indices), Notes = notes, Number = number, Count = count }, 1);
    }

    private DeviceSpan<int> Put(params int[] values)
    {
        var span = new DeviceSpan<int>(gpu.Rent(values.Length * sizeof(int)), 0, values.Length);
        gpu.Upload<int>(values, span);
        return span;
    }
}
