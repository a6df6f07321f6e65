using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Long short-term memory over whole sequences, gates in the order i, f, g, o: <see cref="Backend.LstmForward"/> has the
/// equations. Results y (B, T, H), hN (B, H), cN (B, H).
/// </summary>
/// <param name="x">Shape (B, T, I), or (T, B, I) time-first.</param>
/// <param name="weightIh">Shape (4H, I).</param>
/// <param name="weightHh">Shape (4H, H).</param>
/// <param name="biasIh">Shape (4H,), or null for 0.</param>
/// <param name="biasHh">Shape (4H,), or null for 0.</param>
/// <param name="h0">First hidden state, shape (B, H), or null for 0.</param>
/// <param name="c0">First cell state, shape (B, H), or null for 0.</param>
/// <param name="options">Order of the axes, direction, lengths, zoneout.</param>
public sealed class LstmFunction(Variable x, Variable weightIh, Variable weightHh, Variable? biasIh = null,
    Variable? biasHh = null, Variable? h0 = null, Variable? c0 = null, RecurrentOptions? options = null)
    : RecurrentFunction(4, x, weightIh, weightHh, biasIh, biasHh, h0, c0, options)
{
    private protected override bool HasCell => true;

    private protected override int Workspace(Backend backend, RecurrentShape shape) => backend.LstmWorkspace(shape);

    private protected override void RunForward(Backend backend, in RecurrentArguments arguments, in RecurrentOutputs outputs) =>
        backend.LstmForward(arguments, outputs);

    private protected override void RunBackward(Backend backend, in RecurrentArguments arguments,
        in RecurrentGradients gradients) =>
        backend.LstmBackward(arguments, gradients);
}
