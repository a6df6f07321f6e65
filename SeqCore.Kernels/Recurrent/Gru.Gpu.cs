namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override int GruWorkspace(RecurrentShape shape) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void GruForward(in RecurrentArguments arguments, in RecurrentOutputs outputs) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override void GruBackward(in RecurrentArguments arguments, in RecurrentGradients gradients) => throw new NotImplementedException();
}
