namespace SeqCore.Models;

/// <summary>
/// The scores of the newest forecasts at one step of the horizon and one channel, sorted: a window that moves by one forecast
/// takes one score in and puts one out, and has its quantiles ready.
/// </summary>
/// <param name="size">The largest number of scores.</param>
internal sealed class ScoreWindow(int size)
{
    // The score of forecast k is at k modulo the size; NaN where there is none.
    private readonly double[] ring = new double[size];
    private readonly double[] sorted = new double[size];
    private long newest = -1;

    /// <summary>The number of scores.</summary>
    internal int Count { get; private set; }

    /// <summary>Returns the k-th smallest score.</summary>
    /// <param name="rank">The rank k, from 1 to <see cref="Count"/>.</param>
    internal double Smallest(int rank) => sorted[rank - 1];

    /// <summary>Moves the window.</summary>
    /// <param name="last">The number of the newest forecast that can be compared; -1 for none.</param>
    /// <param name="length">The number of forecasts up to that one that are in the window.</param>
    /// <param name="score">Returns the score of a forecast; NaN where a value is missing.</param>
    internal void MoveTo(long last, int length, Func<long, double> score)
    {
        if (last == newest)
            return;
        if (newest < 0 || last < newest || last - newest > size / 8 || length < Math.Min(last + 1, size))
        {
            Fill(last, length, score);
            return;
        }

        for (var k = newest + 1; k <= last; k++)
        {
            ref var place = ref ring[k % size];
            var (old, next) = (place, score(k));
            Exchange(old, next);
            place = next;
        }

        newest = last;
    }

    private void Fill(long last, int length, Func<long, double> score)
    {
        Array.Fill(ring, double.NaN);
        (newest, Count) = (last, 0);
        for (var k = last - length + 1; k <= last; k++)
        {
            var next = ring[k % size] = score(k);
            if (!double.IsNaN(next))
                sorted[Count++] = next;
        }

        sorted.AsSpan(0, Count).Sort();
    }

    /// <summary>Puts one score out and takes another in; NaN is none.</summary>
    private void Exchange(double old, double next)
    {
        var scores = sorted.AsSpan();
        if (!double.IsNaN(old))
        {
            var place = scores[..Count].BinarySearch(old);
            scores[(place + 1)..Count].CopyTo(scores[place..]);
            Count--;
        }

        if (!double.IsNaN(next))
        {
            var place = scores[..Count].BinarySearch(next);
            place = place < 0 ? ~place : place;
            scores[place..Count].CopyTo(scores[(place + 1)..]);
            scores[place] = next;
            Count++;
        }
    }
}
