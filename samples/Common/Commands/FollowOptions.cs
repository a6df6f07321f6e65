using System.CommandLine;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>The options of a command that answers each line of standard input as it comes.</summary>
/// <param name="help">What --follow does.</param>
public sealed class FollowOptions(string help)
{
    private readonly Option<bool> follow = new("--follow") { Description = help };
    private readonly Option<bool> skip = new("--skip-bad-lines")
    {
        Description = "With --follow: report a line that cannot be read on standard error and go on with the next, instead of"
            + " stopping there.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Options.Add(follow);
        command.Options.Add(skip);
    }

    /// <summary>Whether lines are to be answered as they come.</summary>
    /// <exception cref="UserException">Only --skip-bad-lines is given.</exception>
    public bool IsGiven(ParseResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.GetValue(follow))
            return true;
        result.Refuse(o => $"{o} is for --follow; give both, or leave it out.", skip.Name);
        return false;
    }

    /// <summary>What to do with a line that cannot be read; null to stop there.</summary>
    public Action<DataSourceException>? Skipped(ParseResult result, Terminal terminal)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(terminal);
        return result.GetValue(skip)
            ? wrong => terminal.Error.WriteLine($"Skipped: {wrong.Message.ReplaceLineEndings(" ")}")
            : null;
    }

    /// <summary>The steps of standard input that follow a series, as they come.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="terminal">The input, and the place of errors.</param>
    /// <param name="next">The channels and the interval that are expected, from the next step on.</param>
    /// <param name="table">The columns and how times and numbers are written.</param>
    /// <exception cref="UserException">Other columns are named than are needed.</exception>
    public IEnumerable<TimeSeries> Steps(ParseResult result, Terminal terminal, TimeSeries next, TimeSeriesFileOptions table)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(table);
        if (table.Channels is { } named && named.Count != next.ChannelCount)
        {
            throw new UserException($"--columns names {Show.Number(named.Count, "column")}, and the model reads"
                + $" {next.ChannelCount}: {string.Join(", ", next.Channels)}. Name a column for each, or leave --columns out.",
                isUsage: true);
        }

        return TimeSeriesFile.Follow(terminal.Input, next, table, skipped: Skipped(result, terminal));
    }
}
