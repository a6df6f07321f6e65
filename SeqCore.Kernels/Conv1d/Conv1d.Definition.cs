namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>
    /// y_(b,t,o) = bias_o + sum_(k,i) w_(o,i,k) x_(b, t stride + k dilation - left, g I/G + i), 0 past the result's length.
    /// </summary>
    /// <param name="s">The sizes.</param>
    /// <param name="x">Shape (B, T, I).</param>
    /// <param name="weight">Shape (O, I / groups, K).</param>
    /// <param name="bias">Shape (O), or empty for 0.</param>
    /// <param name="lengths">Shape (B), or null for T.</param>
    internal static double[] Conv1d(in Conv1dShape s, double[] x, double[] weight, double[] bias, int[]? lengths = null)
    {
        var y = new double[s.Batch * s.OutputSteps * s.Outputs];
        var shape = s;
        Conv1dTerms(s, lengths, (b, t, o) => y[(b * shape.OutputSteps + t) * shape.Outputs + o] += bias.Length == 0 ? 0 : bias[o],
            (at, w, to) => y[to] += x[at] * weight[w]);
        return y;
    }

    /// <summary>The gradients of x, weight and bias: each product x w in y gives w dY to x and x dY to w.</summary>
    internal static (double[] DX, double[] DWeight, double[] DBias) Conv1dGradient(in Conv1dShape s, double[] x, double[] weight,
        double[] dY, int[]? lengths = null)
    {
        double[] dX = new double[x.Length], dWeight = new double[weight.Length], dBias = new double[s.Outputs];
        var shape = s;
        Conv1dTerms(s, lengths, (b, t, o) => dBias[o] += dY[(b * shape.OutputSteps + t) * shape.Outputs + o], (at, w, to) =>
        {
            dX[at] += weight[w] * dY[to];
            dWeight[w] += x[at] * dY[to];
        });
        return (dX, dWeight, dBias);
    }

    /// <summary>Calls once for each output, and once for each product in it, with the places of x, weight and y.</summary>
    private static void Conv1dTerms(in Conv1dShape s, int[]? lengths, Action<int, int, int> output, Action<int, int, int> product)
    {
        for (var b = 0; b < s.Batch; b++)
        {
            var length = lengths?[b] ?? s.Steps;
            for (var t = 0; t < s.OutputLength(length); t++)
            {
                for (var o = 0; o < s.Outputs; o++)
                {
                    output(b, t, o);
                    for (var i = 0; i < s.GroupInputs; i++)
                    {
                        for (var k = 0; k < s.Kernel; k++)
                        {
                            var step = t * s.Stride + k * s.Dilation - s.PaddingLeft;
                            var channel = o / s.GroupOutputs * s.GroupInputs + i;
                            if (step >= 0 && step < length)
                            {
                                product((b * s.Steps + step) * s.Inputs + channel, (o * s.GroupInputs + i) * s.Kernel + k,
                                    (b * s.OutputSteps + t) * s.Outputs + o);
                            }
                        }
                    }
                }
            }
        }
    }
}
