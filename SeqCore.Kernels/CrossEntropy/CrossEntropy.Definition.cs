namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>
    /// The loss of one token and its gradient. With p = softmax(x) and smoothing s:
    /// loss = u ((1 - s) w_target (-log p_target) + s mean_k w_k (-log p_k)), and
    /// dX_k = u (p_k ((1 - s) w_target + s mean(w)) - (1 - s) w_target [k = target] - s w_k / classes).
    /// </summary>
    /// <param name="x">Shape (classes): the logits.</param>
    /// <param name="target">The target class; for the ignored index, loss and gradient are 0.</param>
    /// <param name="options">The ignored index and the label smoothing.</param>
    /// <param name="tokenWeight">u, the weight of the token.</param>
    /// <param name="classWeights">Shape (classes): w, or empty for 1.</param>
    internal static (double Loss, double[] DX) CrossEntropy(ReadOnlySpan<double> x, int target, in CrossEntropyOptions options,
        double tokenWeight = 1, ReadOnlySpan<double> classWeights = default)
    {
        var dX = new double[x.Length];
        if (target == options.IgnoreIndex)
            return (0, dX);
        var logP = LogSoftmax(x);
        double smoothing = options.LabelSmoothing, loss = 0, total = 0;
        for (var k = 0; k < x.Length; k++)
        {
            // The target probability, with the weight of its class.
            var asked = (smoothing / x.Length) + (k == target ? 1 - smoothing : 0);
            if (!classWeights.IsEmpty)
                asked *= classWeights[k];
            loss -= tokenWeight * asked * logP[k];
            dX[k] = -tokenWeight * asked;
            total += tokenWeight * asked;
        }

        for (var k = 0; k < x.Length; k++)
            dX[k] += total * Math.Exp(logP[k]);
        return (loss, dX);
    }
}
