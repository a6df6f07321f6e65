namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Copy(in StridedSpan source, in StridedSpan destination) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void Fill(in StridedSpan destination, float value) => throw new NotImplementedException();
}
