namespace SeqCore.Models;

/// <summary>
/// One recurrent layer for one step of time: what <see cref="RnnCell"/>, <see cref="LstmCell"/> and <see cref="GruCell"/> share.
/// A cell is its layer over sequences of one step.
/// </summary>
public abstract class RecurrentCell : Module
{
    /// <summary>Makes the parameters with PyTorch's first values, uniform in [-1/sqrt(H), 1/sqrt(H)).</summary>
    private protected RecurrentCell(int gates, int inputSize, int hiddenSize, RandomGenerator random, bool bias)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hiddenSize, 1);
        ArgumentNullException.ThrowIfNull(random);
        (InputSize, HiddenSize) = (inputSize, hiddenSize);
        var bound = 1f / MathF.Sqrt(hiddenSize);
        Weights = new DirectionWeights(
            Make("weight_ih", gates * hiddenSize, inputSize),
            Make("weight_hh", gates * hiddenSize, hiddenSize),
            bias ? Make("bias_ih", gates * hiddenSize) : null,
            bias ? Make("bias_hh", gates * hiddenSize) : null);

        Parameter Make(string name, params ReadOnlySpan<int> sizes) =>
            Register(name, Tensor.RandomUniform(new Shape(sizes), random, -bound, bound));
    }

    /// <summary>I, width of the input.</summary>
    public int InputSize { get; }

    /// <summary>H, units.</summary>
    public int HiddenSize { get; }

    /// <summary>The parameters.</summary>
    public DirectionWeights Weights { get; }

    /// <summary>Adds the axis of time, of one step: (B, I) becomes (B, 1, I).</summary>
    private protected Variable OneStep(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank != 2 || x.Shape[1] != InputSize)
            throw ShapeException.Wrong(Kind, "x", $"(B, I) = (B, {InputSize})", x.Shape, null, x.Shape.Rank == 3 ? "for whole sequences use the layer" : null);
        return x.Reshape(x.Shape[0], 1, InputSize);
    }
}
