using System.Globalization;
using System.Text.Json;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.DetectAnomalies;
using SeqCore.Tests.Samples.Common;

namespace SeqCore.Tests.Samples.DetectAnomalies;

public sealed class DetectAnomaliesTests : DetectAnomaliesFixture
{
    [Fact]
    public void A_detector_is_trained_lists_events_and_answers_lines_as_the_whole_series()
    {
        var data = Write("waves.csv", Rows(600));
        var run = File("run");
        var trained = Json(Run($"train --data {data} --columns level --model last --json --out {run}"))[^1];
        trained.GetProperty("normal").GetInt32().Should().Be(300);
        Run($"train --data {data} --columns level --model last --out {run}").Error.Should().Contain("holds a detector already");

        var page = File("page.html");
        var listed = Run($"predict --checkpoint {run} --data {data} --columns level --page {page}");
        listed.Code.Should().Be(0);
        var lines = listed.Output.TrimEnd().Split('\n');
        lines[0].Should().Be("start,end,peak,channel,value,expected,score");
        lines.Should().HaveCountGreaterThan(1);
        lines[1].Should().StartWith("2024-01-01 08:20,");
        System.IO.File.ReadAllText(page).Should().Contain("<svg").And.Contain("2024-01-01 08:20");
        var events = Json(Run($"predict --checkpoint {run} --data {data} --columns level --json"));
        events.Should().HaveCount(lines.Length - 1);

        // Line by line, from the first that the detector has not seen; each answer comes at once.
        var rows = string.Concat(Rows(600).Skip(301).Select(r => string.Join(',', r.Split(',')[..2]) + "\n"));
        var followed = Follow(rows, $"predict --checkpoint {run} --follow").Output.TrimEnd().Split('\n');
        followed[0].Should().Be("time,level,expected_level,score,alarm,channel");
        followed.Should().HaveCount(301);
        followed.Where(l => l.EndsWith(",1,level", StringComparison.Ordinal)).First().Should().StartWith("2024-01-01 08:20,");
        var first = events[0].GetProperty("score").GetDouble();
        followed.Should().Contain(l => l.EndsWith($",{first.ToString("0.0", CultureInfo.InvariantCulture)},1,level"));
        Json(Follow("2024-01-01 05:00,1\n", $"predict --checkpoint {run} --follow --json"))[0].GetProperty("alarm").GetBoolean()
            .Should().BeTrue();
        Follow("2024-01-01 04:00,1\n", $"predict --checkpoint {run} --follow").Error.Should().Contain("line 1");

        // Bad lines can be skipped, and waiting for a line ends when the program is stopped.
        var skipping = Follow("?\n2024-01-01 05:00,x\n2024-01-01 05:00,1\n",
            $"predict --checkpoint {run} --follow --skip-bad-lines");
        (skipping.Code, skipping.Output.TrimEnd().Split('\n').Length).Should().Be((0, 2));
        skipping.Error.Split('\n').Where(l => l.StartsWith("Skipped: 'standard input', line ", StringComparison.Ordinal))
            .Should().HaveCount(2);
        Expect($"predict --checkpoint {run} --skip-bad-lines", 2, "--skip-bad-lines is for --follow");
        using var silent = new SilentReader();
        using var stop = new CancellationTokenSource();
        _ = Task.Run(() =>
        {
            silent.Began.Wait();
            stop.Cancel();
        }, TestContext.Current.CancellationToken);
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null) { Input = silent };
        CommandLine.Run(["predict", "--checkpoint", run, "--follow"], Program.Create, terminal, stop.Token).Should().Be(130);
    }

    [Fact]
    public void Labels_of_a_column_and_of_a_file_give_the_same_scores()
    {
        var data = Write("waves.csv", Rows(600));
        var run = File("run");
        Run($"train --data {data} --columns level --model last --out {run}").Code.Should().Be(0);
        var byColumn = Json(Run($"evaluate --checkpoint {run} --data {data} --label-column fault --json"))[^1];
        byColumn.GetProperty("found").GetInt32().Should().Be(2);
        byColumn.GetProperty("delay_minutes").GetDouble().Should().Be(0);
        byColumn.GetProperty("nab_best")[0].GetDouble().Should().BeGreaterThan(90);

        var windows = File("windows.json");
        System.IO.File.WriteAllText(windows, """
            {"other/waves.csv": [["2024-01-01 08:20:00", "2024-01-01 08:29:00"], ["2024-01-01 09:10:00", "2024-01-01 09:19:00"]]}
            """);
        var byFile = Json(Run($"evaluate --checkpoint {run} --data {data} --columns level --labels {windows} --json"))[^1];
        byFile.GetRawText().Should().Be(byColumn.GetRawText());
        Expect($"evaluate --checkpoint {run} --data {data} --columns level", 2, "There are no labels");
        System.IO.File.WriteAllText(windows, """[["2025-01-01 08:20:00", "2025-01-01 08:29:00"]]""");
        Expect($"evaluate --checkpoint {run} --data {data} --columns level --labels {windows}", 1, "has no step of the series");
        System.IO.File.WriteAllText(windows, """{"other.csv": []}""");
        Expect($"evaluate --checkpoint {run} --data {data} --columns level --labels {windows}", 1, "no windows for 'waves.csv'");
        System.IO.File.WriteAllText(windows, """[["never"]]""");
        Expect($"evaluate --checkpoint {run} --data {data} --columns level --labels {windows}", 1,
            "window 1 is not a pair of times");
    }

    [Fact]
    public void A_comparison_keeps_its_rows_and_draws_a_page()
    {
        var data = Write("waves.csv", Rows(600));
        var command = $"compare --data {data} --label-column fault --models gaussian,last,gru --hidden 4 --epochs 1 --out "
            + File("compared");
        var first = Run(command);
        first.Code.Should().Be(0, first.Error);
        first.Output.Should().Contain("gaussian").And.Contain("2 labelled events").And.NotContain("kept");
        first.Output.Split('\n').Should().OnlyContain(l => l.Length < 80);
        var again = Run(command).Output;
        again.Split('\n').Count(l => l.Contains("kept from an earlier run", StringComparison.Ordinal)).Should().Be(3);
        System.IO.File.ReadAllText(File("compared/anomalies.html")).Should().Contain("<svg").And.Contain("class=\"span\"");
        Expect($"compare --data {data} --columns level --out {File("x")}", 2, "compared by labelled anomalies");
        Expect($"compare --data {data} --label-column fault --normal 590 --out {File("x")}", 1,
            "within the first 590 steps");
        Directory.Exists(File("x")).Should().BeFalse();
    }

    [Theory]
    [InlineData("level\n1\n2\n", "no column of this row holds a time")]
    [InlineData("time,level\n2024-01-01 00:00,1\n2024-01-01 00:00,2\n", "line 3, column 'time'", "is that of line 2 already")]
    [InlineData("time,level\n2024-01-02 00:00,1\n2024-01-01 00:00,2\n", "line 3, column 'time'", "sort the rows by time")]
    [InlineData("time,level\n2024-01-01 00:00,low\n2024-01-01 00:01,high\n", "no column of numbers")]
    [InlineData("time,level\n2024-01-01 00:00,NaN\n2024-01-01 00:01,NaN\n", "'level': every value is missing")]
    [InlineData("time,level\n2024-01-01 00:00,5\n2024-01-01 00:01,5\n", "'level': each of the 2 values is 5")]
    [InlineData("time,level\n2024-01-01 00:00,5\n2024-01-01 00:01,6\n", "needs at least 100 normal rows, and 1 are taken")]
    [InlineData("time,level\n2024-01-01 00:00,1\n2024-01-01 00:01,\"3,5\"\n", "line 3, column 'level'", "comma")]
    [InlineData("time,level\n2024-01-01 00:00,1\n01.02.2024 00:00,2\n", "line 3, column 'time'", "is not a time")]
    public void A_file_that_is_no_series_is_one_line_of_error_and_nothing_is_written(string text, params string[] parts)
    {
        var data = File("bad.csv");
        System.IO.File.WriteAllText(data, text);
        foreach (var part in parts)
            Expect($"train --data {data} --model last --out {File("none")}", 1, part);
        Directory.Exists(File("none")).Should().BeFalse();
    }

    [Fact]
    public void Options_that_mean_nothing_for_a_detector_are_refused()
    {
        Expect("train --model last --hidden 3", 2, "--hidden means nothing for last");
        Expect("train --model gaussian --error-window 20", 2, "--error-window means nothing for gaussian");
        Expect("train --model gru --window 20", 2, "--window means nothing for gru");
        Expect("train --model gru --labels x.json", 2, "--labels needs a file of your own");
        Expect("train --model last --normal 2x", 2, "--normal should be");
        Expect("train --model last --false-alarms 1000", 2, "give at most 100.8");
        Expect("compare --models gru,x", 2, "There is no detector 'x'");
        Expect("compare --models last,gru,last", 2, "--models names 'last' twice");
        Expect("compare --models last,gaussian --seeds 2", 2, "--seeds means nothing for last, gaussian");
        Expect("compare --nab x --data y", 2, "--data and --nab were both given");
        Expect($"compare --nab {File("x")} --out {File("y")}", 1, "copy of github.com/numenta/NAB");
        Expect("predict --follow --page x.html", 2, "--page and --follow were both given");
    }

    [Fact]
    public void The_benchmark_s_series_are_read_row_by_row()
    {
        var labels = DataFolder.Path("nab", "labels", "combined_windows.json");
        var series = NabFolder.Read(Path.GetDirectoryName(Path.GetDirectoryName(labels))!);
        series.Should().HaveCount(7);
        series.Sum(s => s.Windows!.Count).Should().Be(19);
        series.Sum(s => s.Values.Length).Should().Be(69_561);
        series.Single(s => s.Name == "nyc_taxi").Normal.Should().Be(750);
    }

    [Fact]
    public void Events_begin_with_an_alarm_and_last_while_scores_are_high()
    {
        AnomalyPoint Point(double score, bool alarm = false) => new(score, score, alarm, alarm);
        AnomalyPoint[] points = [Point(1), Point(9, true), Point(2), Point(8), .. Enumerable.Repeat(Point(0), 13), Point(7),
            Point(6, true)];
        var values = new SeqCore.Models.TimeSeries([.. Enumerable.Range(0, points.Length + 5).Select(i => (float)i)]);
        var detection = new Detection(new MarkedSeries("x", values, 5, null, null), 5, points, new float[points.Length], 5);
        detection.Events.Should().Equal(new AnomalyEvent(6, 8, 6, 9, 0), new AnomalyEvent(23, 23, 23, 6, 0));
        detection.Alarms.Should().Equal(6, 23);
        detection.Scores[8].Should().Be(0, "a higher score silences it");
    }
}
