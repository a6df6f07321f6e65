namespace SeqCore.Samples.LstmVsTransformer.Tasks;

/// <summary>A task in tokens: each answer is one of some classes.</summary>
internal abstract class TokenTask(int length) : SequenceTask(length)
{
    /// <inheritdoc/>
    internal override double Chance => 1.0 / OutputSize;

    /// <summary>Writes one sequence and its answers.</summary>
    /// <param name="random">Draws them.</param>
    /// <param name="tokens">T of them.</param>
    /// <param name="answers">As many classes as the task has answers.</param>
    internal abstract void Fill(RandomGenerator random, Span<int> tokens, Span<int> answers);

    /// <inheritdoc/>
    internal override TaskBatch Draw(RandomGenerator random, int batchSize)
    {
        var tokens = new int[batchSize * Length];
        var answers = new int[batchSize * Answers];
        for (var b = 0; b < batchSize; b++)
            Fill(random, tokens.AsSpan(b * Length, Length), answers.AsSpan(b * Answers, Answers));
        return new TaskBatch(IndexTensor.FromSpan(tokens, [batchSize, Length]), null,
            IndexTensor.FromSpan(answers, [batchSize, Answers]), null);
    }

    /// <inheritdoc/>
    internal override Variable Loss(Variable outputs, TaskBatch batch) => outputs.CrossEntropy(batch.Classes!);

    /// <inheritdoc/>
    internal override double Accuracy(Tensor outputs, TaskBatch batch)
    {
        var (values, classes) = (outputs.ToArray(), batch.Classes!.ToArray());
        var right = 0;
        for (var i = 0; i < classes.Length; i++)
        {
            var row = values.AsSpan(i * OutputSize, OutputSize);
            right += IndexOfGreatest(row) == classes[i] ? 1 : 0;
        }

        return (double)right / classes.Length;
    }

    private static int IndexOfGreatest(ReadOnlySpan<float> row)
    {
        var best = 0;
        for (var i = 1; i < row.Length; i++)
        {
            if (row[i] > row[best])
                best = i;
        }

        return best;
    }
}
