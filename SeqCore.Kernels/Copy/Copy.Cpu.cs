namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Copy(in StridedSpan source, in StridedSpan destination)
    {
        Operands.CheckCopy(nameof(Copy), source, destination);
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

            GC.KeepAlive(source.Data.Buffer);
            GC.KeepAlive(destination.Data.Buffer);
            return;
        }

        StridedMap<CopyBody>.Run(Workers, 1, default, [source, destination]);
    }

    /// <inheritdoc/>
    public override void Fill(in StridedSpan destination, float value)
    {
        Operands.CheckResult(nameof(Fill), nameof(destination), destination);
        StridedMap<FillBody>.Run(Workers, 0, new(value), [destination]);
    }
}
