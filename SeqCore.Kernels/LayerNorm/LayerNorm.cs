namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// y_rc = (x_rc - mean_r) rstd_r w_c + b_c, rstd_r = 1 / sqrt(variance_r + epsilon), the variance over n (Ba, Kiros and
    /// Hinton, arXiv:1607.06450, equation 4). With a residual it is x + residual that is written to sum and
    /// normalised, in one pass.
    /// </summary>
    /// <param name="x">Shape (rows, columns).</param>
    /// <param name="weight">Shape (columns), or absent for 1.</param>
    /// <param name="bias">Shape (columns), or absent for 0.</param>
    /// <param name="y">Shape (rows, columns); may be x.</param>
    /// <param name="mean">Shape (rows): out, or absent.</param>
    /// <param name="rstd">Shape (rows): out, or absent.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="residual">Shape (rows, columns), or absent for 0.</param>
    /// <param name="sum">Shape (rows, columns): out, where there is a residual; may be x or the residual.</param>
    public abstract void LayerNorm(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> bias, DeviceSpan<float> y,
        DeviceSpan<float> mean, DeviceSpan<float> rstd, int rows, int columns, float epsilon,
        DeviceSpan<float> residual = default, DeviceSpan<float> sum = default);

    /// <summary>
    /// The gradients of <see cref="LayerNorm"/>: dX, and dWeight and dBias unless absent, are written. dX may be x, dY or dSum.
    /// With a residual x is the sum, dSum (shape (rows, columns), or absent for 0) is what came for it, and dX
    /// serves both summands.
    /// </summary>
    public abstract void LayerNormGradient(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> mean,
        DeviceSpan<float> rstd, DeviceSpan<float> dY, DeviceSpan<float> dX, DeviceSpan<float> dWeight, DeviceSpan<float> dBias,
        int rows, int columns, DeviceSpan<float> dSum = default);

    private protected static void CheckLayerNorm(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> bias,
        DeviceSpan<float> y, DeviceSpan<float> mean, DeviceSpan<float> rstd, int rows, int columns, DeviceSpan<float> residual,
        DeviceSpan<float> sum)
    {
        Rows.Check(nameof(LayerNorm), nameof(x), x, rows, columns);
        Rows.CheckOptional(nameof(LayerNorm), nameof(weight), weight, 1, columns);
        Rows.CheckOptional(nameof(LayerNorm), nameof(bias), bias, 1, columns);
        Rows.Check(nameof(LayerNorm), nameof(y), y, rows, columns);
        Rows.CheckOptional(nameof(LayerNorm), nameof(mean), mean, rows, 1);
        Rows.CheckOptional(nameof(LayerNorm), nameof(rstd), rstd, rows, 1);
        Rows.CheckResidual(nameof(LayerNorm), residual, sum, rows, columns);
    }

    private protected static void CheckLayerNormGradient(DeviceSpan<float> x, DeviceSpan<float> weight, DeviceSpan<float> mean,
        DeviceSpan<float> rstd, DeviceSpan<float> dY, DeviceSpan<float> dX, DeviceSpan<float> dWeight, DeviceSpan<float> dBias,
        int rows, int columns, DeviceSpan<float> dSum)
    {
        Rows.Check(nameof(LayerNormGradient), nameof(x), x, rows, columns);
        Rows.CheckOptional(nameof(LayerNormGradient), nameof(weight), weight, 1, columns);
        Rows.Check(nameof(LayerNormGradient), nameof(mean), mean, rows, 1);
        Rows.Check(nameof(LayerNormGradient), nameof(rstd), rstd, rows, 1);
        Rows.Check(nameof(LayerNormGradient), nameof(dY), dY, rows, columns);
        Rows.Check(nameof(LayerNormGradient), nameof(dX), dX, rows, columns);
        Rows.CheckOptional(nameof(LayerNormGradient), nameof(dWeight), dWeight, 1, columns);
        Rows.CheckOptional(nameof(LayerNormGradient), nameof(dBias), dBias, 1, columns);
        Rows.CheckOptional(nameof(LayerNormGradient), nameof(dSum), dSum, rows, columns);
    }
}
