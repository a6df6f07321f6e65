namespace SeqCore.Models;

/// <summary>
/// A linear-chain conditional random field (Lafferty, McCallum and Pereira, 2001), the output layer of taggers: it scores whole
/// sequences of tags, by the score of each tag at each step, which a network computes, and learned scores of a tag after another,
/// at the start and at the end. The parameters have the names of the package pytorch-crf.
/// </summary>
/// <example>
/// <code>
/// string[] labels = ["O", "B-PER", "I-PER"];
/// using var field = new ConditionalRandomField(3, new RandomGenerator(seed: 1), TagConstraints.Bio(labels));
/// using var scope = new TensorScope();
/// var emissions = Tensor.RandomNormal([2, 5, 3], new RandomGenerator(seed: 2));
/// var tags = field.Decode(emissions, IndexTensor.FromArray([5, 3]));
/// Console.WriteLine(tags[1].Length);  // 3
/// </code>
/// </example>
public sealed class ConditionalRandomField : Module
{
    /// <summary>Makes a field whose scores are uniform in [-0.1, 0.1), as in pytorch-crf.</summary>
    /// <param name="tagCount">The number of tags, K, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="constraints">The tags that may follow each other; null for all.</param>
    /// <exception cref="ArgumentException">The constraints are for another number of tags.</exception>
    public ConditionalRandomField(int tagCount, RandomGenerator random, TagConstraints? constraints = null)
    {
        Argument.AtLeast(tagCount, Kind, nameof(tagCount));
        ArgumentNullException.ThrowIfNull(random);
        if (constraints is not null && constraints.TagCount != tagCount)
        {
            throw new ArgumentException($"{Kind}: the constraints should be for {tagCount} tags; they are for"
                + $" {constraints.TagCount}.", nameof(constraints));
        }

        Constraints = constraints;
        StartTransitions = Register("start_transitions",
            Tensor.RandomUniform(WeightLimit.For(Kind, tagCount), random, -0.1f, 0.1f));
        EndTransitions = Register("end_transitions", Tensor.RandomUniform(WeightLimit.For(Kind, tagCount), random, -0.1f, 0.1f));
        Transitions = Register("transitions",
            Tensor.RandomUniform(WeightLimit.For(Kind, tagCount, tagCount), random, -0.1f, 0.1f));
    }

    /// <summary>The score of tag j after tag i at (i, j), shape (K, K).</summary>
    public Parameter Transitions { get; }

    /// <summary>The score of each tag at the first step, shape (K,).</summary>
    public Parameter StartTransitions { get; }

    /// <summary>The score of each tag at the last step, shape (K,).</summary>
    public Parameter EndTransitions { get; }

    /// <summary>The tags that may follow each other, or null for all.</summary>
    public TagConstraints? Constraints { get; }

    /// <summary>The number of tags, K.</summary>
    public int TagCount => Transitions.Shape[0];

    /// <summary>Computes the negative log-likelihood of tags, which <see cref="Variable.Crf"/> defines.</summary>
    /// <param name="emissions">The score of each tag at each step, shape (B, T, K).</param>
    /// <param name="tags">The tags, shape (B, T), each in [0, K); those past a length may hold anything.</param>
    /// <param name="lengths">The number of steps of each sequence, shape (B,), in [0, T]; null for T.</param>
    /// <param name="reduction">The reduction of the losses of sequences; the mean is over sequences.</param>
    /// <returns>
    /// A scalar, or a variable of shape (B,) without a reduction; infinite for tags that the constraints do not allow.
    /// </returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">A tag or a length is out of range.</exception>
    public Variable Loss(Variable emissions, IndexTensor tags, IndexTensor? lengths = null,
        LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(emissions);
        ArgumentNullException.ThrowIfNull(tags);
        var (transitions, start) = Scores();
        return emissions.Crf(transitions, start, EndTransitions, tags, lengths, reduction);
    }

    /// <summary>Finds the tags of the highest score of each sequence (Viterbi). Waits for the device.</summary>
    /// <param name="emissions">The score of each tag at each step, shape (B, T, K).</param>
    /// <param name="lengths">The number of steps of each sequence, shape (B,), in [0, T]; null for T.</param>
    /// <returns>The tags of each sequence, as many as its length.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">A length is out of range.</exception>
    public int[][] Decode(Variable emissions, IndexTensor? lengths = null)
    {
        ArgumentNullException.ThrowIfNull(emissions);
        var (transitions, start) = Scores();
        var (tags, scores) = emissions.CrfDecode(transitions, start, EndTransitions, lengths);
        int[] found = tags.ToArray(), ends = lengths?.ToArray() ?? [];
        tags.Dispose();
        scores.Dispose();
        var steps = emissions.Shape[1];
        return [.. Enumerable.Range(0, emissions.Shape[0])
            .Select(b => found[(b * steps)..(b * steps + (lengths is null ? steps : ends[b]))])];
    }

    /// <summary>Computes the probability of each tag at each step, over all sequences of tags.</summary>
    /// <param name="emissions">The score of each tag at each step, shape (B, T, K).</param>
    /// <param name="lengths">The number of steps of each sequence, shape (B,), in [0, T]; null for T.</param>
    /// <returns>The probabilities, shape (B, T, K), with 0 past a length.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">A length is out of range.</exception>
    public Tensor Marginals(Variable emissions, IndexTensor? lengths = null)
    {
        ArgumentNullException.ThrowIfNull(emissions);
        var (transitions, start) = Scores();
        return emissions.CrfMarginals(transitions, start, EndTransitions, lengths);
    }

    private (Variable Transitions, Variable Start) Scores() =>
        Constraints?.Apply(Transitions, StartTransitions) ?? (Transitions, StartTransitions);
}
