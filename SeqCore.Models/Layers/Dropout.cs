namespace SeqCore.Models;

/// <summary>
/// In training, sets each element to 0 with probability p and divides the others by 1 - p (Srivastava et al., "Dropout: a simple
/// way to prevent neural networks from overfitting", JMLR 15, 2014); in evaluation, nothing. Any shape.
/// </summary>
/// <remarks>
/// <see cref="Module.Evaluate"/> switches it off and <see cref="Module.Train"/> on again; whether a tape is open does not matter.
/// A new module is in training.
/// </remarks>
public sealed class Dropout : Layer
{
    /// <summary>Dropout with this probability.</summary>
    /// <param name="probability">p, in [0, 1).</param>
    /// <param name="random">Draws the masks; its state is part of a checkpoint.</param>
    public Dropout(float probability, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Probability = Argument.Probability(probability, nameof(Dropout), nameof(probability));
        Random = Register(random);
    }

    /// <summary>p</summary>
    public float Probability { get; }

    internal RandomGenerator Random { get; }

    /// <inheritdoc/>
    public override Variable Forward(Variable x) => IsTraining && Probability > 0f ? x.Dropout(Probability, Random) : x;
}
