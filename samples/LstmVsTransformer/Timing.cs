using System.Diagnostics;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The timing rule: the fastest of several calls after a warm-up.</summary>
/// <param name="WarmUp">Seconds of calls before the timed ones, at least one call.</param>
/// <param name="Spend">Seconds that the timed calls take together.</param>
/// <param name="Calls">
/// The smallest number of timed calls, unless they take more than four times the intended time.
/// </param>
internal sealed record Timing(double WarmUp, double Spend, int Calls)
{
    /// <summary>Seconds of the fastest call.</summary>
    internal double Least(Action run)
    {
        var start = Stopwatch.GetTimestamp();
        do
            run();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUp);
        var (best, spent) = (double.PositiveInfinity, 0.0);
        for (var n = 0; n == 0 || spent < Spend || (n < Calls && spent < 4 * Spend); n++)
        {
            start = Stopwatch.GetTimestamp();
            run();
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = Math.Min(best, seconds);
            spent += seconds;
        }

        return best;
    }
}
