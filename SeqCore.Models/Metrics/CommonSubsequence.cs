namespace SeqCore.Models;

/// <summary>The longest common subsequence of two sequences of words.</summary>
internal static class CommonSubsequence
{
    /// <summary>Returns the places of a longest common subsequence in the reference, in rising order.</summary>
    internal static IReadOnlyList<int> Of(string[] reference, string[] words)
    {
        var columns = words.Length + 1;
        var lengths = new int[(reference.Length + 1) * columns];
        for (var i = 1; i <= reference.Length; i++)
        {
            for (var j = 1; j < columns; j++)
            {
                var at = (i * columns) + j;
                lengths[at] = reference[i - 1] == words[j - 1]
                    ? lengths[at - columns - 1] + 1
                    : Math.Max(lengths[at - columns], lengths[at - 1]);
            }
        }

        var places = new List<int>(lengths[^1]);
        for (var (i, j) = (reference.Length, words.Length); i > 0 && j > 0;)
        {
            if (reference[i - 1] == words[j - 1])
            {
                places.Add(--i);
                j--;
            }
            else if (lengths[(i * columns) + j - 1] > lengths[((i - 1) * columns) + j])
                j--;
            else
                i--;
        }

        places.Reverse();
        return places;
    }
}
