namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <summary>
    /// The number of multiply-adds from which waking a second thread is worthwhile: about 5 microseconds of one core.
    /// </summary>
    private const long ParallelWork = 1 << 18;

    /// <summary>Runs chunks on the workers if there are workers and enough work, otherwise on this thread.</summary>
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
