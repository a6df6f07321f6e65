using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Samples.GradientFlow;

/// <summary>The layers that are compared, as they are before any training.</summary>
internal static class Layers
{
    internal static IEnumerable<(string Name, RecurrentLayer Layer)> All(int size, RandomGenerator random)
    {
        yield return ("RNN", new Rnn(size, size, random));
        yield return ("RNN, orthogonal", Orthogonal(new Rnn(size, size, random), 1f, random));
        yield return ("RNN, ReLU, orthogonal x 2", Orthogonal(Relu(size, random), 2f, random));
        yield return ("GRU", new Gru(size, size, random));
        yield return ("LSTM", new Lstm(size, size, random));
        yield return ("LSTM, forget bias 1", new Lstm(size, size, random, new RecurrentLayerOptions { ForgetGateBias = 1f }));
        yield return ("LSTM, forget bias 4", new Lstm(size, size, random, new RecurrentLayerOptions { ForgetGateBias = 4f }));
    }

    private static Rnn Relu(int size, RandomGenerator random) =>
        new(size, size, random, new RecurrentLayerOptions { Nonlinearity = RecurrentActivation.Relu });

    /// <summary>
    /// Gives the recurrent weights one common singular value, so that only the gates decide what becomes of a gradient.
    /// </summary>
    private static FusedRecurrentLayer Orthogonal(FusedRecurrentLayer layer, float gain, RandomGenerator random)
    {
        Initializer.Orthogonal(layer.Weights[0].WeightHh.Value, random, gain);
        return layer;
    }
}
