using System.Diagnostics;

namespace SeqCore.Benchmarks;

/// <summary>The timing rule of all figures here: the fastest of several calls after a warm-up.</summary>
internal static class Timing
{
    /// <summary>
    /// Seconds that calls before the timed ones may take: time for the just-in-time compiler to reach its last tier.
    /// </summary>
    private const double WarmUpSeconds = 0.6;

    /// <summary>Calls after which a method is compiled again with full optimization, and a margin.</summary>
    private const int WarmUpCalls = 60;

    /// <summary>
    /// Seconds of the fastest call. At least five calls (three where they take more than four seconds together), and more, up
    /// to 300, until 0.3 seconds are spent.
    /// </summary>
    /// <param name="run">One call, which may only queue its work.</param>
    /// <param name="wait">
    /// Waits until what a call queued has run; part of what is timed. None where a call does all its work.
    /// </param>
    internal static double Least(Action run, Action? wait = null)
    {
        if (wait is not null)
            return Least(() => RunAndWait(run, wait));
        WarmUp(run);
        var best = double.PositiveInfinity;
        var spent = 0.0;
        for (var n = 0; n < 5 || (spent < 0.3 && n < 300);)
        {
            var start = Stopwatch.GetTimestamp();
            run();
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = Math.Min(best, seconds);
            spent += seconds;
            n++;
            if (spent > 4 && n >= 3)
                break;
        }

        return best;
    }

    private static void RunAndWait(Action run, Action wait)
    {
        run();
        wait();
    }

    private static void WarmUp(Action run)
    {
        // The last tier is compiled in the background, beginning 100 ms after the last call of a method not called before.
        var start = Stopwatch.GetTimestamp();
        for (var n = 0; n == 0 || n < WarmUpCalls || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds; n++)
        {
            run();
            if (n > 0 && Stopwatch.GetElapsedTime(start).TotalSeconds > 2 * WarmUpSeconds)
                break;
        }
    }
}
