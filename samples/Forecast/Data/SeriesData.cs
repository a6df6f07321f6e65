using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Forecast;

/// <summary>A series in parts by time.</summary>
/// <param name="Name">The name of the file or set.</param>
/// <param name="Whole">All steps.</param>
/// <param name="Training">The steps that forecasters are fitted to.</param>
/// <param name="Validation">The steps after them, which choose weights and calibrate intervals.</param>
/// <param name="Test">The last steps, which scores are for; null if there are none.</param>
/// <param name="Season">The number of steps of a season; 1 for none.</param>
internal sealed record SeriesData(string Name, TimeSeries Whole, TimeSeries Training, TimeSeries Validation, TimeSeries? Test,
    int Season)
{
    /// <summary>The fraction of the steps for test, and of the rest for validation, where no other is named.</summary>
    public const double UsualTest = 0.2, UsualValidation = 0.2;

    private const int FewestSteps = 16;

    /// <summary>The path of the file; null for the built-in series.</summary>
    public string? Path { get; init; }

    /// <summary>A sentence about the missing values that were filled; null if none were.</summary>
    private string? Filled { get; init; }

    /// <summary>Everything before the test.</summary>
    public TimeSeries BeforeTest => Whole.Slice(0, Training.Length + Validation.Length);

    /// <summary>Splits a series.</summary>
    /// <exception cref="DataSourceException">There are not enough steps.</exception>
    public static SeriesData Of(string name, TimeSeries whole, SplitSize test, double validation, int season)
    {
        if (whole.Length < FewestSteps)
        {
            throw new DataSourceException($"'{name}' has {Show.Number(whole.Length, "step")}; at least {FewestSteps} are needed"
                + " to fit a forecaster, to calibrate its intervals and to score it.");
        }

        var split = TimeSplit.Of(whole, 0, test);
        var inner = TimeSplit.Of(split.Training, validation);
        return new SeriesData(name, whole, inner.Training, inner.Validation!, split.Test, season);
    }

    /// <summary>Requires that scores can be scaled by the changes of the series from season to season.</summary>
    /// <exception cref="DataSourceException">A channel has no such changes before the test.</exception>
    public void RequireScale()
    {
        var before = BeforeTest;
        for (var c = 0; c < before.ChannelCount; c++)
        {
            var values = before.ChannelValues(c);
            var changes = values.Skip(Season).Zip(values, (now, earlier) => now - earlier).Where(d => !float.IsNaN(d)).ToArray();
            if (changes.Length > 0 && Array.Exists(changes, d => d != 0f))
                continue;
            var what = changes.Length > 0 ? $"each value is the one {Show.Number(Season, "step")} before"
                : $"no two values are {Show.Number(Season, "step")} apart";
            throw new DataSourceException($"'{Path ?? Name}', column '{before.Channels[c]}': {what} in the {before.Length} steps"
                + " before the test, and errors are scaled by such changes. Give another --season, such as 1 for none, or leave"
                + " the column out with --columns.");
        }
    }

    /// <summary>
    /// Fills the gaps of each part from the part itself and from those before it, so that no part holds anything of a later one.
    /// </summary>
    /// <exception cref="DataSourceException">A channel has no value in the steps for training.</exception>
    public SeriesData Fill(GapFilling rule)
    {
        var empty = Training.Gaps.Where(g => g.Steps.Length == Training.Length).Select(g => Training.Channels[g.Channel]);
        if (rule != GapFilling.Zero && empty.FirstOrDefault() is { } channel)
        {
            throw new DataSourceException($"'{Path ?? Name}', column '{channel}': every value for training"
                + $" (the first {Training.Length} steps) is missing, so that gaps cannot be filled from others. Leave the column"
                + " out with --columns, or take --fill none or zero.");
        }

        var filled = Training.Fill(rule, Season);
        foreach (var part in (TimeSeries?[])[Validation, Test])
        {
            if (part is not null)
                filled = filled.Append(filled.Append(part).Fill(rule, Season).Slice(filled.Length, part.Length));
        }

        var (training, validation) = (Training.Length, Validation.Length);
        return this with
        {
            Filled = DescribeGaps() is { } gaps ? $"{gaps}; filled by {rule.ToString().ToLowerInvariant()}" : null,
            Whole = filled,
            Training = filled.Slice(0, training),
            Validation = filled.Slice(training, validation),
            Test = Test is null ? null : filled.Slice(training + validation, Test.Length),
        };
    }

    /// <summary>The usual number of steps of a season: a day of hours, a week of days, a year of months.</summary>
    public static int SeasonOf(SamplingInterval? interval) => interval switch
    {
        null => 1,
        { Months: > 0 and <= 6 } monthly when 12 % monthly.Months == 0 => 12 / monthly.Months,
        { Months: > 0 } => 1,
        { Duration: var step } => step.TotalDays switch
        {
            7 => 52,
            1 => 7,
            < 1 when TimeSpan.TicksPerDay % step.Ticks == 0 && step.TotalMinutes >= 5 => (int)(TimeSpan.TicksPerDay / step.Ticks),
            < 1 when TimeSpan.TicksPerHour % step.Ticks == 0 && step.TotalSeconds >= 1 =>
                (int)(TimeSpan.TicksPerHour / step.Ticks),
            _ => 1,
        },
    };

    /// <summary>A sentence about the missing values; null if there are none.</summary>
    public string? DescribeGaps()
    {
        var gaps = Whole.Gaps;
        if (gaps.Count == 0)
            return Filled;
        var longest = gaps.MaxBy(g => g.Steps.Length)!;
        var place = Whole.Start is null
            ? $"step {longest.Steps.Start}"
            : SeriesText.Time(Whole, longest.Steps.Start);
        var of = Whole.ChannelCount > 1 ? $" of {Whole.Channels[longest.Channel]}" : "";
        return $"{Show.Count(gaps.Sum(g => (double)g.Steps.Length))} of {Show.Count((double)Whole.Length * Whole.ChannelCount)}"
            + $" values are missing, in {Show.Number(gaps.Count, "gap")}; the longest{of} is"
            + $" {Show.Number(longest.Steps.Length, "step")} from {place}";
    }

    /// <summary>The parts for a model card.</summary>
    public IReadOnlyList<CardData> Card => CardData.OfParts(Name, Path is null ? [] : [("training", Path)],
        [("training", Training.Length), ("validation", Validation.Length), ("test", Test?.Length ?? 0)]);
}
