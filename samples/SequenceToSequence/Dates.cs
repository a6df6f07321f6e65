using System.Globalization;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>Writes dates in many common formats, each paired with its format in ISO 8601.</summary>
/// <remarks>
/// None is ambiguous: in numbers with dots days come before months, and years of two digits are from 1950 to 2049.
/// </remarks>
internal static class Dates
{
    private const int Count = 10_000, FirstYear = 1950, Years = 100;
    private const ulong Seed = 0x6461746573;

    private static readonly string[] months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December"];

    private static readonly Func<DateOnly, string>[] formats =
    [
        d => $"{d.Day} {Month(d)} {d.Year}",
        d => $"{d.Day} {Short(d)} {d.Year}",
        d => $"{Month(d)} {d.Day}, {d.Year}",
        d => $"{Short(d)} {Ordinal(d)}, {d.Year}",
        d => $"{d.DayOfWeek}, {d.Day} {Month(d)} {d.Year}",
        d => $"{d.DayOfWeek.ToString()[..3]} {Short(d)} {d.Day} {d.Year}",
        d => $"{Ordinal(d)} of {Month(d)} {d.Year}",
        d => $"the {Ordinal(d)} of {Month(d)}, {d.Year}",
        d => $"{d.Day}.{d.Month}.{d.Year}",
        d => $"{d.Day:00}.{d.Month:00}.{d.Year % 100:00}",
        d => $"{d.Day}-{Short(d).ToUpperInvariant()}-{d.Year % 100:00}",
        d => $"{d.Year}, {Month(d)} {d.Day}",
        d => $"{Month(d).ToLowerInvariant()} {d.Day} '{d.Year % 100:00}",
    ];

    /// <summary>The pairs, always the same ones: a date as written, and its ISO format.</summary>
    public static IReadOnlyList<(string Source, string Target)> All()
    {
        var random = new RandomGenerator(Seed);
        var first = new DateOnly(FirstYear, 1, 1);
        var days = new DateOnly(FirstYear + Years, 1, 1).DayNumber - first.DayNumber;
        return [.. Enumerable.Range(0, Count)
            .Select(_ => Pair(first.AddDays(random.NextInt32(days)), random.NextInt32(formats.Length)))];
    }

    private static (string, string) Pair(DateOnly date, int format) =>
        (formats[format](date), date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private static string Month(DateOnly date) => months[date.Month - 1];

    private static string Short(DateOnly date) => Month(date)[..3];

    private static string Ordinal(DateOnly date) => date.Day + (date.Day % 10, date.Day / 10) switch
    {
        (1, not 1) => "st",
        (2, not 1) => "nd",
        (3, not 1) => "rd",
        _ => "th",
    };
}
