namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>Floats of workspace that <see cref="GruBackward"/> needs <see cref="GruForward"/> to keep.</summary>
    public abstract int GruWorkspace(RecurrentShape shape);

    /// <summary>
    /// A layer of gated recurrent units over whole sequences, gates in the order r, z, n as in PyTorch, the reset gate after the
    /// product: r = sigmoid(W_ir x + b_ir + W_hr h + b_hr), z alike, n = tanh(W_in x + b_in + r (W_hn h + b_hn)),
    /// h' = (1 - z) n + z h.
    /// </summary>
    public abstract void GruForward(in RecurrentArguments arguments, in RecurrentOutputs outputs);

    /// <summary>Back-propagation through time of <see cref="GruForward"/>; uses up the workspace.</summary>
    public abstract void GruBackward(in RecurrentArguments arguments, in RecurrentGradients gradients);
}
