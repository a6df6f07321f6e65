using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace SeqCore.Kernels;

/// <summary>Work in numbered chunks; any thread may take any chunk, so a chunk's result must not depend on the thread.</summary>
internal interface IChunks
{
    void Invoke(int chunk);
}

/// <summary>Work that some threads enter once each; they wait for each other at barriers between its phases.</summary>
internal interface IRegion
{
    void Invoke(int thread, int threads, RegionBarrier barrier);
}

/// <summary>
/// A fixed set of threads that wait for parallel work: first spinning, since the next kernel of a training step usually follows
/// within microseconds, then parked. The calling thread always works too, so a pool of one thread starts none, and chunks never
/// wait for a thread that wakes up late: it finds the work closed. No more threads wake than there are chunks, and those that
/// wake help to wake the others. Neither call allocates. A call from inside the pool's own work, while another thread uses the
/// pool, or after Dispose runs on the caller.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const long Closed = 1L << 31;
    private const long Inside = Closed - 1;

    /// <summary>The pool whose work this thread is doing.</summary>
    [ThreadStatic]
    private static WorkerPool? entered;

    private readonly Thread[] workers;
    private readonly SemaphoreSlim[] wake;
    private readonly int[] parked;
    private readonly RegionBarrier barrier = new();
    private readonly Sleepers sleepers = new();
    private int busy;
    private Shared shared;
    private volatile bool stopping;
    private int disposed;
    private delegate*<void*, int, WorkerPool, void> entry;
    private void* body;
    private int chunkCount;

    /// <summary>The number of workers that the current work is for, those with the lowest indices.</summary>
    private int wanted;
    private Exception? failure;

    internal WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Threads = threads;
        workers = new Thread[threads - 1];
        wake = new SemaphoreSlim[threads - 1];
        parked = new int[threads - 1];
        for (var i = 0; i < workers.Length; i++)
        {
            var index = i;
            wake[i] = new SemaphoreSlim(0);
            workers[i] = new Thread(() => Work(index)) { IsBackground = true, Name = $"SeqCore worker {i + 1}" };
            // Without the execution context of the pool's creator, which may be inside a scope that ends long before.
            workers[i].UnsafeStart();
        }
    }

    /// <summary>The number of threads, including the caller's.</summary>
    internal int Threads { get; }

    /// <summary>
    /// The number of threads that may run the same code as this one now: all threads inside parallel work, otherwise one.
    /// </summary>
    internal int Concurrency => entered is null ? 1 : Threads;

    /// <summary>The number of threads that are parked now.</summary>
    internal int Parked
    {
        get
        {
            var count = 0;
            foreach (ref var flag in parked.AsSpan())
                count += Volatile.Read(ref flag);
            return count;
        }
    }

    /// <summary>Runs chunks 0 .. count-1, each once; threads take the next one as they finish.</summary>
    internal void For<TChunks>(int count, ref TChunks chunks) where TChunks : struct, IChunks
    {
        if (count > 1 && Threads > 1 && Interlocked.CompareExchange(ref busy, 1, 0) == 0)
        {
            shared.NextChunk = 0;
            chunkCount = count;
            Run(&TakeChunks<TChunks>, Unsafe.AsPointer(ref chunks), Math.Min(count - 1, workers.Length), needsAll: false);
            return;
        }

        for (var i = 0; i < count; i++)
            chunks.Invoke(i);
    }

    /// <summary>
    /// Runs the region once on each of some threads, at the same time; they may wait for each other at the given barrier.
    /// </summary>
    /// <param name="threads">The number of threads, of which there may be fewer, or only the caller.</param>
    /// <param name="region">The work.</param>
    internal void Region<TRegion>(int threads, ref TRegion region) where TRegion : struct, IRegion
    {
        threads = Math.Min(threads, Threads);
        if (threads > 1 && Interlocked.CompareExchange(ref busy, 1, 0) == 0)
        {
            barrier.Reset(threads);
            Run(&EnterRegion<TRegion>, Unsafe.AsPointer(ref region), threads - 1, needsAll: true);
            return;
        }

        region.Invoke(0, 1, RegionBarrier.Alone);
    }

    /// <summary>Ends the threads, after any work that another thread is running on them.</summary>
    /// <exception cref="InvalidOperationException">The call comes from the pool's own work.</exception>
    public void Dispose()
    {
        if (entered == this)
        {
            throw new InvalidOperationException("WorkerPool: the threads cannot be ended by work that runs on them."
                + " Dispose the backend after it.");
        }

        if (Interlocked.Exchange(ref disposed, 1) == 1)
            return;

        // The pool stays busy from now on, so that nothing waits for threads that have ended.
        sleepers.WaitUntil(this, static pool => Interlocked.CompareExchange(ref pool.busy, 1, 0) == 0);
        stopping = true;
        Interlocked.Increment(ref shared.Turn);
        foreach (var w in wake)
            w.Release();
        foreach (var w in workers)
            w.Join();
    }

    private static void TakeChunks<TChunks>(void* body, int thread, WorkerPool pool) where TChunks : struct, IChunks
    {
        ref var chunks = ref Unsafe.AsRef<TChunks>(body);
        for (int i; (i = Interlocked.Increment(ref pool.shared.NextChunk) - 1) < pool.chunkCount;)
            chunks.Invoke(i);
    }

    private static void EnterRegion<TRegion>(void* body, int thread, WorkerPool pool) where TRegion : struct, IRegion =>
        Unsafe.AsRef<TRegion>(body).Invoke(thread, pool.wanted + 1, pool.barrier);

    // The body is on the caller's stack, which is valid until every worker that joined has left.
    private void Run(delegate*<void*, int, WorkerPool, void> what, void* on, int workerCount, bool needsAll)
    {
        entry = what;
        body = on;
        wanted = workerCount;
        failure = null;
        shared.Finished = 0;
        var turn = shared.Turn + 1;
        Volatile.Write(ref shared.Gate, (long)turn << 32);
        Interlocked.Exchange(ref shared.Turn, turn);
        WakeNext(0);
        Enter(0);
        if (needsAll)
            sleepers.WaitUntil(this, static pool => Volatile.Read(ref pool.shared.Finished) >= pool.wanted);
        Interlocked.Or(ref shared.Gate, Closed);
        sleepers.WaitUntil(this, static pool => (Volatile.Read(ref pool.shared.Gate) & Inside) == 0);
        var failed = failure;
        Interlocked.Exchange(ref busy, 0);
        sleepers.Wake();
        if (failed is not null)
            ExceptionDispatchInfo.Throw(failed);
    }

    // The threads form a tree: the caller is thread 0, worker i is thread i + 1, and thread t wakes threads 2t + 1 and 2t + 2. A
    // late thread may read the number for a later turn, and wakes workers that the caller of that turn wants too.
    private void WakeNext(int thread)
    {
        for (var i = 2 * thread; i < Math.Min((2 * thread) + 2, Volatile.Read(ref wanted)); i++)
        {
            if (Interlocked.Exchange(ref parked[i], 0) == 1)
                wake[i].Release();
        }
    }

    // Joins only while the gate is open for the turn that the worker was called to.
    private bool Join(int turn)
    {
        while (true)
        {
            var gate = Volatile.Read(ref shared.Gate);
            if ((int)(gate >> 32) != turn || (gate & Closed) != 0)
                return false;
            if (Interlocked.CompareExchange(ref shared.Gate, gate + 1, gate) == gate)
                return true;
        }
    }

    private void Enter(int thread)
    {
        var outer = entered;
        entered = this;
        try
        {
            entry(body, thread, this);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref failure, e, null);
            barrier.Break();
            Volatile.Write(ref shared.NextChunk, int.MaxValue / 2);
        }
        finally
        {
            entered = outer;
        }
    }

    private void Work(int index)
    {
        var seen = 0;
        while (true)
        {
            for (var spins = 0; Volatile.Read(ref shared.Turn) == seen; spins++)
            {
                if (spins < Sleepers.SpinRounds)
                {
                    Sleepers.Spin();
                    continue;
                }

                Interlocked.Exchange(ref parked[index], 1);
                if (Volatile.Read(ref shared.Turn) == seen)
                    wake[index].Wait();
                else if (Interlocked.Exchange(ref parked[index], 0) == 0)
                    wake[index].Wait();
            }

            seen = Volatile.Read(ref shared.Turn);
            if (stopping)
                return;
            if (index >= Volatile.Read(ref wanted))
                continue;
            WakeNext(index + 1);
            if (!Join(seen))
                continue;
            Enter(index + 1);
            Interlocked.Increment(ref shared.Finished);
            Interlocked.Decrement(ref shared.Gate);
            sleepers.Wake();
        }
    }

    /// <summary>Fields that several threads write, each on its own cache lines.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 640)]
    private struct Shared
    {
        /// <summary>The number of the current work; workers watch it.</summary>
        [FieldOffset(128)]
        internal int Turn;

        /// <summary>The turn in the upper half; below it, <see cref="Closed"/> and the number of workers inside.</summary>
        [FieldOffset(256)]
        internal long Gate;

        /// <summary>The number of workers that have finished the current work.</summary>
        [FieldOffset(384)]
        internal int Finished;

        [FieldOffset(512)]
        internal int NextChunk;
    }
}
