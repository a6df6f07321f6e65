namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>
/// A problem whose answer is far back in a sequence. Every batch is drawn again, so accuracy is always measured
/// on unseen sequences.
/// </summary>
/// <param name="length">T, the number of steps of a sequence.</param>
internal abstract class SequenceTask(int length)
{
    /// <summary>The name in tables.</summary>
    internal abstract string Name { get; }

    /// <summary>T, the number of steps of a sequence.</summary>
    internal int Length => length;

    /// <summary>The number of different tokens; 0 for sequences of pairs of numbers.</summary>
    internal abstract int VocabularySize { get; }

    /// <summary>The number of outputs of the model for each answer.</summary>
    internal abstract int OutputSize { get; }

    /// <summary>The number of answers of a sequence, which the model gives at its last steps.</summary>
    internal virtual int Answers => 1;

    /// <summary>The accuracy of guessing without reading the sequence.</summary>
    internal abstract double Chance { get; }

    /// <summary>Draws B sequences.</summary>
    internal abstract TaskBatch Draw(RandomGenerator random, int batchSize);

    /// <summary>The mean loss over all answers.</summary>
    /// <param name="outputs">Shape (B, answers, outputs).</param>
    /// <param name="batch">The batch with the expected answers.</param>
    internal abstract Variable Loss(Variable outputs, TaskBatch batch);

    /// <summary>The accuracy: the fraction of right answers.</summary>
    /// <param name="outputs">Shape (B, answers, outputs).</param>
    /// <param name="batch">The batch with the expected answers.</param>
    internal abstract double Accuracy(Tensor outputs, TaskBatch batch);
}

/// <summary>Sequences and their expected answers.</summary>
/// <param name="Tokens">Shape (B, T); null where the sequences are made of numbers.</param>
/// <param name="Numbers">Shape (B, T, 2); null where they are made of tokens.</param>
/// <param name="Classes">Shape (B, answers); null where the answers are numbers.</param>
/// <param name="Values">Shape (B, 1, 1); null where the answers are classes.</param>
internal sealed record TaskBatch(IndexTensor? Tokens, Tensor? Numbers, IndexTensor? Classes, Tensor? Values) : IDisposable
{
    public void Dispose()
    {
        Tokens?.Dispose();
        Numbers?.Dispose();
        Classes?.Dispose();
        Values?.Dispose();
    }
}
