namespace SeqCore.Samples.LstmVsTransformer.Commands;

/// <summary>Parts of the study, in the order in which they run.</summary>
[Flags]
internal enum Parts
{
    Speed = 1,
    Memory = 2,
    Recall = 4,
    Gradients = 8,
    All = Speed | Memory | Recall | Gradients,
}
