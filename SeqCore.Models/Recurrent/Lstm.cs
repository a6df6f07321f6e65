using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// A stack of long short-term memories (Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9, 1997; the
/// forget gate by Gers, Schmidhuber and Cummins, 2000), as PyTorch's LSTM: gates i, f, g, o;
/// <see cref="Backend.LstmForward"/> has the equations.
/// </summary>
public sealed class Lstm : FusedRecurrentLayer
{
    /// <summary>A stack with PyTorch's first values.</summary>
    /// <param name="inputSize">I, at least 1.</param>
    /// <param name="hiddenSize">H, at least 1.</param>
    /// <param name="random">Draws the first values and the masks of dropout.</param>
    /// <param name="options">Form and regularisation.</param>
    public Lstm(int inputSize, int hiddenSize, RandomGenerator random, RecurrentLayerOptions? options = null)
        : base(4, inputSize, hiddenSize, random, options)
    {
        if (Options.ForgetGateBias is not { } bias)
            return;
        foreach (var w in Weights)
        {
            FillForgetGate(w.BiasIh!, bias);
            FillForgetGate(w.BiasHh!, 0f);
        }
    }

    /// <inheritdoc/>
    public override int StateCount => 2;

    private protected override Variable[] Apply(Variable x, DirectionWeights w, Variable weightHh, Variable? h0, Variable? c0,
        RecurrentOptions options) =>
        new LstmFunction(x, w.WeightIh, weightHh, w.BiasIh, w.BiasHh, h0, c0, options).ApplyMany();

    internal override void Step(Backend backend, in RecurrentArguments arguments, in RecurrentOutputs outputs) =>
        backend.LstmForward(arguments, outputs);

    private void FillForgetGate(Parameter bias, float value) =>
        bias.Value.Backend.Fill(new StridedSpan(bias.Value.Span.Slice(HiddenSize, HiddenSize),
            Layout.Contiguous([HiddenSize])), value);
}
