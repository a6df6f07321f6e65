namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>Floats of workspace that <see cref="LstmBackward"/> needs <see cref="LstmForward"/> to keep.</summary>
    public abstract int LstmWorkspace(RecurrentShape shape);

    /// <summary>
    /// A layer of long short-term memory over whole sequences, gates in the order i, f, g, o as in PyTorch:
    /// i = sigmoid(W_ii x + b_ii + W_hi h + b_hi), f and o alike, g = tanh(W_ig x + b_ig + W_hg h + b_hg),
    /// c' = f c + i g, h' = o tanh(c').
    /// </summary>
    public abstract void LstmForward(in RecurrentArguments arguments, in RecurrentOutputs outputs);

    /// <summary>Back-propagation through time of <see cref="LstmForward"/>; uses up the workspace.</summary>
    public abstract void LstmBackward(in RecurrentArguments arguments, in RecurrentGradients gradients);
}
