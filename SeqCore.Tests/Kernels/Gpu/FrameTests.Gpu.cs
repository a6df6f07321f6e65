using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu;

/// <summary>What surrounds the kernels, on the device.</summary>
[Collection(GpuCollection.Name)]
public class FrameGpuTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(5_000_000)]
    public void What_is_uploaded_comes_back(int length)
    {
        var gpu = TestGpu.Backend;
        using var buffer = gpu.Rent(length * sizeof(float));
        var span = new DeviceSpan<float>(buffer, 0, length);
        var values = Enumerable.Range(0, length).Select(i => i * 0.5f).ToArray();
        gpu.Upload<float>(values, span);
        var back = new float[length];
        gpu.Download(span, back);
        back.AsSpan().SequenceEqual(values).Should().BeTrue();
    }

    [Fact]
    public void Memory_given_back_is_used_again()
    {
        var gpu = TestGpu.Backend;
        gpu.Rent(3 << 20).Dispose();
        var before = gpu.Memory.Reserved;
        for (var i = 0; i < 100; i++)
            gpu.Rent(3 << 20).Dispose();
        gpu.Memory.Reserved.Should().BeLessThanOrEqualTo(before + (64 << 20), "other tests may rent meanwhile");
    }

    [Fact]
    public void A_full_device_takes_back_what_nobody_holds()
    {
        var gpu = TestGpu.Backend;
        Forget(gpu);
        var before = gpu.Memory.InUse;
        gpu.Invoking(g => g.Rent(1L << 50)).Should().Throw<DeviceMemoryException>();
        gpu.Memory.InUse.Should().BeLessThanOrEqualTo(before - Forgotten);
    }

    private const int Forgotten = 3 << 20;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(GpuBackend gpu) => gpu.Rent(Forgotten).IsReturned.Should().BeFalse();

    [Fact]
    public void Too_large_a_request_says_what_was_asked_for_and_what_to_do()
    {
        var gpu = TestGpu.Backend;
        var act = () => gpu.Rent(1L << 50);
        act.Should().Throw<DeviceMemoryException>().WithMessage("*no memory for 1073741824 MB*largest holders*").Which.Requested
            .Should().Be(1L << 50);
    }

    /// <summary>
    /// A view's start is counted in its elements; one that is no whole number of them would be moved into the block before.
    /// </summary>
    [Fact]
    public void Elements_whose_size_does_not_divide_the_alignment_are_refused()
    {
        using var buffer = TestGpu.Backend.Rent(240);
        var act = () => TestGpu.Backend.View(new DeviceSpan<System.Numerics.Vector3>(buffer, 0, 20));
        act.Should().Throw<NotSupportedException>().WithMessage("*12 bytes*divide 256*");
    }

    // Together more than the page-locked memory that they pass through; the source is overwritten at once.
    [Fact]
    public void Many_small_uploads_may_be_on_their_way()
    {
        var gpu = TestGpu.Backend;
        const int Uploads = 5000, Length = 501;
        using var memory = gpu.Rent(Uploads * Length * sizeof(int));
        var source = new int[Length];
        for (var i = 0; i < Uploads; i++)
        {
            Array.Fill(source, i);
            gpu.Upload<int>(source, new DeviceSpan<int>(memory, i * Length, Length));
        }

        var back = new int[Uploads * Length];
        gpu.Download(new DeviceSpan<int>(memory, 0, back.Length), back);
        Enumerable.Range(0, back.Length).All(i => back[i] == i / Length).Should().BeTrue();
    }

    [Fact]
    public void Transfers_of_several_times_the_page_locked_memory_arrive_whole()
    {
        var gpu = TestGpu.Backend;
        const int Length = (20 << 20) + 3;
        using var memory = gpu.Rent(Length + 5);
        var source = new byte[Length];
        new Random(1).NextBytes(source);
        var span = new DeviceSpan<byte>(memory, 5, Length);
        gpu.Upload<byte>(source, span);
        var back = new byte[Length];
        gpu.Download(span, back);
        back.AsSpan().SequenceEqual(source).Should().BeTrue();
    }

    [Fact]
    public void Threads_share_a_backend()
    {
        var gpu = TestGpu.Backend;
        Parallel.For(0, 4, thread =>
        {
            for (var i = 0; i < 25; i++)
            {
                const int Length = 3000;
                using DeviceBuffer xs = gpu.Rent(Length * sizeof(float)), ys = gpu.Rent(Length * sizeof(float));
                DeviceSpan<float> x = new(xs, 0, Length), y = new(ys, 0, Length);
                var values = Enumerable.Range(0, Length).Select(j => (float)((100_000 * thread) + j + i)).ToArray();
                gpu.Upload<float>(values, x);
                gpu.Upload<float>(values, y);
                gpu.Launch(new AddTestKernel { X = gpu.View(x), Y = gpu.View(y) }, 12);
                gpu.Launch(new AddTestKernel { X = gpu.View(x), Y = gpu.View(y) }, 12);
                var result = new float[Length];
                gpu.Download(y, result);
                result.AsSpan().SequenceEqual(Array.ConvertAll(values, v => 3 * v)).Should().BeTrue();
            }
        });
    }

    [Fact]
    public void Waiting_after_each_kernel_changes_no_result()
    {
        var gpu = TestGpu.Backend;
        using var memory = gpu.Scratch(300, out var y);
        gpu.Upload<float>(new float[300], y);
        gpu.WaitAfterEachKernel = true;
        try
        {
            gpu.FillUniform(y, new RandomStream(1, 0), 1f, 2f);
        }
        finally
        {
            gpu.WaitAfterEachKernel = false;
        }

        var values = new float[300];
        gpu.Download(y, values);
        values.Should().OnlyContain(v => v >= 1f && v < 2f);
    }
}
