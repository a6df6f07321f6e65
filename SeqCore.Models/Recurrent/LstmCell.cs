namespace SeqCore.Models;

/// <summary>A cell of long short-term memory, as PyTorch's LSTMCell; <see cref="Lstm"/> names the source.</summary>
public sealed class LstmCell : RecurrentCell
{
    private readonly FusedCell cell = FusedCell.Lstm();

    /// <summary>Makes a cell as PyTorch initialises it, uniform in [-1/sqrt(H), 1/sqrt(H)).</summary>
    /// <param name="inputSize">The number of features of an input, I, at least 1.</param>
    /// <param name="hiddenSize">The number of hidden units, H, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="bias">Whether the layer has biases; true by default.</param>
    public LstmCell(int inputSize, int hiddenSize, RandomGenerator random, bool bias = true)
        : base(inputSize, hiddenSize, stateCount: 2)
    {
        ArgumentNullException.ThrowIfNull(random);
        Weights = DirectionWeights.New(Kind, Register, cell.Gates, inputSize, hiddenSize, bias, random);
    }

    /// <summary>The parameters of the cell.</summary>
    public DirectionWeights Weights { get; }

    /// <summary>Computes one time step.</summary>
    /// <param name="x">The inputs, shape (B, I).</param>
    /// <param name="state">The hidden and cell state, each of shape (B, H); null for 0.</param>
    /// <returns>The new hidden and cell state, each of shape (B, H).</returns>
    public (Variable Hidden, Variable Cell) Forward(Variable x, (Variable Hidden, Variable Cell)? state = null)
    {
        var results = cell.Run(OneStep(x), Weights, Weights.WeightHh, state?.Hidden, state?.Cell);
        return (results[1], results[2]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Step(Variable x, IReadOnlyList<Variable> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var next = Forward(x, (state[0], state[1]));
        return [next.Hidden, next.Cell];
    }
}
