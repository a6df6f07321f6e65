using SeqCore.Samples.Common;

namespace SeqCore.Samples.Granularity;

/// <summary>The charts of a study.</summary>
internal static class ResultCharts
{
    /// <summary>Bits per character against the size of the vocabulary.</summary>
    internal static LineChart BitsByVocabulary(IReadOnlyList<RowSummary> rows) => Bits(rows,
        "Bits per character and vocabulary", new ChartAxis("different tokens in the vocabulary") { LogBase = 2 },
        r => r.First.Vocabulary);

    /// <summary>Bits per character against the length of the text in tokens.</summary>
    internal static LineChart BitsByLength(IReadOnlyList<RowSummary> rows) => Bits(rows,
        "Bits per character and sequence length", new ChartAxis("tokens for 1,000 characters") { Least = 0 },
        r => 1000 / r.First.CharactersPerToken);

    /// <summary>Bits per character against the speed of training.</summary>
    internal static LineChart BitsBySpeed(IReadOnlyList<RowSummary> rows) => Bits(rows,
        "Bits per character and tokens a second", new ChartAxis("tokens a second in training") { Least = 0 },
        r => r.Mean(v => v.TrainingTokensPerSecond));

    /// <summary>Tokens and characters a second against the size of the vocabulary.</summary>
    internal static LineChart Speeds(IReadOnlyList<RowSummary> rows)
    {
        var chart = new LineChart(new ChartAxis("different tokens in the vocabulary") { LogBase = 2 },
            new ChartAxis("a second") { LogBase = 10 })
        { Title = "Speed and vocabulary" };
        Add("tokens in training", v => v.TrainingTokensPerSecond);
        Add("characters in training", v => v.TrainingTokensPerSecond * v.CharactersPerToken);
        Add("tokens in writing", v => v.WritingTokensPerSecond);
        Add("characters in writing", v => v.WritingTokensPerSecond * v.CharactersPerToken);
        return chart;

        void Add(string name, Func<RowResult, double> speed) => chart.Series.Add(new ChartSeries(name,
            [.. rows.OrderBy(r => r.First.Vocabulary).Select(r => ChartPoint.Median(r.First.Vocabulary, r.Runs.Select(speed)))]));
    }

    private static LineChart Bits(IReadOnlyList<RowSummary> rows, string title, ChartAxis x, Func<RowSummary, double> place)
    {
        var chart = new LineChart(x, new ChartAxis("bits per character of the held-out text")) { Title = title };
        foreach (var family in rows.GroupBy(r => r.Units.Family))
        {
            var points = family.Select(r => ChartPoint.Median(place(r), r.Runs.Select(v => v.BitsPerCharacter)));
            chart.Series.Add(new ChartSeries(NameOf(family.Key), [.. points.OrderBy(p => p.X)])
            {
                HasErrorBars = true,
                Style = (int)family.Key,
            });
        }

        return chart;
    }

    private static string NameOf(UnitFamily family) => family switch
    {
        UnitFamily.Characters => "characters",
        UnitFamily.BytePairs => "byte pairs",
        UnitFamily.Unigrams => "unigrams",
        _ => "words, unknown ones spelled",
    };
}
