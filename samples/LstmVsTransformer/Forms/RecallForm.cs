using SeqCore.Samples.LstmVsTransformer.Contenders;

namespace SeqCore.Samples.LstmVsTransformer.Forms;

/// <summary>How learning is measured.</summary>
/// <param name="Seeds">Runs of each model on each task.</param>
/// <param name="Experiments">Tasks, lengths and limits.</param>
internal sealed record RecallForm(int Seeds, IReadOnlyList<Experiment> Experiments)
{
    /// <summary>The Transformer that the others have as many parameters as.</summary>
    internal TransformerForm Transformer { get; } = new(32, 2, 2);

    /// <summary>B, new sequences in every step.</summary>
    internal int Batch { get; } = 16;

    /// <summary>
    /// Of Adam: every model is trained with each, and the better one of each model at each task and length counts.
    /// </summary>
    internal IReadOnlyList<float> LearningRates { get; } = [3e-3f, 1e-2f];

    /// <summary>Global norm to which gradients are clipped.</summary>
    internal float Clip { get; } = 1f;

    /// <summary>Steps over which loss and accuracy are averaged: one point of a curve.</summary>
    internal int Every { get; } = 25;

    /// <summary>Accuracy from which a task counts as learned.</summary>
    internal double Learned { get; } = 0.99;

    internal static RecallForm Short { get; } = new(2,
    [
        new(TaskKind.RememberFirst, 10, 1000), new(TaskKind.RememberFirst, 30, 600), new(TaskKind.RememberFirst, 100, 400),
        new(TaskKind.Copy, 20, 1000), new(TaskKind.Adding, 20, 1000), new(TaskKind.AssociativeRecall, 9, 2000),
        new(TaskKind.Positions, 20, 300),
    ]);

    internal static RecallForm Full { get; } = new(3,
    [
        new(TaskKind.RememberFirst, 10, 4000), new(TaskKind.RememberFirst, 30, 4000), new(TaskKind.RememberFirst, 100, 2500),
        new(TaskKind.RememberFirst, 300, 1000), new(TaskKind.RememberFirst, 1000, 700),
        new(TaskKind.Copy, 30, 3000), new(TaskKind.Copy, 100, 1500),
        new(TaskKind.Adding, 30, 4000), new(TaskKind.Adding, 100, 2000),
        new(TaskKind.AssociativeRecall, 9, 6000), new(TaskKind.AssociativeRecall, 17, 6000),
        new(TaskKind.Positions, 50, 1000),
    ]);
}
