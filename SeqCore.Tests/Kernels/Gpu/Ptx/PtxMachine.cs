namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>
/// Runs a kernel's PTX, thread by thread, on the processor: what the driver would get, not what C# or OpenCL would make of it. It
/// stops with an error where a barrier or a shuffle is not reached by all threads that it waits for, where two threads race for a
/// word of shared memory, and where an address is not aligned or not rented. The order in which threads run
/// between barriers follows from a seed, so that a missing barrier shows as a result that changes; asynchronous copies arrive as
/// late as they may with odd seeds and at once with even ones.
/// </summary>
internal static class PtxMachine
{
    internal const int WarpSize = 32;

    /// <summary>
    /// Instructions that a thread may run before another has its turn: threads that spin must not stop the others.
    /// </summary>
    private const int Slice = 20000;

    /// <summary>
    /// Turns that a thread may take in a row without coming to a barrier: a loop that does not end becomes an error.
    /// </summary>
    private const int MostSlices = 500;

    /// <summary>Groups that are on the machine at once.</summary>
    private const int ResidentGroups = 24;

    internal static void Run(PtxKernel kernel, (int X, int Y, int Z) grid, int threads, byte[] parameters, int dynamicShared,
        MemoryMap map, int seed, KernelTraffic? traffic = null)
    {
        if (parameters.Length != kernel.ParameterBytes)
        {
            throw new ArgumentException($"The kernel takes {kernel.ParameterBytes} bytes of parameters;"
                + $" got {parameters.Length}.");
        }

        var random = new Random(seed);
        var waiting = new Queue<(int, int, int)>();
        for (var z = 0; z < grid.Z; z++)
        {
            for (var y = 0; y < grid.Y; y++)
            {
                for (var x = 0; x < grid.X; x++)
                    waiting.Enqueue((x, y, z));
            }
        }

        var resident = new List<PtxGroup>();
        while (waiting.Count > 0 || resident.Count > 0)
        {
            while (resident.Count < ResidentGroups && waiting.TryDequeue(out var position))
            {
                resident.Add(new PtxGroup(kernel, position, grid, threads, parameters, dynamicShared, map, traffic)
                {
                    CopiesAtOnce = seed % 2 == 0,
                });
            }

            resident.RemoveAll(g => RunFor(kernel, g, random));
        }

        traffic?.EndLaunch();
    }

    // Until every thread waits or is done; whether all are done.
    private static bool RunFor(PtxKernel kernel, PtxGroup group, Random random)
    {
        var offset = random.Next(group.Threads.Length);
        var step = random.Next(2) == 0 ? 1 : group.Threads.Length - 1;
        var at = offset;
        var slicedOut = false;
        for (var i = 0; i < group.Threads.Length; i++)
        {
            var thread = group.Threads[at];
            at = (at + step) % group.Threads.Length;
            for (var budget = Slice; thread.State == ThreadState.Running && budget > 0; budget--)
            {
                var next = thread.Next;
                thread.Next = next + 1;
                if (thread.Executed is { } executed)
                    executed[next]++;
                kernel.Code[next](thread);
            }

            thread.Slices = thread.State == ThreadState.Running ? thread.Slices + 1 : 0;
            if (thread.Slices == MostSlices)
                throw Endless(kernel, group, thread);
            slicedOut |= thread.State == ThreadState.Running;
        }

        var released = RunWarps(group);
        if (Array.TrueForAll(group.Threads, t => t.State is ThreadState.AtBarrier or ThreadState.Done))
        {
            group.Watch.PassBarrier();
            group.GlobalWatch?.PassBarrier();
            var said = Array.Exists(group.Threads, t => t.Asks is { Says: true });
            foreach (var thread in group.Threads.Where(t => t.State == ThreadState.AtBarrier))
            {
                thread.State = ThreadState.Running;
                if (thread.Asks is { } asks)
                    thread.Set(asks.Slot, said);
                thread.Asks = null;
                released = true;
            }
        }

        var done = Array.TrueForAll(group.Threads, t => t.State == ThreadState.Done);
        if (done)
            group.Traffic?.Finish();
        else if (!released && !slicedOut)
        {
            throw new InvalidOperationException("Threads wait for each other: "
                + string.Join(", ", group.Threads.GroupBy(t => (t.State, t.Next))
                    .Select(g => $"{g.Count()} {g.Key.State} after '{kernel.Texts[Math.Max(0, g.Key.Next - 1)]}'")));
        }

        return done;
    }

    private static InvalidOperationException Endless(PtxKernel kernel, PtxGroup group, PtxThread thread)
    {
        var parameters = Convert.ToHexString(group.Parameters);
        return new($"Thread {thread.Index} has run {Slice * (long)MostSlices:N0} instructions without coming to a barrier or to"
            + $" its end; it is at '{kernel.Texts[thread.Next]}', with the parameters {parameters}.");
    }

    // Instructions of a whole warp, once all of its threads that are not done have come to the same one.
    private static bool RunWarps(PtxGroup group)
    {
        var released = false;
        for (var first = 0; first < group.Threads.Length; first += WarpSize)
        {
            var warp = group.Threads.AsSpan(first, Math.Min(WarpSize, group.Threads.Length - first)).ToArray();
            if (!Array.TrueForAll(warp, t => t.State == ThreadState.AtWarp && t.Next == warp[0].Next))
                continue;
            warp[0].OfWarp!(warp);
            foreach (var thread in warp)
            {
                thread.State = ThreadState.Running;
                thread.WarpPhase++;
            }

            released = true;
        }

        return released;
    }
}
