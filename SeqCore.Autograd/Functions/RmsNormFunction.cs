using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// Computes y = s / sqrt(mean(s^2) + epsilon) w along the last axis, where s = x or dropout(x) + residual;
/// <see cref="Backend.RmsNorm"/> has the definition. Shapes: x and residual (..., D), weight (D,).
/// </summary>
internal sealed class RmsNormFunction(Variable x, Residual? residual, Variable? weight, float epsilon)
    : RowNormFunction(x, residual, weight, null, epsilon)
{
    private Tensor? rstd;

    private protected override void Normalise(Backend backend, in NormArguments arguments)
    {
        rstd = Statistic(backend, arguments.Rows);
        backend.RmsNorm(arguments with { Rstd = rstd?.Span ?? default });
    }

    private protected override void Differentiate(Backend backend, in NormGradientArguments arguments) =>
        backend.RmsNormGradient(arguments with { Rstd = rstd!.Span });
}
