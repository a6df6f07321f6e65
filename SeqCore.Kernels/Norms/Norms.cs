using SeqCore.Kernels.Norms;

namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// y_rc = (x_rc - mean_r) rstd_r w_c + b_c, rstd_r = 1 / sqrt(variance_r + epsilon), the variance over n (Ba, Kiros and
    /// Hinton, arXiv:1607.06450, equation 4).
    /// </summary>
    /// <exception cref="ArgumentException">An operand does not have its shape.</exception>
    public void LayerNorm(in NormArguments arguments) => Norm<LayerNormKind>(nameof(LayerNorm), arguments);

    /// <summary>
    /// Computes the gradients of <see cref="LayerNorm"/>: writes dX, and dWeight and dBias unless they are absent.
    /// </summary>
    /// <exception cref="ArgumentException">An operand does not have its shape.</exception>
    public void LayerNormGradient(in NormGradientArguments arguments) =>
        NormGradient<LayerNormKind>(nameof(LayerNormGradient), arguments);

    /// <summary>
    /// y_rc = x_rc rstd_r w_c, rstd_r = 1 / sqrt(mean_c(x_rc^2) + epsilon) (Zhang and Sennrich, "Root mean square layer
    /// normalization", arXiv:1910.07467). It has no bias and no mean.
    /// </summary>
    /// <exception cref="ArgumentException">An operand does not have its shape.</exception>
    public void RmsNorm(in NormArguments arguments) => Norm<RmsNormKind>(nameof(RmsNorm), arguments);

    /// <summary>Computes the gradients of <see cref="RmsNorm"/>: writes dX, and dWeight unless it is absent.</summary>
    /// <exception cref="ArgumentException">An operand does not have its shape.</exception>
    public void RmsNormGradient(in NormGradientArguments arguments) =>
        NormGradient<RmsNormKind>(nameof(RmsNormGradient), arguments);

    private void Norm<TKind>(string operation, in NormArguments arguments) where TKind : struct, INormKind
    {
        arguments.Check<TKind>(operation);
        RunNorm<TKind>(operation, arguments);
        KeepAlive(arguments);
    }

    private void NormGradient<TKind>(string operation, in NormGradientArguments arguments) where TKind : struct, INormKind
    {
        arguments.Check<TKind>(operation);
        RunNormGradient<TKind>(operation, arguments);
        KeepAlive(arguments);
    }

    private protected abstract void RunNorm<TKind>(string operation, in NormArguments arguments) where TKind : struct, INormKind;

    private protected abstract void RunNormGradient<TKind>(string operation, in NormGradientArguments arguments)
        where TKind : struct, INormKind;
}
