using SeqCore.Samples.LstmVsTransformer.Contenders;
using SeqCore.Samples.LstmVsTransformer.Measuring;

namespace SeqCore.Samples.LstmVsTransformer.Forms;

/// <summary>How speed is measured.</summary>
/// <param name="Lengths">Whole sequences.</param>
/// <param name="TrainingLengths">Whole sequences, forward and backward.</param>
/// <param name="Positions">Token by token up to here.</param>
/// <param name="CoresLength">Length at which one thread and all are compared.</param>
/// <param name="Runs">Streams of tokens of each model; the least time of each position counts.</param>
/// <param name="Timing">Of whole sequences.</param>
internal sealed record SpeedForm(int[] Lengths, int[] TrainingLengths, int Positions, int CoresLength, int Runs, Timing Timing)
{
    /// <summary>The Transformer that the others have as many parameters as.</summary>
    internal TransformerForm Transformer { get; } = new(128, 2, 2);

    /// <summary>Steps that the sliding window sees.</summary>
    internal int Window { get; init; } = 128;

    /// <summary>V</summary>
    internal int Vocabulary { get; } = 64;

    internal static SpeedForm Short { get; } = new([16, 32, 64, 128, 256, 512, 1024, 2048], [64, 256, 1024], 1024, 1024, 3,
        new Timing(0.05, 0.05, 3));

    internal static SpeedForm Full { get; } = new([16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192],
        [32, 64, 128, 256, 512, 1024, 2048], 8192, 2048, 5, new Timing(0.3, 0.6, 5));
}
