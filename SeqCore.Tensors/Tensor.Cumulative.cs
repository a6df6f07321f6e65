namespace SeqCore;

public sealed partial class Tensor
{
    /// <summary>
    /// Computes the sums along an axis up to each element, y_i = sum_(j &lt;= i) x_j, as torch.cumsum does; the options are those
    /// of CumSum of ONNX.
    /// </summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="reverse">Whether to begin at the end of the axis, so that y_i is the sum over j &gt;= i.</param>
    /// <param name="exclusive">Whether to leave element i out of y_i, so that the first sum is 0.</param>
    /// <remarks>A CPU sums in double; a GPU carries the rounding errors of each sum along.</remarks>
    public Tensor CumulativeSum(int axis, bool reverse = false, bool exclusive = false) => AlongAxis(axis, "CumulativeSum",
        (backend, x, y, rows, columns) => backend.CumulativeSum(x, y, rows, columns, reverse, exclusive));

    /// <summary>
    /// Computes the products along an axis up to each element, y_i = prod_(j &lt;= i) x_j, as torch.cumprod does.
    /// </summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <param name="reverse">Whether to begin at the end of the axis, so that y_i is the product over j &gt;= i.</param>
    /// <param name="exclusive">Whether to leave element i out of y_i, so that the first product is 1.</param>
    /// <remarks>
    /// A CPU multiplies in double, a GPU in single precision, where a product that leaves its range stays 0 or infinite.
    /// </remarks>
    public Tensor CumulativeProduct(int axis, bool reverse = false, bool exclusive = false) => AlongAxis(axis,
        "CumulativeProduct",
        (backend, x, y, rows, columns) => backend.CumulativeProduct(x, y, rows, columns, reverse, exclusive));
}
