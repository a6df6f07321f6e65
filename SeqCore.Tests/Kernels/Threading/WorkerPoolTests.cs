using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Threading;

public class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Every_chunk_runs_exactly_once(int threads)
    {
        using var pool = new WorkerPool(threads);
        foreach (var count in (int[])[0, 1, 2, 3, 6, 100, 5000])
        {
            var runs = new int[count];
            For(pool, count, i => Interlocked.Increment(ref runs[i]));
            runs.Should().Equal(Enumerable.Repeat(1, count));
        }
    }

    [Fact]
    public void Threads_that_have_parked_wake_again()
    {
        using var pool = new WorkerPool(3);
        for (var round = 0; round < 20; round++)
        {
            var runs = 0;
            Thread.Sleep(2);
            For(pool, 50, _ => Interlocked.Increment(ref runs));
            Thread.Sleep(round % 2);
            Region(pool, (_, _, _) => Interlocked.Increment(ref runs));
            runs.Should().Be(53);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void No_more_threads_wake_than_there_are_chunks(int count)
    {
        using var pool = new WorkerPool(8);
        SpinWait.SpinUntil(() => pool.Parked == 7, TimeSpan.FromSeconds(30)).Should().BeTrue();
        using var all = new Barrier(count);
        var runs = 0;
        For(pool, count, _ =>
        {
            // Every chunk has a thread of its own, so all that were called are awake.
            all.SignalAndWait(TimeSpan.FromSeconds(30)).Should().BeTrue();
            Interlocked.Increment(ref runs);
        });
        runs.Should().Be(count);
        pool.Parked.Should().BeGreaterThanOrEqualTo(8 - count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void A_region_runs_on_the_threads_that_it_asks_for(int threads)
    {
        using var pool = new WorkerPool(8);
        for (var round = 0; round < 20; round++)
        {
            var runs = new int[8];
            Region(pool, (thread, count, barrier) =>
            {
                count.Should().Be(threads);
                Interlocked.Increment(ref runs[thread]);
                barrier.Wait();
            }, threads);
            runs.Should().Equal(Enumerable.Range(0, 8).Select(t => t < threads ? 1 : 0));
        }
    }

    [Fact]
    public void An_interrupt_waits_until_the_workers_have_left()
    {
        using var pool = new WorkerPool(2);
        var (late, ended, endedBefore) = (0, 0, 0);
        var wasInterrupted = false;
        var caller = new Thread(() =>
        {
            Region(pool, (thread, _, _) =>
            {
                if (thread == 0)
                    return;
                Volatile.Write(ref late, 1);
                Thread.Sleep(300);
                Volatile.Write(ref ended, 1);
            });
            endedBefore = Volatile.Read(ref ended);
            try
            {
                Thread.Sleep(Timeout.Infinite);
            }
            catch (ThreadInterruptedException)
            {
                wasInterrupted = true;
            }
        });
        caller.Start();
        SpinWait.SpinUntil(() => Volatile.Read(ref late) == 1, TimeSpan.FromSeconds(30)).Should().BeTrue();
        Thread.Sleep(50);
        caller.Interrupt();
        caller.Join(TimeSpan.FromSeconds(30)).Should().BeTrue();
        (endedBefore, wasInterrupted).Should().Be((1, true));
        var runs = 0;
        For(pool, 50, _ => Interlocked.Increment(ref runs));
        runs.Should().Be(50);
    }

    [Fact]
    public void Many_threads_that_have_parked_wake_one_another()
    {
        using var pool = new WorkerPool(20);
        for (var round = 0; round < 5; round++)
        {
            SpinWait.SpinUntil(() => pool.Parked == 19, TimeSpan.FromSeconds(30)).Should().BeTrue();
            var runs = 0;
            Region(pool, (_, _, barrier) =>
            {
                Interlocked.Increment(ref runs);
                barrier.Wait();
            });
            runs.Should().Be(20);
        }
    }

    [Fact]
    public void Nested_work_runs_on_its_caller()
    {
        using var pool = new WorkerPool(3);
        var strays = 0;
        var inner = 0;
        For(pool, 20, _ =>
        {
            var caller = Environment.CurrentManagedThreadId;
            For(pool, 10, _ => Note());
            Region(pool, (_, threads, barrier) =>
            {
                barrier.Wait();
                threads.Should().Be(1);
                Note();
            });

            void Note()
            {
                Interlocked.Increment(ref inner);
                if (Environment.CurrentManagedThreadId != caller)
                    Interlocked.Increment(ref strays);
            }
        });
        (inner, strays).Should().Be((220, 0));
    }

    [Fact]
    public void Work_of_another_pool_inside_leaves_the_outer_work_known()
    {
        using var outer = new WorkerPool(2);
        using var inner = new WorkerPool(2);
        Region(outer, (_, _, _) =>
        {
            For(inner, 4, _ => { });
            outer.Concurrency.Should().Be(2);
        });
        outer.Concurrency.Should().Be(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_exception_in_a_chunk_reaches_the_caller_and_the_pool_works_afterwards(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (var bad = 0; bad < 30; bad++)
        {
            var fail = () => For(pool, 30, i => _ = i == bad ? throw new InvalidDataException($"chunk {i}") : i);
            fail.Should().Throw<InvalidDataException>().WithMessage($"chunk {bad}");
            var runs = 0;
            For(pool, 100, _ => Interlocked.Increment(ref runs));
            runs.Should().Be(100);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_exception_in_a_region_frees_the_threads_at_the_barrier(int bad)
    {
        using var pool = new WorkerPool(3);
        for (var round = 0; round < 20; round++)
        {
            var fail = () => Region(pool, (thread, _, barrier) =>
            {
                barrier.Wait();
                if (thread == bad)
                    throw new InvalidDataException("failed");
                barrier.Wait();
            });
            fail.Should().Throw<InvalidDataException>();
            var runs = 0;
            Region(pool, (_, _, barrier) =>
            {
                Interlocked.Increment(ref runs);
                barrier.Wait();
            });
            runs.Should().Be(3);
        }
    }

    [Fact]
    public void Several_threads_may_use_the_pool_at_once()
    {
        using var pool = new WorkerPool(3);
        var sums = new long[4];
        var users = Enumerable.Range(0, sums.Length).Select(user => new Thread(() =>
        {
            for (var round = 0; round < 300; round++)
                For(pool, 20, i => Interlocked.Add(ref sums[user], i));
        })).ToList();
        users.ForEach(u => u.Start());
        users.ForEach(u => u.Join());
        sums.Should().OnlyContain(s => s == 300 * 190);
    }

    [Fact]
    public void Dispose_ends_the_threads_and_one_thread_starts_none()
    {
        ThreadsOf(1).Should().Equal(Thread.CurrentThread);
        var workers = ThreadsOf(4);
        workers.Should().HaveCount(4).And.Contain(Thread.CurrentThread);
        workers.Where(w => w != Thread.CurrentThread).Should().OnlyContain(w => !w.IsAlive);

        static Thread[] ThreadsOf(int threads)
        {
            using var pool = new WorkerPool(threads);
            var found = new Thread[threads];
            Region(pool, (thread, _, _) => found[thread] = Thread.CurrentThread);
            return found;
        }
    }

    [Fact]
    public void A_pool_that_was_disposed_runs_work_on_the_caller()
    {
        var pool = new WorkerPool(2);
        pool.Dispose();
        pool.Dispose();
        var caller = Environment.CurrentManagedThreadId;
        For(pool, 10, _ => Environment.CurrentManagedThreadId.Should().Be(caller));
        Region(pool, (_, threads, _) => threads.Should().Be(1));
    }

    [Fact]
    public void A_pool_cannot_be_disposed_by_its_own_work()
    {
        using var pool = new WorkerPool(2);
        var dispose = () => Region(pool, (_, _, _) => pool.Dispose());
        dispose.Should().Throw<InvalidOperationException>().WithMessage("*cannot be ended by work*");
    }

    private static void For(WorkerPool pool, int count, Action<int> action)
    {
        var chunks = new Chunks(action);
        pool.For(count, ref chunks);
    }

    private static void Region(WorkerPool pool, Action<int, int, RegionBarrier> action, int? threads = null)
    {
        var region = new Entry(action);
        pool.Region(threads ?? pool.Threads, ref region);
    }

    private readonly struct Chunks(Action<int> action) : IChunks
    {
        public void Invoke(int chunk) => action(chunk);
    }

    private readonly struct Entry(Action<int, int, RegionBarrier> action) : IRegion
    {
        public void Invoke(int thread, int threads, RegionBarrier barrier) => action(thread, threads, barrier);
    }
}
