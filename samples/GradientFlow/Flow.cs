using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.GradientFlow;

/// <summary>Measures how much of the last step's gradient reaches each step before it.</summary>
internal static class Flow
{
    /// <summary>The layers that are compared, as they are before any training.</summary>
    internal static IEnumerable<(string Name, ModelColour Colour, RecurrentLayer Layer)> Layers(int size, RandomGenerator random)
    {
        yield return ("RNN", ModelColour.Rnn, new Rnn(size, size, random));
        yield return ("RNN, orthogonal", ModelColour.Rnn, Orthogonal(new Rnn(size, size, random), 1f, random));
        yield return ("RNN, ReLU, orthogonal x 2", ModelColour.Rnn, Orthogonal(Relu(size, random), 2f, random));
        yield return ("GRU", ModelColour.Gru, new Gru(size, size, random));
        yield return ("LSTM", ModelColour.Lstm, new Lstm(size, size, random));
        yield return ("LSTM, forget bias 1", ModelColour.Lstm, new Lstm(size, size, random, new() { ForgetGateBias = 1f }));
        yield return ("LSTM, forget bias 4", ModelColour.Lstm, new Lstm(size, size, random, new() { ForgetGateBias = 4f }));
    }

    private static Rnn Relu(int size, RandomGenerator random) =>
        new(size, size, random, new() { Nonlinearity = RecurrentActivation.Relu });

    /// <summary>
    /// Gives the recurrent weights one common singular value, so that only the gates decide what happens to a gradient.
    /// </summary>
    private static FusedRecurrentLayer Orthogonal(FusedRecurrentLayer layer, float gain, RandomGenerator random)
    {
        Initializer.Orthogonal(layer.Weights[0].WeightHh.Value, random, gain);
        return layer;
    }

    /// <summary>
    /// The norm of the gradient of each input x_t when a random gradient of norm 1 arrives at the last hidden state of each
    /// sequence, averaged (geometrically) over the batch, and divided by that of the last input.
    /// </summary>
    /// <param name="layer">The layer to measure, with its initial weights.</param>
    /// <param name="sequences">Random sequences in the batch.</param>
    /// <param name="steps">T, the number of steps.</param>
    /// <param name="random">Draws the inputs and the gradient.</param>
    /// <returns>By distance from the last step: element 0 is 1.</returns>
    internal static double[] Measure(RecurrentLayer layer, int sequences, int steps, RandomGenerator random)
    {
        using var tape = new Tape();
        var x = new Variable(Tensor.RandomNormal(new Shape(sequences, steps, layer.InputSize), random), requiresGradient: true);
        var hidden = layer.Forward(x).State.Hidden[0];
        tape.Backward(hidden, UnitRows(Tensor.RandomNormal(hidden.Shape, random)));
        using var gradient = x.Gradient!;
        var norms = NormsOfRows(gradient);
        var flow = new double[steps];
        for (var distance = 0; distance < steps; distance++)
        {
            var sum = 0.0;
            for (var b = 0; b < sequences; b++)
                sum += Math.Log(norms[b * steps + steps - 1 - distance]) - Math.Log(norms[b * steps + steps - 1]);
            flow[distance] = Math.Exp(sum / sequences);
        }

        return flow;
    }

    /// <summary>In double: the squares of what is left after a hundred steps are too small for float32.</summary>
    private static double[] NormsOfRows(Tensor x)
    {
        var (values, width) = (x.ToArray(), x.Shape[-1]);
        var norms = new double[values.Length / width];
        for (var i = 0; i < values.Length; i++)
            norms[i / width] += (double)values[i] * values[i];
        return Array.ConvertAll(norms, Math.Sqrt);
    }

    private static Tensor UnitRows(Tensor x) => x / x.Norm(-1, keepDimensions: true);
}
