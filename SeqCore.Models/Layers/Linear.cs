namespace SeqCore.Models;

/// <summary>A linear layer, y = x W^T + b. Shapes: x (..., I), y (..., O), weight (O, I), bias (O,).</summary>
/// <example>
/// <code>
/// using var layer = new Linear(inputSize: 4, outputSize: 2, new RandomGenerator(seed: 1));
/// using var scope = new TensorScope();
/// var y = layer.Forward(Tensor.Ones([8, 5, 4]));   // all axes but the last are kept
/// Console.WriteLine(y.Shape);                      // (8, 5, 2)
/// Console.WriteLine(layer.ParameterCount);         // 10
/// </code>
/// </example>
public sealed class Linear : Layer
{
    /// <summary>Makes a layer that is initialised as in PyTorch: weight and bias uniform in [-1/sqrt(I), 1/sqrt(I)).</summary>
    /// <param name="inputSize">The number of features of an input, I, at least 1.</param>
    /// <param name="outputSize">The number of features of an output, O, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="bias">Whether the layer has a bias; true by default.</param>
    public Linear(int inputSize, int outputSize, RandomGenerator random, bool bias = true)
    {
        Argument.AtLeast(inputSize, Kind, nameof(inputSize));
        Argument.AtLeast(outputSize, Kind, nameof(outputSize));
        ArgumentNullException.ThrowIfNull(random);
        var bound = 1f / MathF.Sqrt(inputSize);
        Weight = Register("weight", Tensor.RandomUniform(WeightLimit.For(Kind, outputSize, inputSize), random, -bound, bound));
        Bias = bias ? Register("bias", Tensor.RandomUniform(WeightLimit.For(Kind, outputSize), random, -bound, bound)) : null;
    }

    /// <summary>
    /// Makes a layer that shares its weight with another module (Press and Wolf, arXiv:1608.05859); its own bias is initially 0.
    /// </summary>
    /// <param name="tied">The shared weight, shape (O, I); for an output layer, the embedding's table.</param>
    /// <param name="bias">Whether the layer has a bias; true by default.</param>
    public Linear(Parameter tied, bool bias = true)
    {
        ArgumentNullException.ThrowIfNull(tied);
        if (tied.Shape.Rank != 2)
            throw ShapeException.Wrong(nameof(Linear), "tied", "(O, I)", tied.Shape);
        Weight = Register("weight", tied);
        Bias = bias ? Register("bias", Tensor.Zeros(new Shape(tied.Shape[0]), tied.Value.Backend)) : null;
    }

    /// <summary>The weight W, shape (O, I).</summary>
    public Parameter Weight { get; }

    /// <summary>The bias b, shape (O,), or null.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The last axis of x is not I.</exception>
    public override Variable Forward(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Linear(Weight, Bias);
    }
}
