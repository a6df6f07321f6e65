namespace SeqCore.Models;

/// <summary>
/// The steps of an <see cref="Lstm"/> with a projection, on the tape (Sak, Senior and Beaufays, arXiv:1402.1128, LSTMP,
/// without peepholes; <see cref="RecurrentLayerOptions.ProjectionSize"/>). With a = W_ih x + b_ih + W_hh h + b_hh, in blocks
/// i, f, g, o:
/// <code>
/// c' = s(a_f) c + s(a_i) t(a_g)      h' = W_hr (s(a_o) t(c'))
/// </code>
/// Shapes: h (B, P), c (B, H), W_ih (4H, I), W_hh (4H, P), W_hr (P, H).
/// </summary>
/// <param name="weights">The parameters of one layer in one direction.</param>
/// <param name="weightHh">The recurrent weights, from which dropout may have dropped some.</param>
/// <param name="options">Gives the activations: s of the gates, t of the candidate and the cell state.</param>
internal sealed class ProjectedLstm(DirectionWeights weights, Variable weightHh, RecurrentLayerOptions options)
{
    private readonly Variable weightHr = weights.WeightHr!;

    /// <summary>Runs the layer over whole sequences.</summary>
    /// <param name="owner">The name of the layer in errors.</param>
    /// <param name="x">The inputs, shape (B, T, I).</param>
    /// <param name="state">The hidden state (B, P) and the cell state (B, H) before the first step; null for 0.</param>
    /// <param name="pass">The direction, the lengths and the zoneout.</param>
    /// <returns>The hidden states, shape (B, T, P), then the hidden and cell state at the end.</returns>
    internal Variable[] Run(string owner, Variable x, IReadOnlyList<Variable>? state, RecurrentPass pass)
    {
        var hidden = State(0, "h0", 'P', weightHr.Shape[0]);
        var cell = State(1, "c0", 'H', weightHr.Shape[1]);
        return StepLoop.Run(owner, x, [hidden, cell], pass, ProjectInputs, Step);

        Variable State(int part, string name, char letter, int width)
        {
            var shape = new Shape(x.Shape[0], width);
            if (state is null)
                return Tensor.Zeros(shape, x.Value.Backend);
            return state[part].Shape.Equals(shape)
                ? state[part]
                : throw ShapeException.Wrong(owner, name, $"(B, {letter}) = {shape}", state[part].Shape, $"x is {x.Shape}");
        }
    }

    /// <summary>Computes the inputs' part of all gates, and both biases: (B, T, I) becomes (B, T, 4H).</summary>
    private Variable ProjectInputs(Variable x) =>
        x.Linear(weights.WeightIh, weights.BiasIh is null ? null : weights.BiasIh + weights.BiasHh!);

    private IReadOnlyList<Variable> Step(Variable x, IReadOnlyList<Variable> state)
    {
        var gates = (x + state[0].Linear(weightHh)).Chunk(4, axis: 1);
        var cell = (Gate(gates[1]) * state[1]) + (Gate(gates[0]) * Activate(gates[2]));
        return [(Gate(gates[3]) * Activate(cell)).Linear(weightHr), cell];
    }

    private Variable Gate(Variable sum) => Of(options.GateActivation, sum);

    private Variable Activate(Variable sum) => Of(options.Nonlinearity, sum);

    private static Variable Of(RecurrentActivation activation, Variable x) => activation switch
    {
        RecurrentActivation.Tanh => x.Tanh(),
        RecurrentActivation.Relu => x.Relu(),
        RecurrentActivation.Sigmoid => x.Sigmoid(),
        _ => x.Hardsigmoid(),
    };
}
