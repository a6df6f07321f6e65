namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void MatMul(in MatMulArguments arguments) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override PackedMatrix Pack(Matrix b, int rows, int columns) => throw new NotImplementedException();
}
