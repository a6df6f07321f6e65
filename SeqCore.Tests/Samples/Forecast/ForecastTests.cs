using System.Globalization;
using System.Text.Json;
using SeqCore.Models;
using SeqCore.Samples.Forecast;

namespace SeqCore.Tests.Samples.Forecast;

/// <summary>The program replaces the default device while it runs, so these tests run alone.</summary>
[Collection("CharLanguageModel")]
public sealed class ForecastTests : IDisposable
{
    private const string Series = "--season 6 --horizon 6", Network = Series + " --look-back 12 --iterations 40",
        Layers = Network + " --hidden 8", Patches = Layers + " --heads 2 --patch 4 --stride 4";

    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-forecast-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("nlinear", Network)]
    [InlineData("gru", Layers + " --calendar week,year")]
    [InlineData("patches", Patches)]
    [InlineData("gru", Layers + " --quantiles")]
    [InlineData("smoothing-lstm", Series + " --look-back 6 --hidden 4")]
    [InlineData("theta", Series)]
    [InlineData("seasonal-naive", Series)]
    public void A_forecaster_is_fitted_scored_and_used_again_from_its_folder(string model, string options)
    {
        var trained = Run($"train --data {Waves("a.csv", 120)} --model {model} {options} --out {folder}/run");
        trained.Code.Should().Be(0, trained.Error);
        trained.Words.Should().ContainAll("120 steps of 1 day from 2024-01-01 to 2024-04-29", "a season of 6", "MASE", model);
        trained.Output.Split('\n').Where(l => !l.Contains(folder, StringComparison.Ordinal)).Max(l => l.Length)
            .Should().BeLessThan(80);
        File.ReadAllText($"{folder}/run/forecast.html").Should().Contain("<svg").And.Contain("class=\"band");
        using (var card = JsonDocument.Parse(File.ReadAllText($"{folder}/run/model-card.json")))
        {
            card.RootElement.GetProperty("figures").GetProperty("test").GetProperty("mase").GetDouble().Should().BePositive();
            var training = card.RootElement.GetProperty("data").GetProperty("training");
            training.GetProperty("sha256").GetString().Should().HaveLength(64);
        }

        var lines = Lines(Run($"predict --checkpoint {folder}/run --horizon 2"));
        lines.Should().HaveCount(3);
        lines[0].Should().Be("time,sales,sales low 80%,sales high 80%");
        var cells = lines[1].Split(',');
        cells[0].Should().Be("2024-04-30");
        Number(cells[2]).Should().BeLessThan(Number(cells[1]));
        Number(cells[1]).Should().BeLessThan(Number(cells[3]));
    }

    [Fact]
    public void New_steps_are_seen_alike_from_a_file_and_line_by_line()
    {
        Run($"train --data {Waves("a.csv", 120)} --model nlinear {Network} --out {folder}/run").Code.Should().Be(0);
        var newer = Waves("newer.csv", 126);
        var fromFile = Lines(Run($"predict --checkpoint {folder}/run --data {newer} --horizon 1"));
        var typed = ProgramRun.Of(Program.Create, $"predict --checkpoint {folder}/run --follow".Split(' '),
            input: string.Join('\n', File.ReadLines(newer).Where((_, i) => i == 0 || i > 120)));
        typed.Code.Should().Be(0, typed.Error);
        var followed = Lines(typed);
        followed.Should().HaveCount(7);
        followed[^1].Should().Be(fromFile[^1]).And.StartWith("2024-05-06,");
        var scored = Run($"evaluate --checkpoint {folder}/run --data {newer} --horizon 2");
        scored.Words.Should().Contain("Forecasts of 2 steps, scored on 6 new steps").And.Contain("sales");
    }

    [Fact]
    public void A_forecast_replaces_neither_the_data_nor_the_forecaster()
    {
        var (data, model) = (Waves("a.csv", 120), $"{folder}/run/forecaster.safetensors");
        Run($"train --data {data} --model theta {Series} --out {folder}/run").Code.Should().Be(0);
        var before = (File.ReadAllText(data), File.ReadAllBytes(model).Length);
        foreach (var (options, message) in ((string, string)[])[
            ($"--output {model}", "--output would overwrite the model"),
            ($"--page {data}", "--page would overwrite the file of --data"),
            ($"--output {folder}/x --page {folder}/./x", "--output and --page are the same file")])
        {
            var run = Run($"predict --checkpoint {folder}/run --data {data} {options}");
            run.Code.Should().Be(2);
            run.Error.Should().StartWith(message);
        }

        (File.ReadAllText(data), File.ReadAllBytes(model).Length).Should().Be(before);
        File.Exists($"{folder}/x").Should().BeFalse();
    }

    [Fact]
    public void A_comparison_keeps_its_rows_and_says_who_wins()
    {
        var arguments = $"compare --data {Waves("a.csv", 120)} --models seasonal-naive,nlinear,gru-step --seeds 2 {Patches}"
            + $" --out {folder}/all";
        var first = Run(arguments);
        first.Code.Should().Be(0, first.Error);
        first.Words.Should().ContainAll("(5 of 5)", "seasonal-naive").And.ContainAny("The best network", "The best baseline");
        first.Output.Split('\n').Where(l => !l.Contains(folder, StringComparison.Ordinal)).Max(l => l.Length)
            .Should().BeLessThan(80);
        var again = Run(arguments);
        again.Output.Should().Contain("kept from an earlier run");
        Table(again).Should().HaveCountGreaterThan(5).And.Equal(Table(first));
        File.ReadAllText($"{folder}/all/forecasts.html").Should().Contain("<svg");
        var fewer = Run($"{arguments} --learning-rate 0.01");
        fewer.Output.Should().Contain("seasonal-naive  kept").And.NotContain("nlinear         kept");
    }

    [Theory]
    [InlineData("day,sales\n2024-01-01,1\n2024-01-01,2\n", "line 3, column 'day': the time 2024-01-01 is that of line 2 already")]
    [InlineData("day,sales\n2024-01-02,1\n2024-01-01,2\n", "line 3, column 'day'")]
    [InlineData("sales\n1\n2\n", "no column of this row holds a time")]
    [InlineData("day,note\n2024-01-01,a\n2024-01-02,b\n", "has no column of numbers")]
    [InlineData("day,sales\n2024-01-01,NA\n2024-01-02,\n", "every value is missing")]
    [InlineData("day,sales\n2024-01-01,5\n2024-01-02,5\n", "column 'sales': each of the 2 values is 5")]
    [InlineData("day,sales\n2024-01-01,1\n2024-01-02,2\n", "has 2 steps; at least 16 are needed")]
    [InlineData("day,sales\n01.02.2024,1\n02.02.2024,2\n", "See --time, --time-format and --delimiter.")]
    [InlineData("day;sales\n2024-01-01;1,5\n2024-01-02;2,5\n", "See --delimiter and --decimal-comma.")]
    [InlineData("day,sales\n2024-01-01,1\n2024-01-02,a\n", "line 3, column 'sales': 'a' is not a number")]
    [InlineData("time,sales\n2024-03-31T01:00+01:00,1\n2024-03-31T03:00+02:00,2\n", "line 3, column 'time': the time"
        + " '2024-03-31T03:00+02:00' has another offset from UTC than that of line 2, as with daylight saving. Convert times to"
        + " UTC. See --utc.")]
    [InlineData("time,sales\n2024-01-01 10:00:01,1\n2024-01-01 10:10:03,2\n2024-01-01 10:20:00,3\n", "See --step.")]
    public void Wrong_files_are_refused_in_a_line_and_nothing_is_written(string content, string message)
    {
        var run = Run($"train --data {Write("bad.csv", content)} --out {folder}/run");
        run.Code.Should().Be(1);
        run.ShouldBeOneLineOfError();
        run.Error.Should().Contain(message);
        Directory.Exists($"{folder}/run").Should().BeFalse();
    }

    [Theory]
    [InlineData("train --model prophet", "--model should be")]
    [InlineData("train --test 1.5", "--test should be a number of steps or a fraction below 1; got '1.5'")]
    [InlineData("train --season 1 --model seasonal-naive", "is for series with a season")]
    [InlineData("train --model theta --look-back 5", "--look-back is for networks, and theta is none; leave it out.")]
    [InlineData("train --model theta --quantiles", "--quantiles is for networks, and theta is none; leave it out.")]
    [InlineData("train --model lstm-step --quantiles", "all steps at once, and lstm-step reads its own forecasts; leave")]
    [InlineData("train --model gru --quantiles --calendar day", "--calendar and --quantiles were both given")]
    [InlineData("compare --models naive,gru --quantiles --calendar day", "--calendar and --quantiles were both given")]
    [InlineData("train --model naive --seed 2", "--seed is for networks, and naive is none; leave it out.")]
    [InlineData("train --model smoothing-lstm --batch 8", "smoothing-lstm trains itself in its own way; leave it out.")]
    [InlineData("train --model patches --heads 3", "--heads should divide --hidden; got 3 and 32.")]
    [InlineData("train --coverage 0.999", "--coverage 0.999: intervals that hold so many values need at least 999 forecasts that"
        + " were compared, and the steps for validation have 407 of 24 steps.")]
    [InlineData("train --model nlinear --hidden 5", "--hidden is for networks with hidden units, and nlinear has none")]
    [InlineData("train --model gru --patch 5", "--patch is for the forecaster patches, and gru reads single steps")]
    [InlineData("train --model patches --calendar day", "--calendar is for recurrent and convolutional networks")]
    [InlineData("train --model gru --calendar noon", "--calendar should be some of hour, day, week, month, year")]
    [InlineData("train --columns a", "--columns says how a file holds a series, and the built-in one is in none")]
    [InlineData("train --data DATA --columns a,b,a", "--columns names the column 'a' twice; name it once.")]
    [InlineData("train --data DATA --step 5x", "--step should be a time such as 30s, 5min, 1h, 1d, 1w or 1month; got '5x'.")]
    [InlineData("train --test 10", "Forecasts of 24 steps do not fit into the 10 steps for test of 'demand'.")]
    [InlineData("compare --horizons 12,900", "Forecasts of 900 steps do not fit into the 430 steps for validation of 'demand'.")]
    [InlineData("compare --models naive,prophet", "There is no forecaster 'prophet'")]
    [InlineData("compare --horizons 3,x", "--horizons should be")]
    [InlineData("compare --resume", "--resume: a comparison keeps the rows")]
    [InlineData("predict --checkpoint nowhere", "nowhere")]
    [InlineData("predict --follow --output x.csv", "--output and --follow")]
    [InlineData("evaluate", "Name a file with steps that the forecaster has not seen by --data")]
    public void Wrong_usage_is_told_in_a_line(string arguments, string message)
    {
        var run = Run(arguments.Replace("DATA", Waves("a.csv", 30), StringComparison.Ordinal));
        run.Code.Should().BeOneOf(1, 2);
        run.ShouldBeOneLineOfError();
        run.Error.Should().Contain(message);
    }

    [Fact]
    public void A_second_run_does_not_replace_the_first_ones_forecaster()
    {
        var train = $"train --data {Waves("a.csv", 120)} --model theta {Series} --out {folder}/run";
        Run(train).Code.Should().Be(0);
        var first = File.ReadAllBytes($"{folder}/run/forecaster.safetensors");
        var again = Run(train.Replace("theta", "naive", StringComparison.Ordinal));
        again.Code.Should().Be(1);
        again.ShouldBeOneLineOfError();
        again.Error.Should().Contain("holds the forecaster of another run");
        File.ReadAllBytes($"{folder}/run/forecaster.safetensors").Should().Equal(first);
    }

    [Fact]
    public void Times_are_kept_as_written_converted_or_rounded_as_options_say()
    {
        Next("local", "2024-03-10T{0:00}:00+02:00", "").Should().StartWith("2024-03-12 00:00,");
        Next("utc", "2024-03-10T{0:00}:00+02:00", " --utc").Should().StartWith("2024-03-11 22:00,");
        Next("rounded", "2024-03-10 {0:00}:00:0{1}", " --step 1h").Should().StartWith("2024-03-12 00:00,");

        string Next(string name, string time, string options)
        {
            var random = new Random(1);
            var lines = Enumerable.Range(0, 48).Select(t => string.Format(CultureInfo.InvariantCulture,
                time.Replace("-10", t < 24 ? "-10" : "-11", StringComparison.Ordinal), t % 24, random.Next(10))
                + $",{random.Next(100)}");
            var path = Write($"{name}.csv", "time,load\n" + string.Join('\n', lines) + "\n");
            Run($"train --data {path} --model naive --season 1 --horizon 3{options} --out {folder}/{name}").Code.Should().Be(0);
            return Lines(Run($"predict --checkpoint {folder}/{name} --horizon 1"))[1];
        }
    }

    [Fact]
    public void Filling_the_steps_for_training_takes_nothing_from_later_ones()
    {
        var series = new TimeSeries([1, 2, 3, float.NaN, 9, 8, float.NaN, 6, 5, 4, 3, float.NaN, 1, 0, 1, 2]);
        var data = SeriesData.Of("a", series, 4, 0.42, season: 1);
        data.Training.Length.Should().Be(7);
        var filled = data.Fill(GapFilling.Linear);
        filled.Training.Values.ToArray().Should().Equal(1, 2, 3, 6, 9, 8, 8);
        filled.Validation.Values.ToArray().Should().Equal(6, 5, 4, 3, 3);
        filled.Test!.Values.ToArray().Should().Equal(1, 0, 1, 2);
        filled.DescribeGaps().Should().Be("3 of 16 values are missing, in 3 gaps; the longest is 1 step from step 3; filled by"
            + " linear");
        data.Invoking(d => (d with { Training = new TimeSeries([float.NaN, float.NaN]) }).Fill(GapFilling.Mean))
            .Should().Throw<DataSourceException>().WithMessage("*every value for training (the first 2 steps) is missing*");
    }

    [Fact]
    public void A_series_without_changes_from_season_to_season_is_refused_before_anything_is_fitted()
    {
        var lines = Enumerable.Range(0, 60).Select(t => $"{new DateTime(2024, 1, 1).AddDays(t):yyyy-MM-dd},{t % 7}");
        var run = Run($"train --data {Write("week.csv", "day,sales\n" + string.Join('\n', lines))} --out {folder}/run");
        run.Code.Should().Be(1);
        run.ShouldBeOneLineOfError();
        run.Error.Should().Contain("column 'sales': each value is the one 7 steps before in the 48 steps before the test");
        Directory.Exists($"{folder}/run").Should().BeFalse();
    }

    private static string[] Table(ProgramRun run) =>
        [.. Lines(run).SkipWhile(l => !l.StartsWith("Forecasts of", StringComparison.Ordinal))];

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

    private static string[] Lines(ProgramRun run)
    {
        run.Code.Should().Be(0, run.Error);
        return run.Output.TrimEnd('\n').Split('\n');
    }

    private static ProgramRun Run(string arguments) => ProgramRun.Of(Program.Create, arguments.Split(' '));

    private string Waves(string name, int days)
    {
        var noise = new RandomGenerator(1);
        return Write(name, "day,sales\n" + string.Concat(Enumerable.Range(0, days).Select(Line)));

        string Line(int t)
        {
            var value = 50 + (10 * Math.Sin(t * Math.Tau / 6)) + (2 * noise.NextSingle());
            var day = new DateTime(2024, 1, 1).AddDays(t);
            return string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd},{value:0.00}\n");
        }
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
