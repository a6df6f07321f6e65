namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// The log probability of each token where a decoder either generates a token or copies one from its source (See, Liu and
    /// Manning, "Get to the point: summarization with pointer-generator networks", arXiv:1704.04368, equation 9): with p =
    /// sigmoid(g), y_v = log(p softmax(x)_v + (1 - p) c_v), where c_v is the sum of the weights a_i of the positions i of the
    /// source that hold token v. It is computed as log(e^u + e^w) with u = log p + x_v - log sum_k e^(x_k) and w =
    /// log(1 - p) + log c_v, so that no probability underflows; where c_v is 0, y_v is u. If the weights of a row add up to 1, so
    /// do the probabilities, and y is its own log-softmax. A source of length 0 has nothing to copy: p is 1 there, whatever g. A
    /// logit of -infinity forbids generating the token, but not copying it.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An operand is too short, or a token of a source or a length is out of range, which a GPU reports when a value is next
    /// read.
    /// </exception>
    public void CopyMixture(in CopyMixtureArguments arguments)
    {
        arguments.Check(nameof(CopyMixture));
        RunCopyMixture(arguments);
        KeepAlive(arguments);
    }

    /// <summary>
    /// The gradients of <see cref="CopyMixture"/>. With f_v = (1 - p) / e^(y_v): dA_i = f_v dY_v for the token v at position i;
    /// r_v = c_v f_v dY_v is the part of dY_v that belongs to copying; dX_v = dY_v - r_v - softmax(x)_v R and dG = R - p D, where
    /// D is the sum of dY over the tokens and R that of dY - r. The factor f_v is at most e^80, which changes nothing unless a
    /// token has a probability below 2e-35. Positions past a source's length have gradient 0.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An operand is too short, or a token of a source or a length is out of range, which a GPU reports when a value is next
    /// read.
    /// </exception>
    public void CopyMixtureGradient(in CopyMixtureArguments arguments, in CopyMixtureGradients gradients)
    {
        arguments.Check(nameof(CopyMixtureGradient));
        gradients.Check(nameof(CopyMixtureGradient), arguments);
        RunCopyMixtureGradient(arguments, gradients);
        KeepAlive((arguments, gradients));
    }

    private protected abstract void RunCopyMixture(in CopyMixtureArguments arguments);

    private protected abstract void RunCopyMixtureGradient(in CopyMixtureArguments arguments, in CopyMixtureGradients gradients);
}
