namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>
/// A problem whose answer stands far back in a sequence. Every batch is drawn anew, so accuracy is always that
/// on unseen sequences.
/// </summary>
/// <param name="length">T, steps of a sequence.</param>
internal abstract class SequenceTask(int length)
{
    /// <summary>For tables.</summary>
    internal abstract string Name { get; }

    /// <summary>T</summary>
    internal int Length => length;

    /// <summary>Tokens that a sequence is made of; 0 where it is made of pairs of numbers.</summary>
    internal abstract int VocabularySize { get; }

    /// <summary>Numbers that the model gives for each answer.</summary>
    internal abstract int OutputSize { get; }

    /// <summary>Answers of a sequence: the model gives them at its last steps.</summary>
    internal virtual int Answers => 1;

    /// <summary>Share of right answers that guessing without looking at the sequence gives.</summary>
    internal abstract double Chance { get; }

    /// <summary>Draws B sequences.</summary>
    internal abstract TaskBatch Draw(RandomGenerator random, int batchSize);

    /// <summary>The mean loss over all answers, to be made small.</summary>
    /// <param name="outputs">Shape (B, answers, outputs).</param>
    /// <param name="batch">What was asked.</param>
    internal abstract Variable Loss(Variable outputs, TaskBatch batch);

    /// <summary>Share of right answers.</summary>
    /// <param name="outputs">Shape (B, answers, outputs).</param>
    /// <param name="batch">What was asked.</param>
    internal abstract double Accuracy(Tensor outputs, TaskBatch batch);
}

/// <summary>Sequences and what should be answered.</summary>
/// <param name="Tokens">Shape (B, T); null where the sequences are made of numbers.</param>
/// <param name="Numbers">Shape (B, T, 2); null where they are made of tokens.</param>
/// <param name="Classes">Shape (B, answers); null where numbers are asked for.</param>
/// <param name="Values">Shape (B, 1, 1); null where classes are asked for.</param>
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
