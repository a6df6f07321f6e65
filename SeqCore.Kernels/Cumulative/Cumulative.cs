namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// y_i = sum_(j &lt;= i) x_j in each row, in one pass. A CPU sums in double; a GPU carries the rounding error of each sum
    /// along and adds runs of neighbours first: there the sum of any run, not only of the elements up to i, has to be within the
    /// range of floats, or the sums that contain the run are infinite or NaN. y may be x.
    /// </summary>
    /// <param name="x">The values, shape (rows, columns).</param>
    /// <param name="y">Output: the sums, shape (rows, columns).</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="reverse">Whether the sums begin at the end of the row, over j &gt;= i.</param>
    /// <param name="exclusive">Whether element i is left out, so that the first sum is 0.</param>
    public void CumulativeSum(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns, bool reverse = false,
        bool exclusive = false)
    {
        RowChecks.Check(nameof(CumulativeSum), nameof(x), x, rows, columns);
        RowChecks.Check(nameof(CumulativeSum), nameof(y), y, rows, columns);
        RunCumulativeSum(x, y, rows, columns, reverse, exclusive);
        KeepAlive((x, y));
    }

    /// <summary>
    /// y_i = prod_(j &lt;= i) x_j in each row, in one pass; a CPU multiplies in double. An exponent is carried along, so that a
    /// product may leave the range of floats and return. The parameters are those of <see cref="CumulativeSum"/>; the first
    /// exclusive product is 1.
    /// </summary>
    public void CumulativeProduct(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns, bool reverse = false,
        bool exclusive = false)
    {
        RowChecks.Check(nameof(CumulativeProduct), nameof(x), x, rows, columns);
        RowChecks.Check(nameof(CumulativeProduct), nameof(y), y, rows, columns);
        RunCumulativeProduct(x, y, rows, columns, reverse, exclusive);
        KeepAlive((x, y));
    }

    /// <summary>
    /// Computes the gradient of <see cref="CumulativeProduct"/> without dividing, so that zeros do no harm: dX_i = p_i s_i with
    /// p_i = prod_(j &lt; i) x_j, and s_i = dY_i + x_(i+1) s_(i+1) from the end of the row on (dY_(i+1) if element i is left
    /// out). p and s may be out of the range of floats where their product is not.
    /// </summary>
    /// <param name="x">The values, shape (rows, columns).</param>
    /// <param name="dY">The gradient of the products, shape (rows, columns).</param>
    /// <param name="dX">Output: the gradient of the values, shape (rows, columns); it must not overlap x or dY.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="reverse">Whether the products began at the end of the row.</param>
    /// <param name="exclusive">Whether element i was left out.</param>
    public void CumulativeProductGradient(DeviceSpan<float> x, DeviceSpan<float> dY, DeviceSpan<float> dX, int rows, int columns,
        bool reverse = false, bool exclusive = false)
    {
        RowChecks.Check(nameof(CumulativeProductGradient), nameof(x), x, rows, columns);
        RowChecks.Check(nameof(CumulativeProductGradient), nameof(dY), dY, rows, columns);
        RowChecks.Check(nameof(CumulativeProductGradient), nameof(dX), dX, rows, columns);
        RunCumulativeProductGradient(x, dY, dX, rows, columns, reverse, exclusive);
        KeepAlive((x, dY, dX));
    }

    private protected abstract void RunCumulativeSum(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns,
        bool reverse, bool exclusive);

    private protected abstract void RunCumulativeProduct(DeviceSpan<float> x, DeviceSpan<float> y, int rows, int columns,
        bool reverse, bool exclusive);

    private protected abstract void RunCumulativeProductGradient(DeviceSpan<float> x, DeviceSpan<float> dY, DeviceSpan<float> dX,
        int rows, int columns, bool reverse, bool exclusive);
}
