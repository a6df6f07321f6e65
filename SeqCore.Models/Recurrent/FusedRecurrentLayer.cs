using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// What <see cref="Rnn"/>, <see cref="Lstm"/> and <see cref="Gru"/> share: each layer and direction is one operation over the
/// whole sequence, with its own back-propagation through time.
/// </summary>
public abstract class FusedRecurrentLayer : RecurrentLayer
{
    private readonly DirectionWeights[] weights;
    private readonly RandomGenerator random;

    /// <summary>Makes the parameters as PyTorch initialises them, uniform in [-1/sqrt(H), 1/sqrt(H)).</summary>
    private protected FusedRecurrentLayer(int gates, int inputSize, int hiddenSize, RandomGenerator random,
        RecurrentLayerOptions? options)
        : base(inputSize, hiddenSize, random, options)
    {
        Options.CheckCell(Kind);
        this.random = random;
        weights = new DirectionWeights[RunCount];
        for (var i = 0; i < weights.Length; i++)
        {
            var (layer, direction) = (i / Options.Directions, i % Options.Directions);
            var width = layer == 0 ? inputSize : OutputSize;
            weights[i] = DirectionWeights.New(Kind, Register, gates, width, hiddenSize, Options.Bias, random,
                $"_l{layer}{(direction == 1 ? "_reverse" : "")}");
        }
    }

    /// <summary>Parameters of layer l in direction d at index l D + d.</summary>
    public IReadOnlyList<DirectionWeights> Weights => weights;

    /// <inheritdoc/>
    protected sealed override Variable[] Run(int index, Variable x, IReadOnlyList<Variable>? state, RecurrentPass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var w = weights[index];
        var drops = pass.IsTraining && Options.WeightDropout > 0f;
        var weightHh = drops ? w.WeightHh.Dropout(Options.WeightDropout, random) : w.WeightHh;
        return Apply(x, w, weightHh, state?[0], StateCount > 1 ? state?[1] : null, new RecurrentOptions
        {
            Reverse = pass.Reverse,
            Lengths = pass.Lengths,
            KeepHidden = pass.KeepHidden,
            KeepCell = pass.KeepCell,
        });
    }

    /// <summary>Runs one layer in one direction: y, hN and, for an LSTM, cN.</summary>
    private protected abstract Variable[] Apply(Variable x, DirectionWeights w, Variable weightHh, Variable? h0, Variable? c0,
        RecurrentOptions options);

    /// <summary>Runs one layer forwards on its kernel, without a tape.</summary>
    internal abstract void Step(Backend backend, in RecurrentArguments arguments, in RecurrentOutputs outputs);
}
