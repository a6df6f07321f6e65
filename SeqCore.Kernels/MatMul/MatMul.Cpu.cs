namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void MatMul(in MatMulArguments arguments) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override PackedMatrix Pack(Matrix b, int rows, int columns) => throw new NotImplementedException();
}
