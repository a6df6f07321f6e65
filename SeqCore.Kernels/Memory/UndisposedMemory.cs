namespace SeqCore.Kernels;

/// <summary>
/// Counts the memory of tensors that have not been disposed, and runs the garbage collector if much of it may be garbage: the
/// collector sees small objects only, and would not run for gigabytes of device memory.
/// </summary>
/// <remarks>
/// Tensors without a scope may hold max(128 MB, the largest tensor) more than the last collection left, and the pool keeps the
/// same amount for reuse. Tensors of open scopes are in use, so they may grow again to the largest size that survived a
/// collection: a training step that takes and returns the same gigabytes each time causes no collection. A scope that was not
/// disposed is garbage itself.
/// </remarks>
/// <param name="trim">Returns unused memory to the system, except this many bytes.</param>
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
    /// Returns to the system what the pool keeps beyond the allowance, once the collector has found memory: blocks of one size
    /// serve no other size, and would accumulate as sizes change.
    /// </summary>
    internal void TrimUnused() => trim(Volatile.Read(ref largest) is var most && most > LeastAllowance ? most : LeastAllowance);

    /// <summary>
    /// Collects, starting with the youngest generation, until half of the allowance is free again or all generations are
    /// collected.
    /// </summary>
    /// <param name="inHand">
    /// The bytes of the tensor that is being made. It is in use now but may soon be garbage, so it is not counted.
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
    /// Waits until the buffers that were found are returned, with a time limit, since a finalizer of the program may wait for a
    /// lock that the caller holds.
    /// </summary>
    private static void WaitForFinalizers()
    {
        // Not on the thread pool: if all of its threads allocate, none would be left to wait.
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
