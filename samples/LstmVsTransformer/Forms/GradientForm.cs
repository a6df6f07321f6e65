namespace SeqCore.Samples.LstmVsTransformer.Forms;

/// <summary>How gradients are measured.</summary>
/// <param name="Steps">T, and so the greatest distance plus one.</param>
/// <param name="Sequences">B, random sequences that are averaged over.</param>
/// <param name="Seeds">Models of each kind.</param>
internal sealed record GradientForm(int Steps, int Sequences, int Seeds)
{
    /// <summary>E and H, and D of the Transformer.</summary>
    internal int Size { get; } = 64;

    internal static GradientForm Short { get; } = new(300, 16, 3);

    internal static GradientForm Full { get; } = new(1000, 16, 5);
}
