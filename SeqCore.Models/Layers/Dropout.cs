namespace SeqCore.Models;

/// <summary>
/// Sets each element to 0 with probability p in training and divides the others by 1 - p (Srivastava et al., "Dropout: a simple
/// way to prevent neural networks from overfitting", JMLR 15, 2014); does nothing in evaluation. Any shape.
/// </summary>
/// <remarks>
/// <see cref="Module.Evaluate"/> switches it off and <see cref="Module.Train"/> on again, whether a tape is open or not. A new
/// module is in training mode. Both reach it only where it is registered with the model, as in <c>drop = Register("drop", new
/// Dropout(0.5f, random))</c>, or is a part of a registered <see cref="Sequential"/>.
/// </remarks>
/// <example>
/// <code>
/// using var dropout = new Dropout(0.5f, new RandomGenerator(seed: 1));
/// using var scope = new TensorScope();
/// var x = Tensor.Ones([1000]);
/// Console.WriteLine(dropout.Forward(x).Value.Max().Item());   // 2
/// dropout.Evaluate();
/// Console.WriteLine(dropout.Forward(x).Value.Max().Item());   // 1
/// </code>
/// </example>
public sealed class Dropout : Layer
{
    /// <summary>Makes a dropout layer with a given probability.</summary>
    /// <param name="probability">The probability p that an element is set to 0, in [0, 1).</param>
    /// <param name="random">The generator that draws the masks; its state is part of a checkpoint.</param>
    public Dropout(float probability, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Probability = Argument.Probability(probability, nameof(Dropout), nameof(probability));
        Random = Register(random);
    }

    /// <summary>The probability p that an element is set to 0, in [0, 1).</summary>
    public float Probability { get; }

    /// <summary>The probability that holds now: 0 in evaluation.</summary>
    internal float Current => Probability > 0f && IsTraining ? Probability : 0f;

    internal RandomGenerator Random { get; }

    /// <inheritdoc/>
    public override Variable Forward(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Current > 0f ? x.Dropout(Current, Random) : x;
    }
}
