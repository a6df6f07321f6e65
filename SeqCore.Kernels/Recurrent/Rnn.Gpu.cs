namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override int RnnWorkspace(RecurrentShape shape) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void RnnForward(RnnNonlinearity nonlinearity, in RecurrentArguments arguments, in RecurrentOutputs outputs) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void RnnBackward(RnnNonlinearity nonlinearity, in RecurrentArguments arguments, in RecurrentGradients gradients) => throw new NotImplementedException();
}
