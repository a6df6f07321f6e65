using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu;

public class GpuBackendTests
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
    public void Too_large_a_request_says_what_was_asked_for_and_what_to_do()
    {
        var gpu = TestGpu.Backend;
        var act = () => gpu.Rent(1L << 50);
        act.Should().Throw<DeviceMemoryException>().WithMessage("*no memory for 1073741824 MB*largest holders*").Which.Requested.Should().Be(1L << 50);
    }

    /// <summary>A view's start is counted in its elements; one that is no whole number of them would be moved into the block before.</summary>
    [Fact]
    public void Elements_whose_size_does_not_divide_the_alignment_are_refused()
    {
        using var buffer = TestGpu.Backend.Rent(240);
        var act = () => TestGpu.Backend.View(new DeviceSpan<(int, int, int)>(buffer, 0, 20));
        act.Should().Throw<NotSupportedException>().WithMessage("*12 bytes*divide 256*");
    }
}
