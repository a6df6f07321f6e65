namespace SeqCore.Samples.Book;

/// <summary>The figures of the book that this program draws.</summary>
/// <param name="root">The folder of the checkout.</param>
internal sealed class BookFigures(string root)
{
    /// <summary>The folder of the figures, from the root.</summary>
    internal const string Folder = BookPages.Folder + "/figures";

    /// <summary>The file of recorded attention weights, from the root.</summary>
    internal const string Recorded = Folder + "/attention-weights.json";

    /// <summary>The names of the figures.</summary>
    internal static IReadOnlyList<string> Names { get; } =
    [
        "overfitting", "unrolled-network", "lstm-cell", "attention-masks", "sinusoidal-positions", "attention-weights",
        "transformer-block", "temperature", "schedules", "warm-up", "exponential",
    ];

    /// <summary>The path of a figure from the root.</summary>
    internal static string PathOf(string name) => $"{Folder}/{name}.svg";

    /// <summary>Draws a figure.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    internal string Draw(string name) => name switch
    {
        "overfitting" => TrainingFigures.Overfitting(Read($"{BookPages.Folder}/00-one-model-end-to-end.md")),
        "unrolled-network" => NetworkFigures.Unrolled(),
        "lstm-cell" => NetworkFigures.LstmCell(),
        "attention-masks" => AttentionFigures.Masks(),
        "sinusoidal-positions" => AttentionFigures.Positions(),
        "attention-weights" => AttentionFigures.Attention(Read(Recorded)),
        "transformer-block" => NetworkFigures.TransformerBlock(),
        "temperature" => TrainingFigures.Temperature(),
        "schedules" => TrainingFigures.Schedules(),
        "warm-up" => TrainingFigures.WarmUp(Read($"{BookPages.Folder}/11-training-stability.md")),
        "exponential" => TrainingFigures.Exponential(Read("SeqCore.Kernels/Elementary/Exp.cs")),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such figure."),
    };

    private string Read(string path) => File.ReadAllText(Path.Combine(root, path));
}
