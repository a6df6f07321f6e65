using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// An Elman network over whole sequences: <see cref="Backend.RnnForward"/> has the equation. Results y (B, T, H), hN (B, H).
/// </summary>
/// <param name="nonlinearity">Hyperbolic tangent or ReLU.</param>
/// <param name="x">Shape (B, T, I), or (T, B, I) time-first.</param>
/// <param name="weightIh">Shape (H, I).</param>
/// <param name="weightHh">Shape (H, H).</param>
/// <param name="biasIh">Shape (H,), or null for 0.</param>
/// <param name="biasHh">Shape (H,), or null for 0.</param>
/// <param name="h0">First hidden state, shape (B, H), or null for 0.</param>
/// <param name="options">Order of the axes, direction, lengths, zoneout.</param>
public sealed class RnnFunction(RnnNonlinearity nonlinearity, Variable x, Variable weightIh, Variable weightHh,
    Variable? biasIh = null, Variable? biasHh = null, Variable? h0 = null, RecurrentOptions? options = null)
    : RecurrentFunction(1, x, weightIh, weightHh, biasIh, biasHh, h0, null, options)
{
    private readonly RnnNonlinearity nonlinearity = Enum.IsDefined(nonlinearity)
        ? nonlinearity
        : throw new ArgumentOutOfRangeException(nameof(nonlinearity), nonlinearity,
            "Rnn: there is no such nonlinearity; there are Tanh and Relu.");

    private protected override int Workspace(Backend backend, RecurrentShape shape) => backend.RnnWorkspace(shape);

    private protected override void RunForward(Backend backend, in RecurrentArguments arguments, in RecurrentOutputs outputs) =>
        backend.RnnForward(nonlinearity, arguments, outputs);

    private protected override void RunBackward(Backend backend, in RecurrentArguments arguments,
        in RecurrentGradients gradients) =>
        backend.RnnBackward(nonlinearity, arguments, gradients);
}
