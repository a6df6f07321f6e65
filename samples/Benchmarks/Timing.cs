using System.Diagnostics;
using System.Runtime;

namespace SeqCore.Benchmarks;

/// <summary>The timing rule of all figures here: the fastest of several calls after a warm-up.</summary>
internal static class Timing
{
    /// <summary>
    /// Seconds that calls before the timed ones take: time for the just-in-time compiler to reach its last tier. Long calls may
    /// take twice as long, and short ones six times, as long as methods are still being compiled.
    /// </summary>
    private const double WarmUpSeconds = 0.6;

    /// <summary>Seconds without a compiled method after which the last tier is taken to be reached.</summary>
    private const double QuietSeconds = 0.3;

    /// <summary>Calls after which a method is compiled again with full optimization, and a margin.</summary>
    private const int WarmUpCalls = 60;

    /// <summary>The fewest seconds that the clock measures well.</summary>
    private const double ShortestSpan = 2e-6;

    /// <summary>
    /// Seconds of the fastest call. At least five calls (three where they take more than four seconds together), and more, up
    /// to 300, until 0.3 seconds are spent; calls of less than 2 µs are timed several at a time.
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
        var calls = CallsTogether(run);
        var best = double.PositiveInfinity;
        var spent = 0.0;
        for (var n = 0; n < 5 || (spent < 0.3 && n < 300);)
        {
            var seconds = Seconds(run, calls);
            best = Math.Min(best, seconds / calls);
            spent += seconds;
            n++;
            if (spent > 4 && n >= 3)
                break;
        }

        return best;
    }

    /// <summary>The number of calls to time as one: more than one where a call is too short for the clock.</summary>
    private static int CallsTogether(Action run)
    {
        var calls = 1;
        while (Enumerable.Range(0, 5).Min(_ => Seconds(run, calls)) < ShortestSpan)
            calls *= 2;
        return calls;
    }

    private static double Seconds(Action run, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
            run();

        // GetElapsedTime would round to 100 ns.
        return (double)(Stopwatch.GetTimestamp() - start) / Stopwatch.Frequency;
    }

    private static void RunAndWait(Action run, Action wait)
    {
        run();
        wait();
    }

    private static void WarmUp(Action run)
    {
        // Each tier is compiled in the background, beginning 100 ms after the last call of a method not called before.
        var start = Stopwatch.GetTimestamp();
        var (compiled, last) = (JitInfo.GetCompiledMethodCount(), start);
        for (var n = 1; ; n++)
        {
            run();
            if (JitInfo.GetCompiledMethodCount() != compiled)
                (compiled, last) = (JitInfo.GetCompiledMethodCount(), Stopwatch.GetTimestamp());
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (n >= WarmUpCalls && seconds >= WarmUpSeconds && Stopwatch.GetElapsedTime(last).TotalSeconds >= QuietSeconds)
                break;
            if (seconds > (n < WarmUpCalls ? 2 : 6) * WarmUpSeconds)
                break;
        }
    }
}
