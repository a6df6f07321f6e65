using System.Diagnostics;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer.Measuring;

/// <summary>
/// Tells how far a part of the study has come: on a terminal in one line that changes, else a line every ten seconds.
/// </summary>
/// <param name="terminal">Where to write.</param>
/// <param name="part">What is measured.</param>
internal sealed class Progress(Terminal terminal, string part)
{
    private readonly Lock gate = new();
    private readonly long start = Stopwatch.GetTimestamp();
    private double shownAt;
    private int done;

    /// <summary>One more of a number of measurements is done. May be called by several threads.</summary>
    internal void Done(string what, int of)
    {
        lock (gate)
        {
            done++;
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var line = $"  {part}: {done} of {of}, {Show.Clock(seconds)} so far, last {what}";
            if (terminal.IsLive)
                terminal.Console.Write(new Spectre.Console.ControlCode($"\r\u001b[K{(done < of ? line : "")}"));
            else if (seconds - shownAt >= 10)
                terminal.Line(line);
            else
                return;
            shownAt = seconds;
        }
    }
}
