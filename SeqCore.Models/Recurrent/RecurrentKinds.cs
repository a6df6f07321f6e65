namespace SeqCore.Models;

/// <summary>Makes recurrent layers of a kind that is chosen at run time.</summary>
internal static class RecurrentKinds
{
    /// <summary>Returns the name that such a layer is registered under: PyTorch's, in lower case.</summary>
    internal static string Name(this RecurrentKind kind) => kind switch
    {
        RecurrentKind.Rnn => "rnn",
        RecurrentKind.Lstm => "lstm",
        RecurrentKind.Gru => "gru",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "RecurrentKind: there is no such kind of layer."),
    };

    /// <summary>Makes the layers of a model, and the name that they are registered under.</summary>
    /// <param name="kind">The kind of the layers, unless they are custom ones.</param>
    /// <param name="newLayer">Makes custom layers; null for those of the kind.</param>
    /// <param name="owner">The name of the module in errors.</param>
    /// <param name="inputSize">The number of features of an input, I.</param>
    /// <param name="hiddenSize">The number of hidden units, H.</param>
    /// <param name="random">The generator that draws the initial values and the masks.</param>
    /// <param name="options">The number of layers, the directions and the regularisation.</param>
    /// <exception cref="ArgumentException">There are no custom layers, or they are of other sizes.</exception>
    internal static (string Name, RecurrentLayer Layer) NewLayer(this RecurrentKind kind,
        Func<int, int, RandomGenerator, RecurrentLayerOptions, RecurrentLayer>? newLayer, string owner, int inputSize,
        int hiddenSize, RandomGenerator random, RecurrentLayerOptions options)
    {
        if (newLayer is null)
            return (kind.Name(), kind.NewLayer(inputSize, hiddenSize, random, options));
        const string factory = nameof(RecurrentLanguageModelOptions.NewLayer);
        var layer = newLayer(inputSize, hiddenSize, random, options)
            ?? throw new ArgumentException($"{owner}: {factory} returned null. Hint: for a built-in layer choose its"
                + $" {nameof(RecurrentKind)} and do not set {factory}.", factory);
        var (expected, made) = (Sizes(inputSize, hiddenSize, options), Sizes(layer.InputSize, layer.HiddenSize, layer.Options));
        if (made != expected)
        {
            throw new ArgumentException($"{owner}: the result of {factory} should have {expected}; got {layer.Kind} with {made}."
                + " Hint: make the layer with the sizes and options that the function is given.", factory);
        }

        return ("recurrent", layer);
    }

    private static string Sizes(int inputSize, int hiddenSize, RecurrentLayerOptions options) =>
        $"{nameof(RecurrentLayer.InputSize)} {inputSize}, {nameof(RecurrentLayer.HiddenSize)} {hiddenSize},"
        + $" {nameof(options.Layers)} {options.Layers}, {nameof(options.Bidirectional)} {options.Bidirectional},"
        + $" {nameof(options.IsTimeFirst)} {options.IsTimeFirst} and {nameof(options.ProjectionSize)} {options.ProjectionSize}";

    internal static FusedRecurrentLayer NewLayer(this RecurrentKind kind, int inputSize, int hiddenSize, RandomGenerator random,
        RecurrentLayerOptions options) =>
        kind switch
        {
            RecurrentKind.Rnn => new Rnn(inputSize, hiddenSize, random, options),
            RecurrentKind.Lstm => new Lstm(inputSize, hiddenSize, random, options),
            RecurrentKind.Gru => new Gru(inputSize, hiddenSize, random, options),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "RecurrentKind: there is no such kind of layer."),
        };
}
