namespace SeqCore.Models;

/// <summary>A cell of an Elman network, as PyTorch's RNNCell: h' = s(W_ih x + b_ih + W_hh h + b_hh).</summary>
public sealed class RnnCell : RecurrentCell
{
    private readonly FusedCell cell;

    /// <summary>Makes a cell as PyTorch initialises it, uniform in [-1/sqrt(H), 1/sqrt(H)).</summary>
    /// <param name="inputSize">The number of features of an input, I, at least 1.</param>
    /// <param name="hiddenSize">The number of hidden units, H, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="nonlinearity">The activation s, by default the hyperbolic tangent.</param>
    /// <param name="bias">Whether the layer has biases; true by default.</param>
    public RnnCell(int inputSize, int hiddenSize, RandomGenerator random,
        RecurrentActivation nonlinearity = RecurrentActivation.Tanh, bool bias = true)
        : base(inputSize, hiddenSize)
    {
        ArgumentNullException.ThrowIfNull(random);
        Argument.Defined(nonlinearity, Kind, nameof(nonlinearity));
        cell = FusedCell.Rnn(new RecurrentLayerOptions { Nonlinearity = nonlinearity });
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
