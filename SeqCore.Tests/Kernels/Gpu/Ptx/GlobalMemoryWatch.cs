namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>
/// As <see cref="SharedMemoryWatch"/>, for the global memory that the threads of one group touch between two barriers. What a
/// warp did before an instruction that it runs together is in order with what it does after it.
/// </summary>
internal sealed class GlobalMemoryWatch
{
    private const ulong WordBytes = 4;
    private readonly Dictionary<ulong, Access> written = [];
    private readonly Dictionary<ulong, Access> read = [];

    internal void PassBarrier()
    {
        written.Clear();
        read.Clear();
    }

    internal void Read(ulong address, int count, PtxThread thread, string instruction)
    {
        for (var word = address / WordBytes; word <= (address + (ulong)count - 1) / WordBytes; word++)
        {
            Check(written, word, thread, $"reads with '{instruction}'", "wrote");
            read[word] = read.TryGetValue(word, out var before) ? before.With(thread) : Access.Of(thread);
        }
    }

    internal void Write(ulong address, int count, PtxThread thread, string instruction)
    {
        for (var word = address / WordBytes; word <= (address + (ulong)count - 1) / WordBytes; word++)
        {
            Check(written, word, thread, $"writes with '{instruction}'", "wrote");
            Check(read, word, thread, $"writes with '{instruction}'", "read");
            written[word] = Access.Of(thread);
        }
    }

    private static void Check(Dictionary<ulong, Access> accesses, ulong word, PtxThread thread, string does, string did)
    {
        if (accesses.TryGetValue(word, out var other) && !other.IsInOrderWith(thread))
        {
            throw new InvalidOperationException($"Thread {thread.Index} {does} global memory that another of its group {did},"
                + " with nothing between that puts them in order.");
        }
    }

    /// <summary>
    /// Who touched a word: the last thread, and of all others the warp (-1: several) and how far it was at most.
    /// </summary>
    private readonly record struct Access(int Thread, int Phase, int OthersWarp, int OthersPhase)
    {
        private const int Nobody = -2;
        private const int Several = -1;

        internal static Access Of(PtxThread thread) => new(thread.Index, thread.WarpPhase, Nobody, 0);

        internal Access With(PtxThread thread)
        {
            if (thread.Index == Thread)
                return this with { Phase = thread.WarpPhase };
            var warp = Thread / PtxMachine.WarpSize;
            return new(thread.Index, thread.WarpPhase, OthersWarp == Nobody || OthersWarp == warp ? warp : Several,
                Math.Max(Phase, OthersPhase));
        }

        internal bool IsInOrderWith(PtxThread thread)
        {
            var warp = thread.Index / PtxMachine.WarpSize;
            return (Thread == thread.Index || (Thread / PtxMachine.WarpSize == warp && Phase < thread.WarpPhase))
                && (OthersWarp == Nobody || (OthersWarp == warp && OthersPhase < thread.WarpPhase));
        }
    }
}
