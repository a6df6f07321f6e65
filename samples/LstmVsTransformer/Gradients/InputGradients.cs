using SeqCore.Samples.LstmVsTransformer.Contenders;

namespace SeqCore.Samples.LstmVsTransformer.Gradients;

/// <summary>How much of a loss at the last step reaches each input.</summary>
internal static class InputGradients
{
    /// <summary>
    /// The norm of d loss / d x_t, where the loss is the last output times a random vector of norm 1, for each sequence its own.
    /// </summary>
    /// <param name="core">What is measured.</param>
    /// <param name="inputs">Shape (B, T, E).</param>
    /// <param name="random">Draws the vectors.</param>
    /// <returns>For each sequence, by t.</returns>
    internal static double[][] Norms(SequenceCore core, Tensor inputs, RandomGenerator random)
    {
        using var tape = new Tape();
        var x = new Variable(inputs, requiresGradient: true);
        var last = core.Last(x, 1);
        tape.Backward(last, UnitRows(Tensor.RandomNormal(last.Shape, random)));
        core.ZeroGradients();
        var (batch, steps, width) = (inputs.Shape[0], inputs.Shape[1], inputs.Shape[2]);
        var values = x.Gradient!.ToArray();
        x.ZeroGradient();

        // In double: the squares of what is left after a hundred steps are too small for float32.
        return [.. Enumerable.Range(0, batch)
            .Select(b => Enumerable.Range(0, steps).Select(t => Norm(values.AsSpan((b * steps + t) * width, width))).ToArray())];
    }

    private static double Norm(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += (double)value * value;
        return Math.Sqrt(sum);
    }

    private static Tensor UnitRows(Tensor x) => x / x.Norm(-1, keepDimensions: true);
}
