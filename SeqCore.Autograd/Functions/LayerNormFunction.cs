using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// y = (s - mean) / sqrt(variance + epsilon) w + b along the last axis, s = x or x + residual: <see cref="Backend.LayerNorm"/>
/// has the definition. Shapes: x and residual (..., D), weight (D,), bias (D,).
/// </summary>
internal sealed class LayerNormFunction(Variable x, Variable? residual, Variable? weight, Variable? bias, float epsilon)
    : RowNormFunction(x, residual, weight, bias, epsilon)
{
    private readonly float epsilon = epsilon;
    private Tensor? mean, rstd;

    private protected override void Normalise(Backend backend, DeviceSpan<float> x, DeviceSpan<float> residual,
        DeviceSpan<float> sum, DeviceSpan<float> y, int rows, int columns)
    {
        (mean, rstd) = (Statistic(backend, rows), Statistic(backend, rows));
        backend.LayerNorm(x, Weight, Bias, y, mean?.Span ?? default, rstd?.Span ?? default, rows, columns, epsilon,
            residual, sum);
    }

    private protected override void Differentiate(Backend backend, DeviceSpan<float> x, DeviceSpan<float> dY,
        DeviceSpan<float> dSum, DeviceSpan<float> dX, DeviceSpan<float> dWeight, DeviceSpan<float> dBias,
        int rows, int columns) =>
        backend.LayerNormGradient(x, Weight, mean!.Span, rstd!.Span, dY, dX, dWeight, dBias, rows, columns, dSum);
}
