namespace SeqCore.Models;

/// <summary>
/// Variational dropout, which uses one mask for all time steps of a sequence (Gal and Ghahramani, "A theoretically grounded
/// application of dropout in recurrent neural networks", arXiv:1512.05287; as used by Merity, Keskar and Socher,
/// arXiv:1708.02182); it does nothing in evaluation. Shape (B, T, F), the mask (B, 1, F).
/// </summary>
public sealed class LockedDropout : Layer
{
    private readonly RandomGenerator random;

    /// <summary>Makes a dropout layer with a given probability.</summary>
    /// <param name="probability">The probability p that an element is set to 0, in [0, 1).</param>
    /// <param name="random">The generator that draws the masks; its state is part of a checkpoint.</param>
    public LockedDropout(float probability, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Probability = Argument.Probability(probability, nameof(LockedDropout), nameof(probability));
        this.random = Register(random);
    }

    /// <summary>The probability p that a feature is set to 0, in [0, 1).</summary>
    public float Probability { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">x does not have three axes.</exception>
    public override Variable Forward(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank != 3)
            throw ShapeException.Wrong(nameof(LockedDropout), "x", "(B, T, F)", x.Shape);
        return Probability > 0f && IsTraining ? Apply(x, Probability, random) : x;
    }

    internal static Variable Apply(Variable x, float probability, RandomGenerator random)
    {
        var mask = Tensor.Full(x.Shape.With(1, 1), 1f, x.Value.Backend);
        mask.Backend.Dropout(mask.Span, mask.Span, probability, random.Take(mask.ElementCount));
        return x * mask;
    }
}
