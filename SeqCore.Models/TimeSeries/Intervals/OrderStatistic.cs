namespace SeqCore.Models;

/// <summary>Finds the k-th smallest number without sorting the others (Hoare, "Algorithm 65: Find", CACM 4, 1961).</summary>
internal static class OrderStatistic
{
    /// <param name="numbers">The numbers, none NaN; their order changes.</param>
    /// <param name="rank">The rank k, from 1.</param>
    internal static double Smallest(Span<double> numbers, int rank)
    {
        var (low, high, place) = (0, numbers.Length - 1, rank - 1);
        while (low < high)
        {
            var (pivot, i, j) = (numbers[(low + high) >>> 1], low, high);
            while (i <= j)
            {
                while (numbers[i] < pivot)
                    i++;
                while (numbers[j] > pivot)
                    j--;
                if (i <= j)
                {
                    (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
                    (i, j) = (i + 1, j - 1);
                }
            }

            // The numbers up to j are at most the pivot, those from i on at least; any between them equal it.
            if (place > j)
                low = i;
            if (place < i)
                high = j;
        }

        return numbers[place];
    }
}
