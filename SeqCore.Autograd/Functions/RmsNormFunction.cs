using SeqCore.Kernels;

namespace SeqCore.Functions;

/// <summary>
/// y = s / sqrt(mean(s^2) + epsilon) w along the last axis, s = x or x + residual: <see cref="Backend.RmsNorm"/> has the
/// definition. Shapes: x and residual (..., D), weight (D,).
/// </summary>
internal sealed class RmsNormFunction(Variable x, Variable? residual, Variable? weight, float epsilon)
    : RowNormFunction(x, residual, weight, null, epsilon)
{
    private readonly float epsilon = epsilon;
    private Tensor? rstd;

    private protected override void Normalise(Backend backend, DeviceSpan<float> x, DeviceSpan<float> residual,
        DeviceSpan<float> sum, DeviceSpan<float> y, int rows, int columns)
    {
        rstd = Statistic(backend, rows);
        backend.RmsNorm(x, Weight, y, rstd?.Span ?? default, rows, columns, epsilon, residual, sum);
    }

    private protected override void Differentiate(Backend backend, DeviceSpan<float> x, DeviceSpan<float> dY,
        DeviceSpan<float> dSum, DeviceSpan<float> dX, DeviceSpan<float> dWeight, DeviceSpan<float> dBias,
        int rows, int columns) =>
        backend.RmsNormGradient(x, Weight, rstd!.Span, dY, dX, dWeight, rows, columns, dSum);
}
