using SeqCore.Kernels.Conv1d;

namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// y_(b,t,o) = bias_o + sum_(k,i) w_(o,i,k) x_(b, t stride + k dilation - left, g I/G + i), where g is the group of output o:
    /// the convolution of sequences (cross-correlation, as PyTorch's conv1d). Steps before the first, after the last and past a
    /// row's length count as 0, whatever they hold; outputs past the length of the row's result
    /// (<see cref="Conv1dShape.OutputLength"/>) are 0.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An operand is too short for the shape, or a length is out of range, which a GPU reports when a value is next read.
    /// </exception>
    public void Conv1d(in Conv1dArguments arguments)
    {
        Conv1dChecks.Forward(nameof(Conv1d), arguments);
        RunConv1d(arguments);
        KeepAlive(arguments);
    }

    /// <summary>
    /// The gradients of <see cref="Conv1d"/>, those that are present: dX_(b,u,i) = sum_(o,k) w_(o,i,k) dY_(b,t,o) over the t with
    /// t stride + k dilation - left = u, dW_(o,i,k) = sum_(b,t) x_(b, t stride + k dilation - left, i) dY_(b,t,o), and dBias_o =
    /// sum_(b,t) dY_(b,t,o). What dY holds past the length of a row's result is ignored, and dX is 0 past the row's length.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An operand is too short for the shape, or a length is out of range, which a GPU reports when a value is next read.
    /// </exception>
    public void Conv1dGradient(in Conv1dArguments arguments, in Conv1dGradients gradients)
    {
        Conv1dChecks.Backward(nameof(Conv1dGradient), arguments, gradients);
        RunConv1dGradient(arguments, gradients);
        KeepAlive((arguments, gradients));
    }

    private protected abstract void RunConv1d(in Conv1dArguments arguments);

    private protected abstract void RunConv1dGradient(in Conv1dArguments arguments, in Conv1dGradients gradients);
}
