namespace SeqCore.Samples.LstmVsTransformer.Forms;

/// <summary>How memory is measured; the models are those of <see cref="SpeedForm"/>.</summary>
/// <param name="Lengths">Whole sequences, in inference and training; and tokens that a stream has read.</param>
internal sealed record MemoryForm(int[] Lengths)
{
    internal static MemoryForm Short { get; } = new([64, 256, 1024, 2048]);

    internal static MemoryForm Full { get; } = new([64, 128, 256, 512, 1024, 2048, 4096, 8192]);
}
