using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// The base of stacks of recurrent layers, each of which is one operation over the whole sequence with its own back-propagation
/// through time: <see cref="Rnn"/>, <see cref="Lstm"/>, <see cref="Gru"/>, or a custom layer over a <see cref="FusedCell"/>. Only
/// an <see cref="Lstm"/> with a projection is composed step by step on the tape.
/// </summary>
public abstract class FusedRecurrentLayer : RecurrentLayer
{
    private readonly DirectionWeights[] weights;
    private readonly RandomGenerator random;

    /// <summary>Makes the parameters as PyTorch initialises them, uniform in [-1/sqrt(H), 1/sqrt(H)).</summary>
    /// <param name="cell">The cell, which has the equations.</param>
    /// <param name="inputSize">The number of features of an input, I, at least 1.</param>
    /// <param name="hiddenSize">The number of hidden units of each layer and direction, H, at least 1.</param>
    /// <param name="random">The generator that draws the initial values and the masks of dropout and zoneout.</param>
    /// <param name="options">The number of layers, the directions and the regularisation; null for one forward layer.</param>
    /// <exception cref="ArgumentException">
    /// A size or probability is out of range, or an option does not apply to this cell.
    /// </exception>
    protected FusedRecurrentLayer(FusedCell cell, int inputSize, int hiddenSize, RandomGenerator random,
        RecurrentLayerOptions? options)
        : base(inputSize, hiddenSize, random, options)
    {
        ArgumentNullException.ThrowIfNull(cell);
        Options.CheckCell(Kind, cell, hiddenSize);
        (Cell, this.random) = (cell, random);
        weights = new DirectionWeights[RunCount];
        for (var i = 0; i < weights.Length; i++)
        {
            var (layer, direction) = (i / Options.Directions, i % Options.Directions);
            var width = layer == 0 ? inputSize : OutputSize;
            weights[i] = DirectionWeights.New(Kind, Register, cell.Gates, width, hiddenSize, Options.Bias, random,
                $"_l{layer}{(direction == 1 ? "_reverse" : "")}", Options.DiagonalBlocks,
                Options.ProjectionSize);
        }

        if (Options.ForgetGateBias is not { } bias)
            return;
        foreach (var w in weights)
        {
            FillGate(w.BiasIh!, cell.ForgetGate!.Value, bias);
            FillGate(w.BiasHh!, cell.ForgetGate!.Value, 0f);
        }
    }

    /// <summary>The parameters; those of layer l in direction d are at index l D + d.</summary>
    public IReadOnlyList<DirectionWeights> Weights => weights;

    /// <inheritdoc/>
    public sealed override int StateCount => Cell.HasCell ? 2 : 1;

    internal FusedCell Cell { get; }

    /// <inheritdoc/>
    protected sealed override Variable[] Run(int index, Variable x, IReadOnlyList<Variable>? state, RecurrentPass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var w = weights[index];
        var drops = pass.IsTraining && Options.WeightDropout > 0f;
        var weightHh = drops ? w.WeightHh.Dropout(Options.WeightDropout, random) : w.WeightHh;
        if (w.WeightHr is not null)
            return new ProjectedLstm(w, weightHh, Options).Run(Kind, x, state, pass);
        return Cell.Run(x, w, weightHh, state?[0], StateCount > 1 ? state?[1] : null, new RecurrentOptions
        {
            Reverse = pass.Reverse,
            Lengths = pass.Lengths,
            KeepHidden = pass.KeepHidden,
            KeepCell = pass.KeepCell,
            DiagonalBlocks = Options.DiagonalBlocks,
        });
    }

    private void FillGate(Parameter bias, int gate, float value) =>
        bias.Value.Backend.Fill(new StridedSpan(bias.Value.Span.Slice(gate * HiddenSize, HiddenSize),
            Layout.Contiguous([HiddenSize])), value);
}
