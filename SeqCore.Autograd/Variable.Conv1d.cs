using SeqCore.Functions;

namespace SeqCore;

public partial class Variable
{
    /// <summary>
    /// Convolves sequences along time, as PyTorch's conv1d, with the channels on the last axis: y_(b,t,o) = bias_o + sum_(k,i)
    /// w_(o,i,k) x_(b, t stride + k dilation - left, i), where i runs over the channels of the group of o. This variable is x,
    /// shape (B, T, I).
    /// </summary>
    /// <param name="weight">The weight w, shape (O, I / groups, K).</param>
    /// <param name="bias">The bias, shape (O,); null for none.</param>
    /// <param name="options">Stride, dilation, groups and padding; null for <see cref="Conv1dOptions.Default"/>.</param>
    /// <param name="lengths">
    /// The number of steps of each sequence, shape (B,), in [0, T]: later steps count as 0, whatever they hold, so that a result
    /// does not depend on the padding of its batch, and results past the length of theirs
    /// (<see cref="Conv1dOptions.OutputLengths"/>) are 0. Null for T.
    /// </param>
    /// <returns>The results, shape (B, T', O), with T' = <see cref="Conv1dOptions.OutputLength"/>.</returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentException">An option or a length is out of range.</exception>
    public Variable Conv1d(Variable weight, Variable? bias = null, Conv1dOptions? options = null, IndexTensor? lengths = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return new Conv1dFunction(this, weight, bias, options ?? Conv1dOptions.Default, lengths).Apply();
    }
}
