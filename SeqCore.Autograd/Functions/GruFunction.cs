using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Gated recurrent units over whole sequences, gates in the order r, z, n, the reset gate after the product:
/// <see cref="Backend.GruForward"/> has the equations. Results y (B, T, H), hN (B, H).
/// </summary>
/// <param name="x">Shape (B, T, I), or (T, B, I) time-first.</param>
/// <param name="weightIh">Shape (3H, I).</param>
/// <param name="weightHh">Shape (3H, H).</param>
/// <param name="biasIh">Shape (3H,), or null for 0.</param>
/// <param name="biasHh">Shape (3H,), or null for 0.</param>
/// <param name="h0">First hidden state, shape (B, H), or null for 0.</param>
/// <param name="options">Order of the axes, direction, lengths, zoneout.</param>
public sealed class GruFunction(Variable x, Variable weightIh, Variable weightHh, Variable? biasIh = null,
    Variable? biasHh = null, Variable? h0 = null, RecurrentOptions? options = null)
    : RecurrentFunction(3, x, weightIh, weightHh, biasIh, biasHh, h0, null, options)
{
    private protected override int Workspace(Backend backend, RecurrentShape shape) => backend.GruWorkspace(shape);

    private protected override void RunForward(Backend backend, in RecurrentArguments arguments, in RecurrentOutputs outputs) =>
        backend.GruForward(arguments, outputs);

    private protected override void RunBackward(Backend backend, in RecurrentArguments arguments,
        in RecurrentGradients gradients) =>
        backend.GruBackward(arguments, gradients);
}
