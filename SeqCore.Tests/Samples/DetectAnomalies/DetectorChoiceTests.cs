using System.Globalization;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.DetectAnomalies;

/// <summary>What train, predict and compare refuse before they write anything, and what they say of a detector's data.</summary>
public sealed class DetectorChoiceTests : DetectAnomaliesFixture
{
    [Theory]
    [InlineData("--normal 0", 2, "--normal should be a number of steps from 1")]
    [InlineData("--normal 601", 1, "--normal 601: '", "has 600 steps")]
    [InlineData("--normal 0.001", 1, "--normal 0.001: that is no step of the 600")]
    [InlineData("--normal all", 1, "the labelled anomaly from 2024-01-01 08:20 on", "Give a --normal of at most 500")]
    [InlineData("--false-alarms 1e30", 2, "--false-alarms 1E+30 a week is more than one point in ten", "at most 1008")]
    [InlineData("--false-alarms 0", 2, "--false-alarms should be a number above 0")]
    [InlineData("--normal 90", 1, "last needs at least 100 normal rows, and 90 are taken")]
    [InlineData("--held-out 0.01", 1, "too few of them have values", "--held-out")]
    [InlineData("--held-out 0.999", 1, "--held-out leaves 0 of them to train on")]
    [InlineData("--model gru --learning-rate 1e30 --epochs 1", 1, "the training diverged", "--learning-rate")]
    [InlineData("--short-term 400", 1, "none of their errors stands out", "--short-term")]
    [InlineData("--model gru --sequence 400", 1, "gru needs at least", "a --sequence below 400")]
    [InlineData("--model autoencoder --window 400", 1, "autoencoder needs at least", "a --window below 400")]
    public void What_a_detector_cannot_be_fitted_on_is_refused_and_nothing_is_left(string options, int code,
        params string[] parts)
    {
        var data = Write("waves.csv", Rows(600));
        foreach (var part in parts)
            Expect($"train --data {data} --label-column fault --model last --out {File("a/b")} {options}", code, part);
        Directory.Exists(File("a")).Should().BeFalse();
    }

    [Fact]
    public void A_run_that_is_stopped_leaves_no_folder_and_a_folder_that_cannot_be_made_is_refused_at_once()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        var data = Write("waves.csv", Rows(600));
        foreach (var command in (string[])[
            "train --model gru --label-column fault", "compare --label-column fault --models last"])
        {
            var run = ProgramRun.Of(SeqCore.Samples.DetectAnomalies.Program.Create,
                $"{command} --data {data} --out {File("a/b")}".Split(' '), stopped.Token);
            (run.Code, run.Error).Should().Be((130, "Stopped.\n"));
            Directory.Exists(File("a")).Should().BeFalse();
        }

        Expect($"train --data {data} --columns level --model last --out {data}", 1, "waves.csv");
        Expect($"train --data {data} --model last --out {File("a")}", 1,
            "name this one with --label-column if it marks anomalies");
        Directory.CreateDirectory(File("held"));
        using (new RunFolder(File("held")))
            Expect($"train --data {data} --columns level --model last --out {File("held")}", 1, "is in use by another run");
    }

    [Fact]
    public void Daily_data_have_a_default_of_false_alarms()
    {
        var data = Write("days.csv", Rows(600, TimeSpan.FromDays(1)).Select(r => r[..r.LastIndexOf(',')]));
        var trained = Run($"train --data {data} --model last --out {File("run")}");
        trained.Code.Should().Be(0, trained.Error);
        trained.Words.Should().Contain("for 0.07 false alarms a week");
        Expect($"train --data {data} --model last --false-alarms 1 --out {File("x")}", 2, "give at most 0.7");
    }

    [Fact]
    public void A_file_of_other_steps_than_the_detector_was_trained_on_is_refused()
    {
        var (minutes, hours) = (Write("minutes.csv", Rows(600)), Write("hours.csv", Rows(600, TimeSpan.FromHours(1))));
        var (run, untimed) = (File("run"), File("untimed"));
        Run($"train --data {minutes} --columns level --model last --out {run}").Code.Should().Be(0);
        Run($"train --data {minutes} --columns level --time none --model last --out {untimed}").Code.Should().Be(0);
        foreach (var command in (string[])["predict", "evaluate --label-column fault"])
        {
            Expect($"{command} --checkpoint {run} --data {hours}", 1, "has steps of 1 hour, and the detector was trained on steps"
                + " of 1 minute");
            Expect($"{command} --checkpoint {run} --data {minutes} --time none", 1, "has been read without times");
            Expect($"{command} --checkpoint {untimed} --data {minutes}", 1, "trained on rows without times");
        }

        // The channels of the detector are taken from a file with more; what it has seen is left out, and it says so.
        var listed = Run($"predict --checkpoint {run} --data {minutes}");
        listed.Error.Should().Be($"The detector has seen everything before 2024-01-01 05:00: 300 rows of '{minutes}' are left"
            + " out.\n");
        Run($"predict --checkpoint {untimed} --data {minutes} --time none").Output.Should().Contain("\n500,");
    }

    [Fact]
    public void Results_do_not_replace_what_was_read_nor_one_another()
    {
        var (data, run) = (Write("waves.csv", Rows(600)), File("run"));
        Run($"train --data {data} --columns level --model last --out {run}").Code.Should().Be(0);
        var predict = $"predict --checkpoint {run} --data {data}";
        Expect($"{predict} --output {data}", 2, $"--output would overwrite the file of --data, '{data}'", before: 1);
        Expect($"{predict} --output {run}/model.safetensors", 2, "--output would overwrite the model", before: 1);
        Expect($"{predict} --output {File("x")} --page {File("./x")}", 2, "--output and --page are the same file", before: 1);
        System.IO.File.Exists(File("x")).Should().BeFalse();
        Expect($"compare --data {data} --label-column fault --out {run}", 1, "holds a detector of the train command");
    }

    [Fact]
    public void The_channel_that_raised_an_alarm_is_named_and_shown()
    {
        var random = new Random(2);
        var rows = Rows(600).Select((r, i) => r.Split(',') is var cells && i == 0 ? $"time,score,{cells[1]}"
            : string.Create(CultureInfo.InvariantCulture, $"{cells[0]},{random.NextDouble():0.000},{cells[1]}"));
        var (data, run, page) = (Write("two.csv", rows), File("run"), File("page.html"));
        Run($"train --data {data} --model last --out {run}").Code.Should().Be(0);
        var lines = Run($"predict --checkpoint {run} --data {data} --page {page}").Output.TrimEnd().Split('\n');
        lines.Skip(1).Should().NotBeEmpty().And.Contain(l => l.Contains(",level,", StringComparison.Ordinal));
        var json = Json(Run($"predict --checkpoint {run} --data {data} --json"));
        json.Should().Contain(e => e.GetProperty("channel").GetString() == "level");
        json[0].GetProperty("channels").GetArrayLength().Should().Be(json[0].GetProperty("values").GetArrayLength());
        System.IO.File.ReadAllText(page).Should().Contain("level around 2024-01-01 08:20");
        Expect($"predict --checkpoint {run} --follow --columns a", 2, "--columns names 1 column, and the model reads 2: score,"
            + " level");
        Follow("t,x,y\n2024-01-01 05:00,0.5,99\n", $"predict --checkpoint {run} --follow --columns x,y --time t").Output.Should()
            .EndWith(",1,level\n");
        Follow("2024-01-01 05:00,0.5,99\n", $"predict --checkpoint {run} --follow --columns x,y").Error.Should()
            .Contain("line 1: names of columns should be here, with x, y among them");
        Follow("2024-01-01 05:00,0.5,99\n", $"predict --checkpoint {run} --follow").Output.Should()
            .StartWith("time,value_score,level,expected_score,expected_level,score,alarm,channel\n").And.EndWith(",1,level\n");
    }

    [Fact]
    public void The_best_detector_of_a_comparison_is_saved_and_its_tables_have_stable_keys()
    {
        var (data, folder) = (Write("waves.csv", Rows(600)), File("compared"));
        var command = $"compare --data {data} --label-column fault --models gaussian,last --json --out {folder}";
        var tables = Json(Run(command)).Where(l => l.GetProperty("event").GetString() == "table").ToList();
        tables.Should().HaveCount(4);
        tables.SelectMany(t => t.EnumerateObject().Select(p => p.Name)).Distinct().Should()
            .OnlyContain(n => n.All(c => char.IsAsciiLetterLower(c) || c == '_')).And
            .Contain(["precision", "nab_best", "nab_best_low_fp", "nab_own_low_fn"]);
        Run($"predict --checkpoint {folder} --data {data}").Output.Should().Contain("2024-01-01 08:20");

        // Another way to read the same numbers is another row.
        var again = Run($"{command.Replace(" --json", "", StringComparison.Ordinal)} --time none");
        again.Output.Should().NotContain("kept from an earlier run");
    }
}
