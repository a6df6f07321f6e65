namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// y_rc = x_rc rstd_r w_c, rstd_r = 1 / sqrt(mean_c(x_rc^2) + epsilon) (Zhang and Sennrich, "Root mean square layer
    /// normalization", arXiv:1910.07467). With a residual it is x + residual that is written to sum and normalised, in one pass.
    /// </summary>
    /// <param name="x">Shape (rows, columns).</param>
    /// <param name="weight">Shape (columns), or absent for 1.</param>
    /// <param name="y">Shape (rows, columns); may be x.</param>
    /// <param name="rstd">Shape (rows): out, or absent.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="residual">Shape (rows, columns), or absent for 0.</param>
    /// <param name="sum">Shape (rows, columns): out, where there is a residual; may be x or the residual.</param>
    public abstract void RmsNorm(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> y, DeviceSpan<float> rstd,
        int rows, int columns, float epsilon, DeviceSpan<float> residual = default, DeviceSpan<float> sum = default);

    /// <summary>
    /// The gradients of <see cref="RmsNorm"/>: dX, and dWeight unless absent, are written. dX may be x, dY or dSum. With a
    /// residual x is the sum, dSum (shape (rows, columns), or absent for 0) is what came for it, and dX serves both summands.
    /// </summary>
    public abstract void RmsNormGradient(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> rstd,
        DeviceSpan<float> dY,
        DeviceSpan<float> dX, DeviceSpan<float> dWeight, int rows, int columns, DeviceSpan<float> dSum = default);

    private protected static void CheckRmsNorm(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> y,
        DeviceSpan<float> rstd, int rows, int columns, DeviceSpan<float> residual, DeviceSpan<float> sum)
    {
        Rows.Check(nameof(RmsNorm), nameof(x), x, rows, columns);
        Rows.CheckOptional(nameof(RmsNorm), nameof(weight), weight, 1, columns);
        Rows.Check(nameof(RmsNorm), nameof(y), y, rows, columns);
        Rows.CheckOptional(nameof(RmsNorm), nameof(rstd), rstd, rows, 1);
        Rows.CheckResidual(nameof(RmsNorm), residual, sum, rows, columns);
    }

    private protected static void CheckRmsNormGradient(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> rstd,
        DeviceSpan<float> dY, DeviceSpan<float> dX, DeviceSpan<float> dWeight, int rows, int columns, DeviceSpan<float> dSum)
    {
        Rows.Check(nameof(RmsNormGradient), nameof(x), x, rows, columns);
        Rows.CheckOptional(nameof(RmsNormGradient), nameof(weight), weight, 1, columns);
        Rows.Check(nameof(RmsNormGradient), nameof(rstd), rstd, rows, 1);
        Rows.Check(nameof(RmsNormGradient), nameof(dY), dY, rows, columns);
        Rows.Check(nameof(RmsNormGradient), nameof(dX), dX, rows, columns);
        Rows.CheckOptional(nameof(RmsNormGradient), nameof(dWeight), dWeight, 1, columns);
        Rows.CheckOptional(nameof(RmsNormGradient), nameof(dSum), dSum, rows, columns);
    }
}
