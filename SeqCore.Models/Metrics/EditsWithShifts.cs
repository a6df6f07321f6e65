namespace SeqCore.Models;

/// <summary>
/// Counts the edits of TER: as long as a shift of words reduces the edit distance, the best one is made. The limits and the order
/// of equally good shifts are those of Tercom, as in sacreBLEU.
/// </summary>
internal static class EditsWithShifts
{
    private const int MaximumCandidates = 1000, MaximumShift = 10, MaximumDistance = 50;

    /// <summary>Returns the number of edits and shifts that change the words into the reference.</summary>
    internal static int Count(string[] words, string[] reference)
    {
        if (reference.Length == 0)
            return words.Length;
        var (shifts, candidates) = (0, 0);
        while (BestShift(words, reference, ref candidates) is { } shifted)
        {
            shifts++;
            words = shifted;
        }

        return shifts + EditDistance.Of(words, reference).Distance;
    }

    /// <summary>Returns the words after the best shift; null if none reduces the distance, or enough have been tried.</summary>
    private static string[]? BestShift(string[] words, string[] reference, ref int candidates)
    {
        var (distance, alignment) = EditDistance.Of(words, reference);
        (int Gain, int Length, int Start, int Target, string[] Words)? best = null;
        foreach (var (start, other, length) in EqualRuns(words, reference))
        {
            // A shift pays only if both runs are wrong where they are, and if it does not aim into itself.
            if (!alignment.HasErrorInWords(start, length) || !alignment.HasErrorInReference(other, length)
                || (alignment.Place(other) >= start && alignment.Place(other) < start + length))
                continue;
            var last = -1;
            for (var offset = -1; offset < length; offset++)
            {
                var target = other + offset == -1 ? 0 : alignment.Place(other + offset) + 1;
                if (target == last)
                    continue;
                last = target;
                var shifted = Shifted(words, start, length, target);
                var candidate = (distance - EditDistance.Of(shifted, reference).Distance, length, -start, -target, shifted);
                candidates++;
                if (best is null || IsBetter(candidate, best.Value))
                    best = candidate;
            }

            if (candidates >= MaximumCandidates)
                break;
        }

        return candidates < MaximumCandidates && best is { Gain: > 0 } found ? found.Words : null;
    }

    /// <summary>Lists the runs that words and reference have in common, by start and length.</summary>
    private static IEnumerable<(int Start, int Other, int Length)> EqualRuns(string[] words, string[] reference)
    {
        for (var start = 0; start < words.Length; start++)
        {
            var from = Math.Max(0, start - MaximumDistance);
            var to = Math.Min(reference.Length - 1, start + MaximumDistance);
            for (var other = from; other <= to; other++)
            {
                for (var length = 1; length <= MaximumShift && start + length <= words.Length
                    && other + length <= reference.Length && words[start + length - 1] == reference[other + length - 1]; length++)
                    yield return (start, other, length);
            }
        }
    }

    private static string[] Shifted(string[] words, int start, int length, int target)
    {
        var (end, run) = (start + length, words[start..(start + length)]);
        if (target < start)
            return [.. words[..target], .. run, .. words[target..start], .. words[end..]];
        if (target > end)
            return [.. words[..start], .. words[end..target], .. run, .. words[target..]];
        var after = length + target;
        return [.. words[..start], .. Slice(words, end, after), .. run, .. Slice(words, after, words.Length)];
    }

    /// <summary>Returns a part as Python's slices do: none where it ends before it begins.</summary>
    private static string[] Slice(string[] words, int from, int to) =>
        words[Math.Min(from, words.Length)..Math.Max(Math.Min(from, words.Length), Math.Min(to, words.Length))];

    private static bool IsBetter((int Gain, int Length, int Start, int Target, string[] Words) a,
        (int Gain, int Length, int Start, int Target, string[] Words) b)
    {
        var order = (a.Gain, a.Length, a.Start, a.Target).CompareTo((b.Gain, b.Length, b.Start, b.Target));
        for (var i = 0; order == 0 && i < a.Words.Length; i++)
            order = string.CompareOrdinal(a.Words[i], b.Words[i]);
        return order > 0;
    }
}
