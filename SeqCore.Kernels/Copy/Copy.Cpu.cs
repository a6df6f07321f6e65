using SeqCore.Kernels.Copy;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunCopy(in StridedSpan source, in StridedSpan destination)
    {
        if (Transposition.TryCreate(source, destination, out var transposition))
        {
            if (source.Layout.Count >= StridedMap<CopyBody>.ParallelCount)
            {
                Workers.For(transposition.Chunks, ref transposition);
            }
            else
            {
                for (var chunk = 0; chunk < transposition.Chunks; chunk++)
                    transposition.Invoke(chunk);
            }

            return;
        }

        StridedMap<CopyBody>.Run(Workers, 1, default, [source, destination]);
    }

    private protected override void RunFill(in StridedSpan destination, float value)
    {
        StridedMap<FillBody>.Run(Workers, 0, new(value), [destination]);
    }
}
