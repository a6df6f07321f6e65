namespace SeqCore.Models;

/// <summary>Makes the rows of a random matrix orthonormal, on the host and in double precision.</summary>
internal static class OrthogonalRows
{
    /// <summary>
    /// Runs the method of Gram and Schmidt and projects each row twice, which leaves the rows orthogonal up to rounding. The
    /// result is that of a QR decomposition with a positive diagonal, so that Gaussian input gives uniformly distributed
    /// orthogonal matrices.
    /// </summary>
    /// <param name="values">Independent normal numbers, row-major.</param>
    /// <param name="rows">The number of rows; if there are more than columns, the columns are made orthonormal instead.</param>
    /// <param name="gain">The length of the result's rows.</param>
    internal static float[] From(float[] values, int rows, float gain)
    {
        var columns = values.Length / rows;
        var transposed = rows > columns;
        var (count, length) = transposed ? (columns, rows) : (rows, columns);
        var q = new double[count][];
        for (var i = 0; i < count; i++)
        {
            q[i] = new double[length];
            for (var j = 0; j < length; j++)
                q[i][j] = transposed ? values[(j * columns) + i] : values[(i * columns) + j];
            for (var pass = 0; pass < 2; pass++)
            {
                for (var k = 0; k < i; k++)
                    AddMultiple(q[i], q[k], -Dot(q[i], q[k]));
            }

            var scale = 1 / Math.Sqrt(Dot(q[i], q[i]));
            for (var j = 0; j < length; j++)
                q[i][j] *= scale;
        }

        var result = new float[values.Length];
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
                result[(r * columns) + c] = (float)(gain * (transposed ? q[c][r] : q[r][c]));
        }

        return result;
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double a = 0, b = 0, c = 0, d = 0;
        var i = 0;
        for (; i + 4 <= x.Length; i += 4)
        {
            a += x[i] * y[i];
            b += x[i + 1] * y[i + 1];
            c += x[i + 2] * y[i + 2];
            d += x[i + 3] * y[i + 3];
        }

        for (; i < x.Length; i++)
            a += x[i] * y[i];
        return a + b + (c + d);
    }

    private static void AddMultiple(Span<double> x, ReadOnlySpan<double> y, double factor)
    {
        for (var i = 0; i < x.Length; i++)
            x[i] += factor * y[i];
    }
}
