namespace SeqCore.Models;

/// <summary>One step of gated recurrent units, as PyTorch's GRUCell; <see cref="Gru"/> has the source.</summary>
public sealed class GruCell : RecurrentCell
{
    private readonly FusedCell cell = FusedCell.Gru();

    /// <summary>Makes a cell as PyTorch initialises it, uniform in [-1/sqrt(H), 1/sqrt(H)).</summary>
    /// <param name="inputSize">I, at least 1.</param>
    /// <param name="hiddenSize">H, at least 1.</param>
    /// <param name="random">Draws the initial values.</param>
    /// <param name="bias">Whether there are biases.</param>
    public GruCell(int inputSize, int hiddenSize, RandomGenerator random, bool bias = true) : base(inputSize, hiddenSize)
    {
        ArgumentNullException.ThrowIfNull(random);
        Weights = DirectionWeights.New(Kind, Register, cell.Gates, inputSize, hiddenSize, bias, random);
    }

    /// <summary>The parameters.</summary>
    public DirectionWeights Weights { get; }

    /// <summary>Computes one step.</summary>
    /// <param name="x">Shape (B, I).</param>
    /// <param name="hidden">Shape (B, H); null for 0.</param>
    /// <returns>The new hidden state, shape (B, H).</returns>
    public Variable Forward(Variable x, Variable? hidden = null) =>
        cell.Run(OneStep(x), Weights, Weights.WeightHh, hidden, null)[1];

    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Step(Variable x, IReadOnlyList<Variable> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return [Forward(x, state[0])];
    }
}
