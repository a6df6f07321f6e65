using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Memory;

public unsafe class SystemMemoryTests
{
    [Theory]
    [InlineData(256, 64)]
    [InlineData(256 << 10, 64)]
    [InlineData(2 << 20, 2 << 20)]
    [InlineData((5 << 20) + (256 << 10), 2 << 20)]
    public void A_block_is_aligned_holds_what_is_written_and_goes_back(int bytes, int alignment)
    {
        for (var round = 0; round < 20; round++)
        {
            var block = SystemMemory.Take(bytes);
            ((long)block % alignment).Should().Be(0);
            new Span<byte>((void*)block, bytes).Fill(7);
            new Span<byte>((void*)block, bytes).IndexOfAnyExcept((byte)7).Should().Be(-1);
            SystemMemory.Return(block, bytes);
        }
    }

    [Fact]
    public void A_large_block_that_went_back_is_no_longer_resident()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Residence is read from /proc.");
        const int bytes = 64 << 20;
        var block = SystemMemory.Take(bytes);
        new Span<byte>((void*)block, bytes).Fill(1);
        IsMapped(block).Should().BeTrue();
        SystemMemory.Return(block, bytes);
        IsMapped(block).Should().BeFalse();
    }

    [Fact]
    public void What_the_machine_cannot_give_is_refused_with_its_size()
    {
        var taking = () => SystemMemory.Take(1L << 62);
        taking.Should().Throw<DeviceMemoryException>().WithMessage(
            "CpuBackend: the system has no memory for 4,398,046,511,104 MB*");
    }

    private static bool IsMapped(nint block) => File.ReadLines("/proc/self/maps")
        .Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('-'))
        .Any(range => Convert.ToInt64(range[0], 16) <= block && block < Convert.ToInt64(range[1], 16));
}
