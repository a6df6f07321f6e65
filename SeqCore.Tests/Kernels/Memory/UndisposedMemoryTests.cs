using System.Runtime.CompilerServices;
using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Kernels.Memory;

public class UndisposedMemoryTests
{
    private const long Bound = 256 << 20;

    [Theory]
    [InlineData(1 << 20, 1000)]
    [InlineData(16 << 20, 30)]
    [InlineData(50 << 20, 10)]
    public void Results_that_nobody_keeps_stay_within_a_bound(int elements, int count)
    {
        using var backend = new CpuBackend(1);
        for (var i = 0; i < count; i++)
        {
            _ = Tensor.Uninitialized([elements], backend);
            var bytes = (long)elements * sizeof(float);
            backend.Memory.Reserved.Should().BeLessThan(Math.Max(Bound, 2 * bytes) + bytes);
        }
    }

    [Theory]
    [InlineData(4 << 20, 500)]
    [InlineData(64 << 20, 60)]
    public void Results_of_many_sizes_stay_within_the_bound_too(int mostElements, int count)
    {
        using var backend = new CpuBackend(1);
        var random = new RandomGenerator(1);
        var largest = 0L;
        for (var i = 0; i < count; i++)
        {
            var elements = 1 + random.NextInt32(mostElements);
            _ = Tensor.Uninitialized([elements], backend);
            var bytes = (long)elements * sizeof(float);
            largest = Math.Max(largest, bytes);

            // Blocks are up to an eighth larger than what is asked for.
            (backend.Memory.Reserved * 8 / 9).Should().BeLessThan(Math.Max(Bound, 2 * largest) + bytes);
        }
    }

    [Fact]
    public void Results_of_many_threads_stay_within_the_bound_beside_what_each_has_in_hand()
    {
        const int threads = 8, block = 4 << 20, inHand = 4;
        using var backend = new CpuBackend(1);
        var most = new long[threads];
        var all = Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                _ = Tensor.Uninitialized([block / sizeof(float)], backend);
                most[t] = Math.Max(most[t], backend.Memory.InUse);
            }
        })).ToArray();
        Array.ForEach(all, thread => thread.Start());
        Array.ForEach(all, thread => thread.Join());
        most.Max().Should().BeLessThan(Bound + (threads * inHand * block));
    }

    [Fact]
    public void Inference_without_a_scope_stays_within_the_bound()
    {
        using var backend = new CpuBackend(2);
        var lstm = new Lstm(64, 128, new RandomGenerator(1));
        lstm.To(backend);
        using var x = Tensor.Zeros([32, 128, 64], backend);
        var alive = backend.Memory.InUse;
        for (var i = 0; i < 200; i++)
        {
            _ = lstm.Forward(x).Output;
            (backend.Memory.Reserved - alive).Should().BeLessThan(Bound + (32 << 20));
        }
    }

    [Fact]
    public void Tensors_in_use_do_not_cause_repeated_collections()
    {
        using var backend = new CpuBackend(1);
        var kept = new List<Tensor>();
        for (var i = 0; i < 64; i++)
            kept.Add(Tensor.Uninitialized([4 << 20], backend));
        var collections = GC.CollectionCount(0);
        for (var i = 0; i < 200; i++)
        {
            using (new TensorScope())
                _ = Tensor.Uninitialized([4 << 20], backend);
            using var disposed = Tensor.Uninitialized([4 << 20], backend);
        }

        (GC.CollectionCount(0) - collections).Should().BeLessThan(20);
        kept.ForEach(t => t.Dispose());
        backend.Memory.InUse.Should().Be(0);
    }

    [Fact]
    public void A_step_that_takes_the_same_gigabyte_each_time_pays_for_no_collection()
    {
        using var backend = new CpuBackend(1);
        void Step()
        {
            using var scope = new TensorScope();
            for (var i = 0; i < 64; i++)
                _ = Tensor.Uninitialized([4 << 20], backend);
        }

        Step();
        var collections = GC.CollectionCount(2);
        for (var i = 0; i < 50; i++)
            Step();
        (GC.CollectionCount(2) - collections).Should().BeLessThan(5);
    }

    [Fact]
    public void Scopes_that_were_forgotten_do_not_hold_memory_without_bound()
    {
        using var backend = new CpuBackend(1);
        var most = 0L;
        var thread = new Thread(() =>
        {
            for (var i = 0; i < 400; i++)
            {
                Forget(backend);
                most = Math.Max(most, backend.Memory.InUse);
            }
        });
        thread.Start();
        thread.Join();
        most.Should().BeLessThan(Bound);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(CpuBackend backend)
    {
        _ = new TensorScope();
        _ = Tensor.Uninitialized([1 << 20], backend);
    }
}
