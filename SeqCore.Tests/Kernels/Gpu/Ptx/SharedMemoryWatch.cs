namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>
/// Finds races in a group's shared memory: a word that one thread writes and another reads or writes, with no barrier between
/// them. Whether the result is right then depends on which thread happens to be first.
/// </summary>
internal sealed class SharedMemoryWatch(int bytes)
{
    private const int WordBytes = 4;
    private const int Many = -2;
    private readonly (int Phase, int Thread)[] written = new (int, int)[(bytes / WordBytes) + 1];
    private readonly (int Phase, int Thread)[] read = new (int, int)[(bytes / WordBytes) + 1];

    /// <summary>Barriers passed so far, from 1.</summary>
    private int phase = 1;

    internal void PassBarrier() => phase++;

    internal void Read(int offset, int count, int thread)
    {
        for (var word = offset / WordBytes; word <= (offset + count - 1) / WordBytes; word++)
        {
            if (written[word].Phase == phase && written[word].Thread != thread)
                throw Race(word, thread, "reads", written[word].Thread, "wrote");
            read[word] = (phase, read[word].Phase == phase && read[word].Thread != thread ? Many : thread);
        }
    }

    internal void Write(int offset, int count, int thread)
    {
        for (var word = offset / WordBytes; word <= (offset + count - 1) / WordBytes; word++)
        {
            if (written[word].Phase == phase && written[word].Thread != thread)
                throw Race(word, thread, "writes", written[word].Thread, "wrote");
            if (read[word].Phase == phase && read[word].Thread != thread)
                throw Race(word, thread, "writes", read[word].Thread, "read");
            written[word] = (phase, thread);
        }
    }

    private static InvalidOperationException Race(int word, int thread, string does, int other, string did) =>
        new($"Thread {thread} {does} byte {word * WordBytes} of shared memory,"
            + $" which {(other == Many ? "others" : $"thread {other}")} {did} since the last barrier.");
}
