using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu;

public sealed class GpuMemoryPoolTests : IDisposable
{
    private const int Unit = GpuMemoryPool.Alignment;
    private const long SmallSlab = GpuMemoryPool.SmallSlabBytes;
    private const long Slab = GpuMemoryPool.SlabBytes;
    private const long Megabyte = 1 << 20;
    private readonly Accelerator host = HostAccelerator.New();
    private readonly GpuMemoryPool pool;

    public GpuMemoryPoolTests() => pool = new GpuMemoryPool(HostAccelerator.Device, host);

    public void Dispose()
    {
        pool.Dispose();
        host.Dispose();
    }

    [Fact]
    public void Blocks_are_aligned_and_do_not_overlap()
    {
        var blocks = ((long[])[0, 1, Unit, Unit + 1, 1000]).Select(pool.Take).ToList();
        blocks.Select(b => b.Bytes).Should().Equal(Unit, Unit, Unit, 2 * Unit, 4 * Unit);
        blocks.Select(b => b.Start).Should().Equal(0, Unit, 2 * Unit, 3 * Unit, 5 * Unit);
        pool.Use.Should().Be(new MemoryUse(SmallSlab, 9 * Unit, 9 * Unit));
    }

    [Fact]
    public void A_request_takes_the_smallest_free_block_that_holds_it()
    {
        var blocks = ((int[])[8, 1, 3, 1, 5, 1]).Select(n => pool.Take(n * Unit)).ToArray();
        foreach (var i in (int[])[0, 2, 4])
            pool.Return(blocks[i]);
        pool.Take(3 * Unit).Start.Should().Be(blocks[2].Start, "3 units fit there exactly");
        pool.Take(4 * Unit).Start.Should().Be(blocks[4].Start, "5 units are nearer to 4 than 8 are");
        pool.Take(Unit).Start.Should().Be(blocks[4].Start + (4 * Unit), "the rest of that block is the smallest");
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(0, 2, 1)]
    public void Free_neighbours_become_one_block_again(int first, int second, int third)
    {
        var blocks = Enumerable.Range(0, 3).Select(_ => pool.Take(Slab / 8)).ToArray();
        var last = pool.Take(Slab / 8);
        foreach (var i in (int[])[first, second, third])
            pool.Return(blocks[i]);
        pool.Take(3 * Slab / 8).Start.Should().Be(0);
        pool.Use.Reserved.Should().Be(Slab);
        pool.Return(last);
    }

    [Fact]
    public void A_block_given_back_twice_counts_once()
    {
        using var backend = HostAccelerator.NewBackend();
        DeviceBuffer a = new GpuBuffer(backend, pool, Unit), b = new GpuBuffer(backend, pool, Unit);
        a.Dispose();
        a.Dispose();
        pool.Use.InUse.Should().Be(Unit);
        b.IsReturned.Should().BeFalse();
        b.Dispose();
    }

    [Fact]
    public void Trimming_gives_back_only_allocations_of_which_nothing_is_in_use()
    {
        var large = pool.Take(2 * Slab);
        var small = pool.Take(Unit);
        pool.Use.Reserved.Should().Be((2 * Slab) + SmallSlab);
        pool.Return(large);
        pool.Trim();
        (pool.Use.Reserved, pool.Use.InUse).Should().Be((SmallSlab, Unit));
        pool.Return(small);
        pool.Trim();
        (pool.Use.Reserved, pool.Use.InUse).Should().Be((0, 0));
        pool.Take(Unit);
        pool.Use.Reserved.Should().Be(SmallSlab);
    }

    [Fact]
    public void Memory_that_the_garbage_collector_finds_is_free_at_the_next_request()
    {
        var block = pool.Take(Unit);
        pool.Collected(block);
        pool.Use.InUse.Should().Be(Unit);
        pool.TakeBackCollected();
        pool.TakeBackCollected();
        pool.Use.InUse.Should().Be(0);
    }

    [Fact]
    public void A_full_device_says_what_was_asked_for_what_there_is_and_who_holds_it()
    {
        for (var i = 0; i < 3; i++)
            pool.Take(1 << 20);
        pool.Take(5 << 20);
        var act = () => pool.Take(long.MaxValue / 2);
        var error = act.Should().Throw<DeviceMemoryException>().Which;
        error.Requested.Should().Be(long.MaxValue / 2);
        error.Device.Should().Be(HostAccelerator.Device);
        error.Message.Should().StartWith("opencl:9 has no memory for 4398046511104 MB: ")
            .And.Contain("in all; this backend holds 64 MB, of which 8 MB are in use")
            .And.Contain("largest holders: 1 x 5 MB, 3 x 1 MB").And.Contain("smaller batch");
        pool.Take(Unit).Bytes.Should().Be(Unit, "the pool still works");
    }

    [Fact]
    public void A_failed_request_keeps_the_peak_of_memory_in_use()
    {
        pool.Return(pool.Take(5 << 20));
        var act = () => pool.Take(long.MaxValue / 2);
        act.Should().Throw<DeviceMemoryException>();
        pool.Use.Should().Be(new MemoryUse(0, 0, 5 << 20));
    }

    [Theory]
    [InlineData(1, SmallSlab)]
    [InlineData(Megabyte - 1, Slab)]
    [InlineData(Megabyte - Unit, SmallSlab)]
    [InlineData(Megabyte, Slab)]
    [InlineData(8 * Megabyte, Slab)]
    [InlineData((8 * Megabyte) + 1, 10 * Megabyte)]
    [InlineData(33 * Megabyte, 34 * Megabyte)]
    [InlineData(128 * Megabyte, 128 * Megabyte)]
    public void A_slab_fits_the_request_that_it_is_made_for(long bytes, long slab)
    {
        pool.Take(bytes);
        pool.Use.Reserved.Should().Be(slab);
    }

    [Fact]
    public void Small_blocks_that_live_long_keep_no_large_memory()
    {
        var large = pool.Take(100 * Megabyte);
        pool.Return(large);
        var small = Enumerable.Range(0, 10).Select(_ => pool.Take(Unit)).ToList();
        pool.Take(100 * Megabyte).Slab.Should().Be(large.Slab);
        pool.Return(large);
        pool.Trim();
        (pool.Use.Reserved, pool.Use.InUse).Should().Be((SmallSlab, 10 * Unit));
        small.Should().OnlyContain(b => b.Slab.IsSmall);
    }

    [Fact]
    public void Memory_of_a_large_request_serves_others_once_it_is_free()
    {
        pool.Return(pool.Take(40 * Megabyte));
        pool.Take(30 * Megabyte).Start.Should().Be(0);
        pool.Take(3 * Megabyte).Start.Should().Be(30 * Megabyte);
        pool.Use.Reserved.Should().Be(40 * Megabyte);
    }

    [Fact]
    public void A_device_without_space_for_a_slab_allocates_the_request()
    {
        using var device = new SmallDevice(host, 20 * Megabyte);
        var block = device.Pool.Take(3 * Megabyte);
        device.Pool.Use.Should().Be(new MemoryUse(3 * Megabyte, 3 * Megabyte, 3 * Megabyte));
        device.Asked.Should().Equal(Slab, 3 * Megabyte);
        device.Pool.Return(block);
        device.Pool.Take(19 * Megabyte);
        device.Asked.Should().Equal(
            [Slab, 3 * Megabyte, 20 * Megabyte, 19 * Megabyte], "the first allocation was given back for the second try");
    }

    [Fact]
    public void A_full_device_takes_a_small_block_from_larger_ones_and_the_other_way_round()
    {
        using var device = new SmallDevice(host, 28 * Megabyte);
        var (large, small) = (device.Pool.Take(20 * Megabyte), device.Pool.Take(Unit));
        device.Pool.Return(large);
        var middle = device.Pool.Take(12 * Megabyte);
        device.Pool.Take(7 * Megabyte).Slab.Should().Be(middle.Slab);
        device.Pool.Take(2 * Megabyte).Slab.Should().Be(
            small.Slab, "1 MB is left among larger requests, almost 8 MB among small ones");
        for (var i = 0; i < 7; i++)
            device.Pool.Take(Megabyte - Unit).Slab.Should().Be(i < 6 ? small.Slab : middle.Slab);
        device.Pool.Invoking(p => p.Take(2 * Megabyte)).Should().Throw<DeviceMemoryException>();
    }

    [Fact]
    public void Scratch_memory_collects_unreferenced_tensors_before_it_fails()
    {
        using var device = new SmallDevice(host, 50 * Megabyte);
        using var gpu = new GpuBackend(HostAccelerator.Device, HostAccelerator.New(), allocate: device.Allocate);
        Forget(gpu);
        using var scratch = gpu.Scratch(40 * Megabyte);
        gpu.Memory.InUse.Should().Be(40 * Megabyte);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Forget(GpuBackend gpu) => gpu.Scratch(40 * Megabyte).IsReturned.Should().BeFalse();
    }

    // The same sizes in another order each time, as the steps of a training take and give them.
    [Fact]
    public void Steps_after_the_first_take_nothing_new()
    {
        var random = new Random(1);
        var sizes = Enumerable.Range(0, 200).Select(_ => random.Next(1, 3 << 20)).ToArray();
        long? first = null;
        for (var step = 0; step < 20; step++)
        {
            var held = sizes.Select(s => pool.Take(s)).ToList();
            foreach (var block in held.OrderBy(_ => random.Next()))
                pool.Return(block);
            first ??= pool.Use.Reserved;
            pool.Use.Reserved.Should().Be(first.Value);
        }

        pool.Trim();
        pool.Use.Reserved.Should().Be(0, "in every allocation all blocks were joined again");
    }

    /// <summary>A device with little memory: what is allocated lies in the host's.</summary>
    private sealed class SmallDevice : IDisposable
    {
        private readonly Accelerator accelerator;
        private readonly long capacity;
        private readonly List<MemoryBuffer1D<byte, Stride1D.Dense>> allocations = [];

        internal SmallDevice(Accelerator accelerator, long capacity)
        {
            this.accelerator = accelerator;
            this.capacity = capacity;
            Pool = new GpuMemoryPool(HostAccelerator.Device, accelerator, Allocate);
        }

        internal GpuMemoryPool Pool { get; }

        /// <summary>The sizes asked for so far.</summary>
        internal List<long> Asked { get; } = [];

        internal MemoryBuffer1D<byte, Stride1D.Dense> Allocate(long bytes)
        {
            Asked.Add(bytes);
            if (allocations.Where(a => !a.IsDisposed).Sum(a => a.LengthInBytes) + bytes > capacity)
                throw new CudaException("The device is full.");
            var allocation = accelerator.Allocate1D<byte>(bytes);
            allocations.Add(allocation);
            return allocation;
        }

        public void Dispose() => Pool.Dispose();
    }
}
