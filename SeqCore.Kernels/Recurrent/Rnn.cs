namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>Floats of workspace that <see cref="RnnBackward"/> needs <see cref="RnnForward"/> to keep.</summary>
    public abstract int RnnWorkspace(RecurrentShape shape);

    /// <summary>An Elman layer over whole sequences: h' = s(W_ih x + b_ih + W_hh h + b_hh).</summary>
    public abstract void RnnForward(RnnNonlinearity nonlinearity, in RecurrentArguments arguments, in RecurrentOutputs outputs);

    /// <summary>Back-propagation through time of <see cref="RnnForward"/>; uses up the workspace.</summary>
    public abstract void RnnBackward(RnnNonlinearity nonlinearity, in RecurrentArguments arguments,
        in RecurrentGradients gradients);
}
