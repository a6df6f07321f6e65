using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>Answers each line of standard input with a forecast.</summary>
internal static class Follow
{
    /// <summary>Reads steps and forecasts after each, until the input ends.</summary>
    /// <param name="forecaster">The forecaster.</param>
    /// <param name="horizon">The number of steps of each forecast.</param>
    /// <param name="coverage">The coverage of its intervals.</param>
    /// <param name="lines">The steps of each line, as they come.</param>
    /// <param name="terminal">The output.</param>
    public static void Answer(Forecaster forecaster, int horizon, double coverage, IEnumerable<TimeSeries> lines,
        Terminal terminal)
    {
        var isFirst = true;
        foreach (var steps in lines)
        {
            forecaster.Update(steps);
            var next = forecaster.ForecastInterval(horizon, coverage);
            if (terminal.Json)
            {
                foreach (var values in ForecastLines.Values(next))
                    terminal.Result(values);
                continue;
            }

            foreach (var line in (isFirst ? ForecastLines.Header(next) : []).Concat(ForecastLines.Of(next)))
                terminal.Output.WriteLine(line);
            terminal.Output.Flush();
            isFirst = false;
        }
    }
}
