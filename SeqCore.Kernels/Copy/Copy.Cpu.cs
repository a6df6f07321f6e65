namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Copy(in StridedSpan source, in StridedSpan destination)
    {
        Operands.Check(nameof(Copy), nameof(source), source);
        Operands.CheckResult(nameof(Copy), nameof(destination), destination);
        Operands.CheckSizes(nameof(Copy), nameof(source), source, nameof(destination), destination);
        StridedMap<CopyBody>.Run(Workers, 1, default, [source, destination]);
    }

    /// <inheritdoc/>
    public override void Fill(in StridedSpan destination, float value)
    {
        Operands.CheckResult(nameof(Fill), nameof(destination), destination);
        StridedMap<FillBody>.Run(Workers, 0, new(value), [destination]);
    }
}
