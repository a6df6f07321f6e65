namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override int LstmWorkspace(RecurrentShape shape) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void LstmForward(in RecurrentArguments arguments, in RecurrentOutputs outputs) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void LstmBackward(in RecurrentArguments arguments, in RecurrentGradients gradients) => throw new NotImplementedException();
}
