namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <summary>Multiply-adds from which a second thread is worth waking: some 5 microseconds of one core.</summary>
    private const long ParallelWork = 1 << 18;

    /// <summary>Runs chunks on the workers where their work is worth it, else, or where there are none, on this thread.</summary>
    private static void Run<TChunks>(int count, ref TChunks chunks, long work, WorkerPool? workers)
        where TChunks : struct, IChunks
    {
        if (workers is not null && work >= ParallelWork)
        {
            workers.For(count, ref chunks);
            return;
        }

        for (var i = 0; i < count; i++)
            chunks.Invoke(i);
    }
}
