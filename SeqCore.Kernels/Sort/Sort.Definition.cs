namespace SeqCore.Kernels;

internal static partial class Definition
{
    /// <summary>
    /// The indices of the elements of one row in ascending or descending order: each goes behind all that are not beyond it. NaN
    /// counts as the largest, and -0 equals 0.
    /// </summary>
    internal static int[] Sort(ReadOnlySpan<double> x, bool descending)
    {
        var indices = new int[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var place = i;
            for (; place > 0; place--)
            {
                var before = x[indices[place - 1]];
                if (!(descending ? IsGreater(x[i], before) : IsGreater(before, x[i])))
                    break;
                indices[place] = indices[place - 1];
            }

            indices[place] = i;
        }

        return indices;
    }
}
