using System.Runtime.Intrinsics.X86;

namespace SeqCore.Kernels;

/// <summary>
/// Threads that wait for what another thread does: they spin for about as long as waking a thread takes, and then sleep. A thread
/// that slept is soon scheduled when it wakes, and its core is free for the thread that it waits for. One that spins or yields on
/// a busy machine uses up its share of the time, and other programs run while the rest of the work is waiting for it.
/// </summary>
internal sealed class Sleepers
{
    /// <summary>
    /// The number of rounds of spinning before a thread sleeps: about 50 microseconds, longer than most gaps between kernels.
    /// </summary>
    internal const int SpinRounds = 5000;

    private readonly object gate = new();
    private int count;

    /// <summary>Waits until the condition is met.</summary>
    /// <param name="state">What the condition reads.</param>
    /// <param name="isMet">
    /// The condition. The thread that makes it true, by an interlocked operation, calls <see cref="Wake"/> afterwards.
    /// </param>
    internal void WaitUntil<TState>(in TState state, Func<TState, bool> isMet)
    {
        for (var spins = 0; spins < SpinRounds; spins++)
        {
            if (isMet(state))
                return;
            Spin();
        }

        // Others use the caller's stack until the condition is met, so Thread.Interrupt has to wait.
        Interlocked.Increment(ref count);
        var isInterrupted = false;
        for (var isDone = false; !isDone;)
        {
            try
            {
                lock (gate)
                {
                    while (!isMet(state))
                        Monitor.Wait(gate);
                    isDone = true;
                }
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        }

        Interlocked.Decrement(ref count);
        if (isInterrupted)
            Thread.CurrentThread.Interrupt();
    }

    /// <summary>Wakes the threads that sleep, so that they look at their conditions again.</summary>
    internal void Wake()
    {
        if (Volatile.Read(ref count) == 0)
            return;
        var isInterrupted = false;
        for (var isDone = false; !isDone;)
        {
            try
            {
                lock (gate)
                    Monitor.PulseAll(gate);
                isDone = true;
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        }

        if (isInterrupted)
            Thread.CurrentThread.Interrupt();
    }

    /// <summary>
    /// Spins for about 10 nanoseconds; Thread.SpinWait is a call into the runtime and takes several times as long.
    /// </summary>
    internal static void Spin()
    {
        if (X86Base.IsSupported)
            X86Base.Pause();
        else
            Thread.SpinWait(1);
    }
}
