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
