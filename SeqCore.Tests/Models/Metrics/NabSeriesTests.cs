using System.Globalization;
using System.IO.Compression;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Metrics;

/// <summary>The benchmark's own scores of its windowed Gaussian detector, and cases by hand.</summary>
public sealed class NabSeriesTests
{
    private static readonly (string Name, string File, NabProfile Profile)[] profiles =
    [
        ("standard", "standard", NabProfile.Standard),
        ("low false positives", "reward_low_FP_rate", NabProfile.LowFalsePositives),
        ("low false negatives", "reward_low_FN_rate", NabProfile.LowFalseNegatives),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_scores_of_the_windowed_gaussian_are_those_that_the_benchmark_published(int profile)
    {
        var (_, file, weights) = profiles[profile];
        var all = new List<NabScore>();
        var table = DataFolder.Path("nab", "results", "windowedGaussian", $"windowedGaussian_{file}_scores.csv");
        var rows = File.ReadLines(table).Skip(1)
            .Select(l => l.Split(',')).Where(c => c[2].StartsWith("realKnownCause/", StringComparison.Ordinal)).ToList();
        rows.Should().HaveCount(7);
        foreach (var row in rows)
        {
            var (series, scores) = Read(row[2]);
            var score = series.Score(scores, Number(row[3]), weights);
            score.Score.Should().BeApproximately(Number(row[4]), 1e-6, row[2]);
            (score.TruePositives, score.TrueNegatives, score.FalsePositives, score.FalseNegatives).Should()
                .Be((int.Parse(row[5], CultureInfo.InvariantCulture), int.Parse(row[6], CultureInfo.InvariantCulture),
                    int.Parse(row[7], CultureInfo.InvariantCulture), int.Parse(row[8], CultureInfo.InvariantCulture)), row[2]);
            all.Add(score);
        }

        all.Sum(s => s.Windows).Should().Be(19);
        if (weights == NabProfile.Standard)
            NabScore.Normalize(all).Should().BeApproximately(13.4, 0.05);
    }

    [Fact]
    public void The_best_threshold_is_the_best_of_all_that_there_are()
    {
        var random = new Random(1);
        for (var round = 0; round < 20; round++)
        {
            var series = new NabSeries(200, [new StepRange(40, 10), new StepRange(90, 1), new StepRange(150, 30)]);
            double[] scores = [.. Enumerable.Range(0, 200)
                .Select(i => Math.Round(random.NextDouble() + (i is >= 40 and < 45 ? 0.5 : 0), 2))];
            var best = NabSeries.BestThreshold([(series, scores)], NabProfile.Standard);
            var most = scores.Append(double.PositiveInfinity).Max(t => series.Score(scores, t, NabProfile.Standard).Score);
            series.Score(scores, best, NabProfile.Standard).Score.Should().BeApproximately(most, 1e-12);
        }
    }

    [Fact]
    public void Detections_count_by_their_place()
    {
        var series = new NabSeries(100, [new StepRange(50, 10)]);
        series.Probation.Should().Be(15);
        double At(params int[] steps) => series.Score([.. Enumerable.Range(0, 100).Select(i => steps.Contains(i) ? 1.0 : 0)], 1,
            NabProfile.Standard).Score;
        At().Should().Be(-1);
        At(50).Should().BeApproximately(1, 1e-12);
        At(50, 55, 59).Should().BeApproximately(1, 1e-12, "only the earliest detection counts");
        At(55).Should().BeInRange(0.8, 1).And.BeLessThan(At(52));
        At(3, 14).Should().Be(-1, "the first steps do not count");
        At(20).Should().BeApproximately(-1.11, 1e-12, "no window is before it");
        At(61).Should().BeInRange(-1.11, -1).And.BeGreaterThan(At(70));
        At(99).Should().BeApproximately(-1.11, 1e-12, "it is more than three lengths behind the window");
        new NabSeries(100_000, []).Probation.Should().Be(750);
        var one = new NabSeries(10, [new StepRange(5, 1)]).Score([0, 0, 0, 0, 0, 0, 1, 0, 0, 0], 1, NabProfile.Standard).Score;
        one.Should().BeApproximately(-1.11, 1e-12, "a window of one step has no length to measure by");
    }

    [Fact]
    public void Wrong_arguments_are_told()
    {
        Refused(() => new NabSeries(10, [new StepRange(5, 6)]), "*the window steps 5 to 10 should have*of 10 steps*");
        Refused(() => new NabSeries(10, [new StepRange(5, 2), new StepRange(6, 2)]), "*behind the window before it*");
        var series = new NabSeries(2, [new StepRange(1, 1)]);
        Refused(() => series.Score([0], 1, NabProfile.Standard), "*2 steps needs a score; there are 1*");
        Refused(() => series.Score([0, double.NaN], 1, NabProfile.Standard), "*the score of step 1 is NaN*");
        Refused(() => series.Score([0, 1], 1, new NabProfile(1, -1, 1)), "*FalsePositive should be*");
        Refused(() => NabScore.Normalize([]), "*no window*");
        var scores = new[] { NabProfile.Standard, NabProfile.LowFalseNegatives }.Select(p => series.Score([0, 1], 1, p)).ToList();
        Refused(() => NabScore.Normalize(scores), "*of one profile*");

        static void Refused(Action act, string message) => act.Should().Throw<ArgumentException>().WithMessage(message);
    }

    private static (NabSeries Series, double[] Scores) Read(string file)
    {
        var name = file.Split('/')[1];
        using var results = new StreamReader(new GZipStream(File.OpenRead(DataFolder.Path("nab", "results", "windowedGaussian",
            "realKnownCause", $"windowedGaussian_{name}.gz")), CompressionMode.Decompress));
        var rows = results.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(','))
            .ToList();
        var times = rows.Select(r => Time(r[0])).ToList();
        var windows = DataFolder.Json("nab", "labels", "combined_windows.json").GetProperty(file).EnumerateArray()
            .Select(w => (First: Time(w[0].GetString()!), Last: Time(w[1].GetString()!)))
            .Select(w => (First: times.FindIndex(t => t >= w.First), Last: times.FindLastIndex(t => t <= w.Last)))
            .Select(w => new StepRange(w.First, w.Last - w.First + 1));
        return (new NabSeries(rows.Count, [.. windows]), [.. rows.Select(r => Number(r[2]))]);
    }

    private static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
