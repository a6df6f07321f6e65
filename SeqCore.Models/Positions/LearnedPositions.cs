using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>A trained vector for each position up to a maximum, as in BERT and GPT-2. Weight: shape (P, D).</summary>
public sealed class LearnedPositions : PositionEncoding
{
    /// <summary>Makes a table of vectors drawn from N(0, deviation^2).</summary>
    /// <param name="maximumLength">The number of positions, P, at least 1.</param>
    /// <param name="modelSize">The width of the model, D, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="deviation">The standard deviation of the initial values; 0.02 by default, as in GPT-2 and BERT.</param>
    public LearnedPositions(int maximumLength, int modelSize, RandomGenerator random, float deviation = 0.02f) : base(modelSize)
    {
        Argument.AtLeast(maximumLength, Kind, nameof(maximumLength));
        Weight = Register("weight", Tensor.RandomNormal(WeightLimit.For(Kind, maximumLength, modelSize), random, 0f, deviation));
    }

    /// <summary>The table of vectors, shape (P, D).</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    public override int? MaximumLength => Weight.Shape[0];

    /// <inheritdoc/>
    protected override Variable Vectors(int firstPosition, int count, Backend backend) => Weight.Slice(0, firstPosition, count);
}
