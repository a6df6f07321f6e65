namespace SeqCore.Kernels;

/// <summary>
/// Counts the memory of tensors that have not been disposed, and runs the garbage collector where much of it may be garbage: the
/// collector sees only small objects, and would find no reason to run for gigabytes.
/// </summary>
/// <remarks>
/// Tensors without a scope may hold max(128 MB, the largest tensor) more than the last collection left, and the pool keeps as
/// much for reuse. Tensors of open scopes are in use, so they may grow again to the most that a collection found alive: a
/// training step that takes and gives back the same gigabytes each time pays for no collection. A scope that was forgotten is
/// garbage itself.
/// </remarks>
/// <param name="trim">Gives unused memory back to the system, all but this many bytes.</param>
internal sealed class UndisposedMemory(Action<long> trim)
{
    private const long LeastAllowance = 128 << 20;
    private const int MostMilliseconds = 200;
    private readonly Lock gate = new();
    private readonly Lock collecting = new();
    private long inScopes, outside;
    private long aliveInScopes, aliveOutside;
    private long largest;

    private long Allowance => Math.Max(LeastAllowance, largest);

    internal void Move(long bytes, MemoryOwner from, MemoryOwner to)
    {
        lock (gate)
        {
            Add(from, -bytes);
            Add(to, bytes);
            aliveOutside = Math.Min(aliveOutside, outside);
            if (to == MemoryOwner.Kernel)
                return;
            largest = Math.Max(largest, bytes);
            if (!IsAbove(Allowance, 0))
                return;
        }

        Collect(to == MemoryOwner.Collector ? bytes : 0);
    }

    private void Add(MemoryOwner owner, long bytes)
    {
        if (owner == MemoryOwner.Scope)
            inScopes += bytes;
        else if (owner == MemoryOwner.Collector)
            outside += bytes;
    }

    private bool IsAbove(long allowance, long inHand) =>
        inScopes - aliveInScopes > allowance || outside - inHand - aliveOutside > allowance;

    /// <summary>
    /// Gives back to the system what the pool keeps beyond the allowance, once the collector has found memory: blocks of one size
    /// serve no other, and would add up where sizes change.
    /// </summary>
    internal void TrimUnused() => trim(Volatile.Read(ref largest) is var most && most > LeastAllowance ? most : LeastAllowance);

    /// <summary>Collects, the youngest objects first, until half of the allowance is free again, or all are looked at.</summary>
    /// <param name="inHand">
    /// Bytes of the tensor that is being made. It is alive now and may be garbage at once, so it does not count.
    /// </param>
    private void Collect(long inHand)
    {
        lock (collecting)
        {
            // Another thread may have collected while this one waited.
            if (!IsStillAbove(Allowance, 0))
                return;
            for (var generation = 0; generation <= GC.MaxGeneration
                && (generation == 0 || IsStillAbove(Allowance / 2, inHand)); generation++)
            {
                GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
                WaitForFinalizers();
            }

            if (IsStillAbove(Allowance / 2, inHand))
            {
                lock (gate)
                    (aliveInScopes, aliveOutside) = (Math.Max(aliveInScopes, inScopes), outside - inHand);
            }
        }

        TrimUnused();
    }

    /// <summary>
    /// Waits for the buffers that were found to come back; not for ever, since a finalizer of the program may wait for a lock
    /// that the caller holds.
    /// </summary>
    private static void WaitForFinalizers()
    {
        // Not on the pool: where all of its threads allocate, none would be left to wait.
        var done = new ManualResetEventSlim();
        var waiter = new Thread(() =>
        {
            GC.WaitForPendingFinalizers();
            done.Set();
        })
        { IsBackground = true };
        waiter.UnsafeStart();
        done.Wait(MostMilliseconds);
    }

    private bool IsStillAbove(long allowance, long inHand)
    {
        lock (gate)
            return IsAbove(allowance, inHand);
    }
}
