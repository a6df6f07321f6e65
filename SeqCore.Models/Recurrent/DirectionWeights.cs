namespace SeqCore.Models;

/// <summary>The parameters of one layer in one direction; G is the number of gates: 4 (LSTM), 3 (GRU) or 1 (RNN).</summary>
/// <param name="WeightIh">The weights of the inputs, shape (G H, I).</param>
/// <param name="WeightHh">
/// The recurrent weights, shape (G H, H), (G H, H / K) in K blocks, or (G H, P) with a projection.
/// </param>
/// <param name="BiasIh">The bias of the inputs, shape (G H,), or null.</param>
/// <param name="BiasHh">The bias of the hidden state, shape (G H,), or null.</param>
public sealed record DirectionWeights(Parameter WeightIh, Parameter WeightHh, Parameter? BiasIh, Parameter? BiasHh)
{
    /// <summary>
    /// The projection to the hidden state, shape (P, H), of an <see cref="Lstm"/> that has one
    /// (<see cref="RecurrentLayerOptions.ProjectionSize"/>), or null.
    /// </summary>
    public Parameter? WeightHr { get; init; }

    /// <summary>Makes the parameters as PyTorch initialises them, uniform in [-1/sqrt(H), 1/sqrt(H)).</summary>
    /// <param name="owner">The name of the module in errors.</param>
    /// <param name="register">Registers a parameter with the module that owns it.</param>
    /// <param name="gates">The number of gates, G.</param>
    /// <param name="inputSize">The number of features of an input, I.</param>
    /// <param name="hiddenSize">The number of hidden units, H.</param>
    /// <param name="bias">Whether the layer has biases.</param>
    /// <param name="random">The generator that draws the values.</param>
    /// <param name="suffix">The suffix of each name, such as <c>_l0_reverse</c>.</param>
    /// <param name="blocks">The number of blocks of the recurrent weights, K.</param>
    /// <param name="projection">The width of the projected hidden state, P; 0 for none.</param>
    internal static DirectionWeights New(string owner, Func<string, Tensor, Parameter> register, int gates, int inputSize,
        int hiddenSize, bool bias, RandomGenerator random, string suffix = "", int blocks = 1, int projection = 0)
    {
        var side = (long)gates * hiddenSize;
        Shape ih = WeightLimit.For(owner, side, inputSize),
            hh = WeightLimit.For(owner, side, projection > 0 ? projection : hiddenSize / blocks);
        var bound = 1f / MathF.Sqrt(hiddenSize);
        return new DirectionWeights(
            Make("weight_ih", ih),
            Make("weight_hh", hh),
            bias ? Make("bias_ih", WeightLimit.For(owner, side)) : null,
            bias ? Make("bias_hh", WeightLimit.For(owner, side)) : null)
        {
            WeightHr = projection > 0 ? Make("weight_hr", WeightLimit.For(owner, projection, hiddenSize)) : null,
        };

        Parameter Make(string name, Shape shape) =>
            register(name + suffix, Tensor.RandomUniform(shape, random, -bound, bound));
    }
}
