using System.CommandLine;
using System.Globalization;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>The options that say how a table holds a time series.</summary>
public sealed class SeriesColumnOptions
{
    /// <summary>The word for a table whose rows have no times.</summary>
    private const string NoTime = "none";

    private readonly Option<string?> time = OptionKinds.Text("--time",
        "Column of the time, or several with commas between them, such as year,month,day,hour; none for rows without times."
            + " [default: found by its name or its first cell]", "NAMES");
    private readonly Option<string?> format = OptionKinds.Text("--time-format",
        "Format of the time, such as dd.MM.yyyy HH:mm, or unix or unix-ms. [default: forms that begin with the year]", "TEXT");
    private readonly Option<bool> utc = new("--utc")
    {
        Description = "Convert times with an offset, such as +02:00, to UTC. Without it they stay as they are written, which"
            + " needs one offset in the whole file.",
    };
    private readonly Option<string?> step = OptionKinds.Text("--step",
        "Time between two steps, such as 30s, 5min, 1h, 1d, 1w or 1month; times are rounded to it."
            + " [default: the shortest between two rows]", "TIME");
    private readonly Option<string?> columns = OptionKinds.Text("--columns",
        "Columns of the series, with commas between them. [default: all columns of numbers]", "NAMES");
    private readonly Option<string?> delimiter = OptionKinds.Text("--delimiter",
        "Character between columns, or tab. [default: a comma; a tab in .tsv files]", "CHAR");
    private readonly Option<bool> decimalComma = new("--decimal-comma")
    {
        Description = "Numbers have a comma before their decimals, as in 3,5.",
    };
    private readonly Option<bool> noHeader = new("--no-header")
    {
        Description = "The first row has values, not names; columns are then named by their numbers from 1.",
    };

    /// <summary>The names of the options.</summary>
    public static string[] Names => ["--time", "--time-format", "--utc", "--step", "--columns", "--delimiter", "--decimal-comma",
        "--no-header"];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[time, format, utc, step, columns, delimiter, decimalComma, noHeader])
            command.Options.Add(option);
    }

    /// <summary>The options as the library has them.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="otherwise">The options that hold where none is given; null for the library's defaults.</param>
    /// <exception cref="UserException">An option has no meaning.</exception>
    public TimeSeriesFileOptions Read(ParseResult result, TimeSeriesFileOptions? otherwise = null)
    {
        otherwise ??= new TimeSeriesFileOptions();
        var numbered = result.GetValue(noHeader);
        return otherwise with
        {
            Time = result.GetValue(time) switch
            {
                null => otherwise.Time,
                NoTime => [],
                var names => Columns("--time", names, numbered),
            },
            TimeFormat = result.GetValue(format) ?? otherwise.TimeFormat,
            ConvertsToUtc = result.GetValue(utc) || otherwise.ConvertsToUtc,
            Interval = result.GetValue(step) is { } interval ? IntervalOf(interval) : otherwise.Interval,
            RoundsTimes = result.GetValue(step) is not null || otherwise.RoundsTimes,
            Channels = result.GetValue(columns) is { } named ? Columns("--columns", named, numbered) : otherwise.Channels,
            HasDecimalComma = result.GetValue(decimalComma) || otherwise.HasDecimalComma,
            Table = otherwise.Table with
            {
                Delimiter = result.GetValue(delimiter) is { } text ? Character(text) : otherwise.Table.Delimiter,
                HasHeader = !numbered && otherwise.Table.HasHeader,
            },
        };
    }

    /// <summary>Reads a series from a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="options">What <see cref="Read"/> returned.</param>
    /// <exception cref="DataSourceException">It cannot be read; the message ends with options that may help.</exception>
    public static TimeSeries ReadFile(string path, TimeSeriesFileOptions options)
    {
        try
        {
            return TimeSeriesFile.Read(path, options);
        }
        catch (DataSourceException wrong) when (Hint(wrong.Message) is { } hint)
        {
            throw new DataSourceException($"{wrong.Message} {hint}", wrong);
        }
    }

    /// <summary>The options for what an error says; null for none.</summary>
    private static string? Hint(string message)
    {
        (string Part, string Hint)[] hints =
        [
            ("offset from UTC", "See --utc."),
            ("Is the delimiter", "See --delimiter and --decimal-comma."),
            ("holds a time", "See --time, --time-format and --delimiter."),
            ("is not a time", "See --time and --time-format."),
            ("no column of numbers", "See --columns, --delimiter and --decimal-comma."),
            ("is not a number", "See --columns and --decimal-comma."),
            ("no whole number of steps", "See --step."),
            ("almost none has a row", "See --step."),
            ("HasHeader", "See --no-header."),
            ("one time has no interval", "See --step."),
        ];
        return Array.Find(hints, h => message.Contains(h.Part, StringComparison.Ordinal)).Hint;
    }

    /// <summary>Requires that each channel has at least two different values.</summary>
    /// <param name="series">The series.</param>
    /// <param name="path">Its file, for errors.</param>
    /// <param name="consequence">What does not make sense otherwise, such as "there is nothing to forecast".</param>
    /// <exception cref="DataSourceException">A channel has one value, or none.</exception>
    public static void RequireChanges(TimeSeries series, string path, string consequence)
    {
        ArgumentNullException.ThrowIfNull(series);
        for (var c = 0; c < series.ChannelCount; c++)
        {
            float[] known = [.. series.ChannelValues(c).Where(v => !float.IsNaN(v))];
            if (known.Length == 0 || Array.TrueForAll(known, v => v == known[0]))
            {
                throw new DataSourceException($"'{path}', column '{series.Channels[c]}': "
                    + (known.Length == 0 ? "every value is missing" : $"each of the {known.Length} values is {known[0]}")
                    + $", so {consequence}. Name the other columns with --columns.");
            }
        }
    }

    private static char Character(string text) => text switch
    {
        "tab" or "\\t" => '\t',
        { Length: 1 } => text[0],
        _ => throw new UserException($"--delimiter should be one character, or tab; got '{text}'.", isUsage: true),
    };

    private static SamplingInterval IntervalOf(string text)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        var unit = text[digits..].Trim();
        var count = 1;
        if (digits > 0 && !int.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out count))
            count = 0;
        if (count > 0 && unit is "month" or "months")
            return SamplingInterval.OfMonths(count);
        if (count is > 0 and <= 100_000 && unit is "year" or "years")
            return SamplingInterval.OfMonths(12 * count);
        TimeSpan? length = unit switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" or "second" or "seconds" => TimeSpan.FromSeconds(1),
            "min" or "minute" or "minutes" => TimeSpan.FromMinutes(1),
            "h" or "hour" or "hours" => TimeSpan.FromHours(1),
            "d" or "day" or "days" => TimeSpan.FromDays(1),
            "w" or "week" or "weeks" => TimeSpan.FromDays(7),
            _ => null,
        };
        return count > 0 && length is { } one && one.TotalDays * count < 3_000_000
            ? SamplingInterval.Of(one * count)
            : throw new UserException($"--step should be a time such as 30s, 5min, 1h, 1d, 1w or 1month; got '{text}'.",
                isUsage: true);
    }

    private static TableColumn[] Columns(string option, string names, bool numbered)
    {
        string[] parts = [.. names.Split(',').Select(n => n.Trim())];
        if (parts.Any(p => p.Length == 0))
            throw new UserException($"{option} should name columns with commas between them; got '{names}'.", isUsage: true);
        if (parts.GroupBy(p => p).FirstOrDefault(g => g.Count() > 1) is { Key: var twice })
            throw new UserException($"{option} names the column '{twice}' twice; name it once.", isUsage: true);
        if (!numbered)
            return [.. parts.Select(p => (TableColumn)p)];
        return [.. parts.Select(p => int.TryParse(p, out var number) && number != 0
            ? (TableColumn)number
            : throw new UserException($"{option}: with --no-header columns have numbers from 1; got '{p}'.", isUsage: true))];
    }
}
