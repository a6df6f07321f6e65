using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>A trained vector for each position up to a last one, as in BERT and GPT-2. Weight: shape (P, D).</summary>
public sealed class LearnedPositions : PositionEncoding
{
    /// <summary>Vectors drawn from N(0, deviation^2).</summary>
    /// <param name="maximumLength">P, at least 1.</param>
    /// <param name="modelSize">D, at least 1.</param>
    /// <param name="random">Draws the first values.</param>
    /// <param name="deviation">Standard deviation of the first values; GPT-2's and BERT's is 0.02.</param>
    public LearnedPositions(int maximumLength, int modelSize, RandomGenerator random, float deviation = 0.02f) : base(modelSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumLength, 1);
        Weight = Register("weight", Tensor.RandomNormal(WeightRoom.For(Kind, maximumLength, modelSize), random, 0f, deviation));
    }

    /// <summary>Shape (P, D).</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    public override int? MaximumLength => Weight.Shape[0];

    /// <inheritdoc/>
    protected override Variable Vectors(int firstPosition, int count, Backend backend) => Weight.Slice(0, firstPosition, count);
}
