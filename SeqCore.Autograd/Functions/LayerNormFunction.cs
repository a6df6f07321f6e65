using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Computes y = (s - mean) / sqrt(variance + epsilon) w + b along the last axis, where s = x or dropout(x) + residual;
/// <see cref="Backend.LayerNorm"/> has the definition. Shapes: x and residual (..., D), weight (D,), bias (D,).
/// </summary>
internal sealed class LayerNormFunction(Variable x, Residual? residual, Variable? weight, Variable? bias, float epsilon)
    : RowNormFunction(x, residual, weight, bias, epsilon)
{
    private Tensor? mean, rstd;

    private protected override void Normalise(Backend backend, in NormArguments arguments)
    {
        (mean, rstd) = (Statistic(backend, arguments.Rows), Statistic(backend, arguments.Rows));
        backend.LayerNorm(arguments with { Mean = mean?.Span ?? default, Rstd = rstd?.Span ?? default });
    }

    private protected override void Differentiate(Backend backend, in NormGradientArguments arguments) =>
        backend.LayerNormGradient(arguments with { Mean = mean!.Span, Rstd = rstd!.Span });
}
