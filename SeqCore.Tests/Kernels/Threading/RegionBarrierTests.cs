using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Threading;

public class RegionBarrierTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void No_thread_begins_a_phase_before_all_have_ended_the_one_before(int threads)
    {
        using var pool = new WorkerPool(threads);
        var region = new Phases(new int[400]);
        pool.Region(threads, ref region);
        region.Arrived.Should().OnlyContain(n => n == threads);
        region.Early.Should().OnlyContain(e => e == 0);
    }

    [Fact]
    public void A_broken_barrier_lets_go_of_those_that_wait_until_it_is_reset()
    {
        var barrier = new RegionBarrier();
        barrier.Reset(2);
        barrier.Break();
        barrier.Invoking(b => b.Wait()).Should().Throw<OperationCanceledException>();
        barrier.Reset(2);
        var other = new Thread(barrier.Wait);
        other.Start();
        barrier.Wait();
        other.Join(TimeSpan.FromSeconds(10)).Should().BeTrue();
    }

    private readonly struct Phases(int[] arrived) : IRegion
    {
        internal int[] Arrived => arrived;

        /// <summary>For each phase, how many threads passed its barrier before all had arrived.</summary>
        internal int[] Early { get; } = new int[arrived.Length];

        public void Invoke(int thread, int threads, RegionBarrier barrier)
        {
            for (var phase = 0; phase < arrived.Length; phase++)
            {
                Interlocked.Increment(ref arrived[phase]);
                barrier.Wait();
                if (Volatile.Read(ref arrived[phase]) != threads)
                    Interlocked.Increment(ref Early[phase]);
            }
        }
    }
}
