using SeqCore.Samples.LstmVsTransformer.Contenders;
using SeqCore.Samples.LstmVsTransformer.Tasks;

namespace SeqCore.Samples.LstmVsTransformer.Forms;

/// <summary>What is to be learned.</summary>
internal enum TaskKind
{
    RememberFirst,
    Copy,
    Adding,
    AssociativeRecall,

    /// <summary>To remember the first, by Transformers with and without positions.</summary>
    Positions,
}

/// <summary>A task at one length, and when to give up.</summary>
/// <param name="Kind">What is to be learned.</param>
/// <param name="Length">T</param>
/// <param name="Cap">Steps after which a model that has not learned it yet has failed.</param>
internal sealed record Experiment(TaskKind Kind, int Length, int Cap)
{
    /// <summary>The task itself.</summary>
    internal SequenceTask Task => Kind switch
    {
        TaskKind.RememberFirst or TaskKind.Positions => new RememberFirst(Length),
        TaskKind.Copy => new CopyTask(Length),
        TaskKind.Adding => new AddingTask(Length),
        TaskKind.AssociativeRecall => new AssociativeRecall(Length),
        _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "There is no such task."),
    };

    /// <summary>Who learns it.</summary>
    internal IReadOnlyList<Contender> Contenders(TransformerForm form) => Kind != TaskKind.Positions ? Contender.Learners(form) :
    [
        Contender.Transformer(Contender.TransformerName, form),
        Contender.Transformer(Contender.NoPositionsName, form with { Positions = false }),
        Contender.Transformer(Contender.EncoderName, form with { Causal = false }),
        Contender.Transformer(Contender.EncoderNoPositionsName, form with { Causal = false, Positions = false }),
    ];
}
