namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void Copy(in StridedSpan source, in StridedSpan destination) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void Fill(in StridedSpan destination, float value) => throw new NotImplementedException();
}
