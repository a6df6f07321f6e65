using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Memory;

public unsafe class CpuMemoryPoolTests
{
    [Fact]
    public void A_block_given_back_is_taken_again_for_any_size_of_its_class()
    {
        var pool = new CpuMemoryPool();
        var first = (nint)pool.Take(10_000, 1);
        pool.Return((byte*)first, 10_000);
        var second = (nint)pool.Take(9_900, 1);
        second.Should().Be(first);
        (pool.Use with { PeakInUse = 0 }).Should().Be(new MemoryUse(pool.Use.Reserved, pool.Use.Reserved, 0));
        pool.Return((byte*)second, 9_900);
        pool.Use.InUse.Should().Be(0);
        pool.Trim();
    }

    [Fact]
    public void Classes_waste_at_most_an_eighth()
    {
        var pool = new CpuMemoryPool();
        for (long bytes = 0; bytes < 40_000_000; bytes += 1 + bytes / 9)
        {
            var block = pool.Take(bytes, 1);
            var taken = pool.Use.Reserved;
            taken.Should().BeGreaterThanOrEqualTo(bytes);
            (taken - bytes).Should().BeLessThanOrEqualTo(bytes <= 512 ? 256 : bytes / 8);
            ((nint)block % 64).Should().Be(0);
            pool.Return(block, bytes);
            pool.Trim();
        }
    }

    [Fact]
    public void Trim_keeps_what_is_in_use()
    {
        var pool = new CpuMemoryPool();
        var kept = pool.Take(1024, 1);
        var other = pool.Take(2048, 1);
        pool.Return(other, 2048);
        pool.Use.Should().Be(new MemoryUse(3072, 1024, 3072));
        pool.Trim();
        pool.Use.Should().Be(new MemoryUse(1024, 1024, 1024));
        pool.Return(kept, 1024);
        pool.Trim();
        pool.Use.Should().Be(default(MemoryUse));
    }

    [Fact]
    public void Memory_asked_for_by_several_threads_at_once_is_reserved_for_all_of_them()
    {
        var pool = new CpuMemoryPool();
        var blocks = new nint[3];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = (nint)pool.Take(1024, 3);
            (pool.Use with { PeakInUse = 0 }).Should().Be(new MemoryUse(3072, 1024 * (i + 1), 0));
        }

        blocks.Should().OnlyHaveUniqueItems();
        foreach (var block in blocks)
            pool.Return((byte*)block, 1024);
        pool.Trim();
    }

    [Fact]
    public void The_same_sizes_in_any_order_take_nothing_new()
    {
        var pool = new CpuMemoryPool();
        var random = new Random(1);
        long[] sizes = [.. Enumerable.Range(0, 60).Select(_ => (long)random.Next(100_000))];
        var reserved = 0L;
        for (var round = 0; round < 20; round++)
        {
            random.Shuffle(sizes);
            var blocks = Array.ConvertAll(sizes, s => (nint)pool.Take(s, 1));
            for (var i = 0; i < sizes.Length; i++)
                pool.Return((byte*)blocks[i], sizes[i]);
            reserved = round == 0 ? pool.Use.Reserved : reserved;
            (pool.Use with { PeakInUse = 0 }).Should().Be(new MemoryUse(reserved, 0, 0));
        }

        pool.Trim();
    }

    [Fact]
    public void A_negative_size_is_refused()
    {
        var take = () => _ = new CpuMemoryPool().Take(-1, 1) == null;
        take.Should().Throw<ArgumentOutOfRangeException>();
    }
}
