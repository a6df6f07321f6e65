namespace SeqCore.Models;

/// <summary>A cell of gated recurrent units, as PyTorch's GRUCell; <see cref="Gru"/> names the source.</summary>
public sealed class GruCell : RecurrentCell
{
    private readonly FusedCell cell = FusedCell.Gru();

    /// <summary>Makes a cell as PyTorch initialises it, uniform in [-1/sqrt(H), 1/sqrt(H)).</summary>
    /// <param name="inputSize">The number of features of an input, I, at least 1.</param>
    /// <param name="hiddenSize">The number of hidden units, H, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="bias">Whether the layer has biases; true by default.</param>
    public GruCell(int inputSize, int hiddenSize, RandomGenerator random, bool bias = true) : base(inputSize, hiddenSize)
    {
        ArgumentNullException.ThrowIfNull(random);
        Weights = DirectionWeights.New(Kind, Register, cell.Gates, inputSize, hiddenSize, bias, random);
    }

    /// <summary>The parameters of the cell.</summary>
    public DirectionWeights Weights { get; }

    /// <summary>Computes one time step.</summary>
    /// <param name="x">The inputs, shape (B, I).</param>
    /// <param name="hidden">The hidden state, shape (B, H); null for 0.</param>
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
