namespace SeqCore.Models;

/// <summary>Puts series of different lengths side by side.</summary>
/// <example>
/// <code>
/// var tea = new TimeSeries([1f, 2f, 3f], ["tea"]);
/// var coffee = new TimeSeries([7f, 8f], ["coffee"]);
/// var both = AlignedSeries.AtEnd([tea, coffee]);
/// Console.WriteLine(string.Join(" ", both.ChannelValues(1)));          // NaN 7 8
/// </code>
/// </example>
public static class AlignedSeries
{
    /// <summary>
    /// Returns one series with the channels of all, whose last steps are next to each other; before the first step of a shorter
    /// one, its values are missing. Channels of the same name get the number of their series after it, from 1.
    /// </summary>
    /// <param name="series">The series, at least one.</param>
    /// <returns>The series; its steps have times if all end at the same time and have the same interval.</returns>
    public static TimeSeries AtEnd(IReadOnlyList<TimeSeries> series)
    {
        Argument.NoNulls(series, nameof(AlignedSeries), nameof(series));
        Argument.AtLeast(series.Count, nameof(AlignedSeries), nameof(series));
        var longest = series.MaxBy(s => s.Length)!;
        var names = series.SelectMany((s, i) => s.Channels.Select(c => (Name: c, Series: i))).ToList();
        var repeated = names.GroupBy(n => n.Name).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        var values = new float[longest.Length * names.Count];
        Array.Fill(values, float.NaN);
        var place = 0;
        foreach (var one in series)
        {
            var first = longest.Length - one.Length;
            for (var i = 0; i < one.Values.Length; i++)
            {
                var (step, channel) = (first + (i / one.ChannelCount), place + (i % one.ChannelCount));
                values[(step * names.Count) + channel] = one.Values[i];
            }

            place += one.ChannelCount;
        }

        var hasTimes = longest.Start is not null && series.All(s => s.Start is not null && s.Interval == longest.Interval
            && s.TimeAt(s.Length) == longest.TimeAt(longest.Length));
        return new TimeSeries(values, [.. names.Select(n => repeated.Contains(n.Name) ? $"{n.Name} {n.Series + 1}" : n.Name)],
            hasTimes ? longest.Start : null, hasTimes ? longest.Interval : null);
    }
}
