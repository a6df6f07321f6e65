namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>
    /// The indices of the k largest elements of one row x (columns), in descending order: k times the largest of the remaining
    /// elements, the first among equals. NaN counts as the largest, and -0 equals 0.
    /// </summary>
    internal static int[] TopK(ReadOnlySpan<double> x, int k)
    {
        var indices = new int[k];
        var isTaken = new bool[x.Length];
        for (var place = 0; place < k; place++)
        {
            var best = -1;
            for (var c = 0; c < x.Length; c++)
            {
                if (!isTaken[c] && (best < 0 || IsGreater(x[c], x[best])))
                    best = c;
            }

            isTaken[best] = true;
            indices[place] = best;
        }

        return indices;
    }
}
