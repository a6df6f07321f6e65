namespace SeqCore.Samples.LstmVsTransformer.Tasks;

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
