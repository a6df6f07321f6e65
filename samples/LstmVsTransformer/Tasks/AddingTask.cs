namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>
/// Add two marked numbers: pairs of a number in [-1, 1) and a marker, 1 at two positions, -1 at the first and last step, else 0.
/// The first mark is among the first ten pairs, the second among the first T/2 - 1 others; the target is 0.5 + (X1 + X2) / 4, and
/// right is an error below 0.04 (Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9, 1997, the adding
/// problem). Differs from the paper: all sequences have T steps, where there they have up to a tenth more.
/// </summary>
internal sealed class AddingTask : SequenceTask
{
    private const double Tolerance = 0.04;

    internal AddingTask(int length) : base(length) => ArgumentOutOfRangeException.ThrowIfLessThan(length, 8);

    /// <inheritdoc/>
    internal override string Name => "adding problem";

    /// <inheritdoc/>
    internal override int VocabularySize => 0;

    /// <inheritdoc/>
    internal override int OutputSize => 1;

    /// <summary>
    /// Always saying 0.5 is right where |X1 + X2| is below 0.16: 1 - (1 - 0.08)^2, for the sum of two uniform numbers.
    /// </summary>
    internal override double Chance => 1 - Math.Pow(1 - 2 * Tolerance, 2);

    /// <summary>Writes one sequence.</summary>
    /// <param name="random">Draws the sequence.</param>
    /// <param name="pairs">Receives the number and marker of each step.</param>
    /// <returns>The target.</returns>
    internal static float Fill(RandomGenerator random, Span<float> pairs)
    {
        var length = pairs.Length / 2;
        for (var t = 0; t < length; t++)
            (pairs[2 * t], pairs[2 * t + 1]) = (2 * random.NextSingle() - 1, 0f);
        pairs[1] = pairs[2 * length - 1] = -1f;
        var first = random.NextInt32(Math.Min(10, length - 1));
        var second = random.NextInt32(length / 2 - 1);
        if (second >= first)
            second++;
        if (Math.Min(first, second) == 0)
            pairs[0] = 0f;
        pairs[2 * first + 1] = pairs[2 * second + 1] = 1f;
        return 0.5f + (pairs[2 * first] + pairs[2 * second]) / 4f;
    }

    /// <inheritdoc/>
    internal override TaskBatch Draw(RandomGenerator random, int batchSize)
    {
        var pairs = new float[batchSize * Length * 2];
        var targets = new float[batchSize];
        for (var b = 0; b < batchSize; b++)
            targets[b] = Fill(random, pairs.AsSpan(b * Length * 2, Length * 2));
        return new TaskBatch(null, Tensor.FromSpan(pairs, [batchSize, Length, 2]), null,
            Tensor.FromSpan(targets, [batchSize, 1, 1]));
    }

    /// <inheritdoc/>
    internal override Variable Loss(Variable outputs, TaskBatch batch) =>
        SeqCore.Models.Loss.MeanSquaredError(outputs, batch.Values!);

    /// <inheritdoc/>
    internal override double Accuracy(Tensor outputs, TaskBatch batch)
    {
        var (given, wanted) = (outputs.ToArray(), batch.Values!.ToArray());
        return given.Zip(wanted).Count(p => Math.Abs(p.First - p.Second) < Tolerance) / (double)given.Length;
    }
}
