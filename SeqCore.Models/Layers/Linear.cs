namespace SeqCore.Models;

/// <summary>y = x W^T + b. Shapes: x (..., I), y (..., O), weight (O, I), bias (O,).</summary>
public sealed class Linear : Layer
{
    /// <summary>A layer with PyTorch's first values: weight and bias uniform in [-1/sqrt(I), 1/sqrt(I)).</summary>
    /// <param name="inputSize">I, at least 1.</param>
    /// <param name="outputSize">O, at least 1.</param>
    /// <param name="random">Draws the first values.</param>
    /// <param name="bias">Whether there is a bias.</param>
    public Linear(int inputSize, int outputSize, RandomGenerator random, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputSize, 1);
        ArgumentNullException.ThrowIfNull(random);
        var bound = 1f / MathF.Sqrt(inputSize);
        Weight = Register("weight", Tensor.RandomUniform(WeightRoom.For(Kind, outputSize, inputSize), random, -bound, bound));
        Bias = bias ? Register("bias", Tensor.RandomUniform(WeightRoom.For(Kind, outputSize), random, -bound, bound)) : null;
    }

    /// <summary>
    /// A layer whose weight belongs to another module too (Press and Wolf, arXiv:1608.05859); the bias is its own, 0 at first.
    /// </summary>
    /// <param name="tied">Shape (O, I): for an output layer, the embedding's table.</param>
    /// <param name="bias">Whether there is a bias.</param>
    public Linear(Parameter tied, bool bias = true)
    {
        ArgumentNullException.ThrowIfNull(tied);
        if (tied.Shape.Rank != 2)
            throw ShapeException.Wrong(nameof(Linear), "tied", "(O, I)", tied.Shape);
        Weight = Register("weight", tied);
        Bias = bias ? Register("bias", Tensor.Zeros(new Shape(tied.Shape[0]), tied.Value.Backend)) : null;
    }

    /// <summary>Shape (O, I).</summary>
    public Parameter Weight { get; }

    /// <summary>Shape (O,), or null.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The last axis of x is not I.</exception>
    public override Variable Forward(Variable x) => x.Linear(Weight, Bias);
}
