namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>
    /// One step of one sequence: computes the next states h' and c', shapes (H), from h and c. The sum of each gate has two parts
    /// of H numbers: W_ih x + b_ih of the inputs, and W_hh v + b_hh, which the cell requests with the v that it needs, usually h.
    /// </summary>
    internal delegate (double[] H, double[] C) Cell(double[][] inputs, Func<int, double[], double[]> recurrent, double[] h,
        double[] c);

    /// <summary>
    /// A layer of cells over whole sequences, step by step; its gradient is the chain rule through these steps, from the last to
    /// the first. Cells.Definition.cs has the cells. G is their number of gates.
    /// </summary>
    /// <param name="cell">The equations of a step.</param>
    /// <param name="batch">B</param>
    /// <param name="steps">T</param>
    /// <param name="x">Shape (B, T, I).</param>
    /// <param name="weightIh">Shape (G H, I).</param>
    /// <param name="weightHh">Shape (G H, H).</param>
    /// <param name="biasIh">Shape (G H).</param>
    /// <param name="biasHh">Shape (G H).</param>
    /// <param name="h0">Shape (B, H).</param>
    /// <param name="c0">Shape (B, H).</param>
    /// <param name="lengths">Shape (B): later steps do not change the state, and their output is 0; or null for T.</param>
    /// <param name="reverse">Whether time runs from the last step to the first.</param>
    /// <param name="keepHidden">Zoneout: the fraction of h that is kept, shape (T, B, H); or null for 0.</param>
    /// <param name="keepCell">Zoneout: the fraction of c that is kept, shape (T, B, H); or null for 0.</param>
    /// <returns>The hidden states y (B, T, H), and the final hidden and cell states (B, H).</returns>
    internal static (double[] Y, double[] HN, double[] CN) Recurrent(Cell cell, int batch, int steps, double[] x,
        double[] weightIh, double[] weightHh, double[] biasIh, double[] biasHh, double[] h0, double[] c0, int[]? lengths = null,
        bool reverse = false, double[]? keepHidden = null, double[]? keepCell = null)
    {
        int hidden = h0.Length / Math.Max(1, batch), inputs = x.Length / Math.Max(1, batch * steps);
        var y = new double[batch * steps * hidden];
        double[] hN = [.. h0], cN = [.. c0];
        for (var b = 0; b < batch; b++)
        {
            for (var s = 0; s < steps; s++)
            {
                var t = reverse ? steps - 1 - s : s;
                if (t >= (lengths?[b] ?? steps))
                    continue;
                double[] h = hN[(b * hidden)..((b + 1) * hidden)], c = cN[(b * hidden)..((b + 1) * hidden)];
                var input = x.AsSpan(((b * steps) + t) * inputs, inputs).ToArray();
                var sides = new double[biasIh.Length / hidden][];
                for (var gate = 0; gate < sides.Length; gate++)
                    sides[gate] = Affine(weightIh, biasIh, gate * hidden, hidden, input);
                var next = cell(sides, (gate, v) => Affine(weightHh, biasHh, gate * hidden, hidden, v), h, c);
                for (var u = 0; u < hidden; u++)
                {
                    var at = (((t * batch) + b) * hidden) + u;
                    double keepH = keepHidden?[at] ?? 0, keepC = keepCell?[at] ?? 0;
                    hN[(b * hidden) + u] = (keepH * h[u]) + ((1 - keepH) * next.H[u]);
                    cN[(b * hidden) + u] = (keepC * c[u]) + ((1 - keepC) * next.C[u]);
                    y[(((b * steps) + t) * hidden) + u] = hN[(b * hidden) + u];
                }
            }
        }

        return (y, hN, cN);
    }

    /// <summary>Returns rows first to first + count of W v + b.</summary>
    private static double[] Affine(double[] weights, double[] bias, int first, int count, double[] v)
    {
        var sums = bias[first..(first + count)];
        for (var u = 0; u < count; u++)
            sums[u] += Dot(weights.AsSpan((first + u) * v.Length, v.Length), v);
        return sums;
    }
}
