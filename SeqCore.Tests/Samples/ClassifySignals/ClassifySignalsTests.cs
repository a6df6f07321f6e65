using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SeqCore.Models;
using SeqCore.Samples.ClassifySignals;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.ClassifySignals;

/// <summary>The program replaces the default device while it runs, so these tests run alone.</summary>
[Collection("CharLanguageModel")]
public sealed class ClassifySignalsTests : IDisposable
{
    private const string Small = "train --hidden 4 --iterations 12 --eval-every 6 --checkpoint-every 4";
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-signals-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Training_writes_checkpoints_a_card_a_chart_and_a_page()
    {
        var run = Run($"{Small} --data {Table()} --out {folder}/run");
        run.Error.Should().BeEmpty();
        run.Code.Should().Be(0);
        run.Words.Should().ContainAll("12 iterations of 16 series", "48 series, 6 more for validation, 6 for tests; 2 labels,"
            + " 2 channels, 8 to 19 steps", "BiGRU, 1 layer of 4 in each direction, max pooling, 2 channels, 2 labels",
            "of 6 test series are right", "label precision recall F1 ROC area series");
        run.Output.Split('\n').Should().OnlyContain(l => l.Length < 80);
        Directory.GetFiles($"{folder}/run").Select(Path.GetFileName).Where(name => name![0] != '.')
            .Should().BeEquivalentTo("best.safetensors", "checkpoint-000000004.safetensors", "checkpoint-000000008.safetensors",
                "checkpoint-000000012.safetensors", "accuracy.svg", "loss.svg", "metrics.jsonl", "model-card.json",
                "signals.html");
        File.ReadAllText($"{folder}/run/signals.html").Should()
            .ContainAll("<svg", "up: y", "flat: x", "example 3", "Confusion matrix", "Mistakes");
        using var card = JsonDocument.Parse(File.ReadAllText($"{folder}/run/model-card.json"));
        card.RootElement.GetProperty("program").GetString().Should().Be("ClassifySignals");
        card.RootElement.GetProperty("figures").GetProperty("test").GetProperty("accuracy").GetDouble().Should().BeInRange(0, 1);
    }

    [Theory]
    [InlineData("gru", "--pooling last --bidirectional false")]
    [InlineData("lstm", "--balanced --scale-each --pooling attention")]
    [InlineData("tcn", "--kernel 2 --layers 2 --pooling mean --scaling min-max")]
    public void Every_model_trains_and_a_stopped_run_continues(string model, string more)
    {
        var options = $"{Small} --model {model} {more} --json --data {Table()}";
        var lines = Json(Run($"{options} --out {folder}/whole"));
        lines.Select(l => l.GetProperty("event").GetString()).Distinct().Should().Equal("start", "evaluation", "table", "result");
        lines[2].GetProperty("validation_loss").GetDouble()
            .Should().BeLessThan(lines[1].GetProperty("validation_loss").GetDouble());
        Run($"{options} --out {folder}/parts").Code.Should().Be(0);
        foreach (var file in Directory.GetFiles($"{folder}/parts", "checkpoint-*")
            .Where(f => !f.EndsWith("004.safetensors", StringComparison.Ordinal)))
            File.Delete(file);
        Run($"{options} --resume --out {folder}/parts").Error.Should().Contain("Continuing from iteration 4.");
        File.ReadAllBytes($"{folder}/parts/checkpoint-000000012.safetensors")
            .Should().Equal(File.ReadAllBytes($"{folder}/whole/checkpoint-000000012.safetensors"));
    }

    [Fact]
    public void Series_are_learned_scored_and_predicted_by_a_model_that_is_loaded()
    {
        var data = Lines();
        var trained = Json(Run($"train --hidden 8 --epochs 20 --data {data} --json --out {folder}/run"))[^1];
        var test = trained.GetProperty("test");
        test.GetProperty("accuracy").GetDouble().Should().BeGreaterThan(0.9);
        test.GetProperty("roc_area").GetDouble().Should().BeGreaterThan(0.9);

        var part = Json(Run($"evaluate --checkpoint {folder}/run --data {data} --json"))[^1];
        part.GetProperty("part").GetString().Should().Be("test", "the rest of the file was trained on");
        part.GetProperty("series").GetInt32().Should().Be(6);
        part.GetProperty("accuracy").GetDouble().Should().Be(test.GetProperty("accuracy").GetDouble());
        Expect($"evaluate --checkpoint {folder}/run --data {data} --split-seed 2", 2,
            $"'{data}' is what the model was trained on, but these options divide it into other parts.");
        var page = Path.Combine(folder, "page", "signals.html");
        var all = Json(Run($"evaluate --checkpoint {folder}/run --test {data} --json --page {page}"))[^1];
        all.GetProperty("series").GetInt32().Should().Be(60);
        File.ReadAllText(page).Should().Contain("<svg").And.Contain("mean");

        var input = Write("new.txt", "0 1 2 3 4 5 6\n\n1 1 1 1 1 1\n");
        Run($"predict --checkpoint {folder}/run --data {input} --unlabelled").Output.Should().MatchRegex(
            "^series,label,probability,probability of flat,probability of up\nline 1,up,(0.[0-9]{4}),[0-9.]+,\\1\n"
                + "line 3,flat,(0.[0-9]{4}),\\2,[0-9.]+\n$");
        var json = Json(Run($"predict --checkpoint {folder}/run --data {data} --json"));
        json.Should().HaveCount(60);
        json[1].GetProperty("true_label").GetString().Should().Be("up");
        json[1].GetProperty("right").GetBoolean().Should().BeTrue();
        json[1].GetProperty("probabilities").GetProperty("up").GetDouble().Should().BeInRange(0.5, 1);
        Expect($"predict --checkpoint {folder}/run --input {input}", 1, $"'{input}', line 1: the label '0' is none of the"
            + " model's: flat, up. Add --unlabelled if series have no label.");
        Expect($"evaluate --checkpoint {folder}/run", 2, "was trained on 'lines', a file.");
        Expect($"evaluate --checkpoint {folder}/run --positive down --test {data}", 2,
            "--positive: there is no label 'down'; the labels are flat, up.");
    }

    [Fact]
    public void Predictions_go_into_files_that_replace_nothing_that_is_read()
    {
        var (table, model) = (Table(), $"{folder}/run/best.safetensors");
        Run($"{Small} --data {table} --out {folder}/run").Code.Should().Be(0);
        var (csv, page) = ($"{folder}/labels.csv", $"{folder}/labels.html");
        Run($"predict --checkpoint {model} --data {table} --output {csv} --page {page}").Code.Should().Be(0);
        var lines = File.ReadAllLines(csv);
        lines.Should().HaveCount(61);
        lines[0].Should().Be("series,label,probability,true_label,right,probability of flat,probability of up");
        lines[1..].Should().OnlyContain(l => Regex.IsMatch(l, "^s[0-9]+,(up|flat),0.[0-9]{4},((?!\\1)(up|flat),no|\\1,yes),"));
        File.ReadAllText(page).Should().ContainAll("Confusion matrix", "95 %", "wrong</td>", "Series by their predicted label");

        foreach (var (input, name) in new[] { (table, "the file of --data"), (model, "the file of --checkpoint") })
        {
            var before = File.ReadAllBytes(input);
            Expect($"predict --checkpoint {model} --data {table} --output {input}", 2, $"--output would overwrite {name}");
            File.ReadAllBytes(input).Should().Equal(before);
        }

        Expect($"predict --checkpoint {folder}/run --data {table} --page {model}", 2, "--page would overwrite the model");
        Expect($"predict --checkpoint {model} --data {table} --output {csv} --page {csv}", 2, "--output and --page are the same");
        Expect($"train --data {table} --page {table}", 2, "--page would overwrite the file of --data");
    }

    [Fact]
    public void Columns_are_matched_to_the_channels_of_a_model_by_name_or_in_order()
    {
        var (table, renamed) = (Table(), Write("renamed.csv", File.ReadAllText(Table()).Replace("id,t,x,y", "id,t,u,v")));
        Run($"{Small} --iterations 2 --data {table} --out {folder}/run").Code.Should().Be(0);
        var command = $"predict --checkpoint {folder}/run --data";
        Run($"{command} {renamed} --channels u,v").Output.Should().Be(Run($"{command} {table}").Output).And.StartWith("series,");
        Expect($"{command} {renamed}", 1,
            $"'{renamed}' has no column 'x'; it has id, t, u, v, label. The model has 2 channels, x,"
            + " y: name a column for each, in this order, with --channels.");
        Expect($"{command} {renamed} --channels u", 2, "--channels names 1 column, and the model has 2 channels, x, y.");
        Expect($"{command} {renamed} --channels u,u", 2, "--channels names the column 'u' twice");
    }

    [Fact]
    public void Intervals_of_shares_are_Wilsons()
    {
        // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998, table I.
        var some = WilsonInterval.Of(81, 263);
        some.Low.Should().BeApproximately(0.2553, 5e-5);
        some.High.Should().BeApproximately(0.3662, 5e-5);
        WilsonInterval.Of(0, 20).High.Should().BeApproximately(0.1611, 5e-5);
        WilsonInterval.Of(5, 5).Low.Should().BeApproximately(0.5655, 5e-5);
        WilsonInterval.Of(5, 5).High.Should().Be(1);
    }

    [Fact]
    public void Roc_areas_are_those_of_each_label_their_mean_or_that_of_the_positive_label()
    {
        LabelledSeries[] series = [.. "aabbc".Select(c => new LabelledSeries(new TimeSeries([1f]), $"{c}"))];
        SignalPrediction[] predictions =
            [new("a", [0.9, 0.1, 0]), new("b", [0.4, 0.5, 0.1]), new("b", [0.1, 0.6, 0.3]), new("a", [0.6, 0.2, 0.2]),
                new("c", [0, 0.3, 0.7])];
        string[] labels = ["a", "b", "c", "d"];
        var scores = new SignalScores(labels, series, predictions, positive: null);

        // Of the pairs of one label and another, those in the right order.
        scores.RocAreas.Should().Equal([5 / 6.0, 4 / 6.0, 1, double.NaN],
            (area, expected) => Math.Abs(area - expected) < 1e-12 || (double.IsNaN(area) && double.IsNaN(expected)));
        scores.RocArea.Should().BeApproximately(2.5 / 3, 1e-12);
        new SignalScores(labels, series, predictions, "b").RocArea.Should().BeApproximately(4 / 6.0, 1e-12);
        new SignalScores(labels, series, predictions, "d").RocArea.Should().Be(double.NaN);
    }

    [Fact]
    public void Standard_input_is_answered_line_by_line_until_a_mistake()
    {
        Run($"{Small} --iterations 2 --data {Table()} --out {folder}/run").Code.Should().Be(0);
        string[] command = ["predict", "--follow", "--unlabelled", "--checkpoint", $"{folder}/run"];
        var run = ProgramRun.Of(Program.Create, command, input: "1 2 3:4 5 6\n\n1:2\n1 x:2 3\n1:2\n");
        run.Code.Should().Be(1);
        run.Output.Should().MatchRegex("^series,.*\nline 1,.*\nline 3,.*\n$");
        run.Error.Should().Be("'standard input', line 4, column 3: 'x' is not a number.\n");

        var skipping = ProgramRun.Of(Program.Create, [.. command, "--skip-bad-lines"], input: "1 x:2 3\n1:2\n");
        (skipping.Code, skipping.Output.Split('\n').Length).Should().Be((0, 3));
        skipping.Error.Should().Be("Skipped: 'standard input', line 1, column 3: 'x' is not a number.\n");

        // Without --follow nothing is answered before everything has been read.
        var whole = ProgramRun.Of(Program.Create, [.. command.Where(c => c != "--follow")], input: "1:2\n1 x:2 3\n");
        (whole.Code, whole.Output).Should().Be((1, ""));
    }

    [Fact]
    public void A_comparison_continues_with_the_runs_that_are_missing()
    {
        var command = $"compare --hidden 4 --iterations 3 --folds 2 --data {Table()} --out {folder}/compare";
        var first = Run(command);
        first.Code.Should().Be(0, first.Error);
        first.Output.Split('\n').Should().OnlyContain(l => l.Length < 80);
        first.Words.Should().ContainAll("60 series; 2 labels, 2 channels, 8 to 19 steps; 2 folds.", "most frequent label seed 1:"
            + " 50.0 %", "table: accuracy in %, mean and deviation of 2 folds",
            "method accuracy mean F1 ROC area parameters time", "nearest neighbour, DTW", "logistic regression", "BiLSTM", "TCN");
        var file = $"{folder}/compare/{ResultsFile.Name}";
        var lines = File.ReadAllLines(file);
        lines.Should().HaveCount(14);

        // The program was stopped before the last run.
        File.WriteAllLines(file, lines[..13]);
        Run(command).Code.Should().Be(0);
        var again = File.ReadAllLines(file);
        again[..13].Should().Equal(lines[..13]);
        Regex.Replace(again[13], "\"seconds\":[^,]*", "").Should().Be(Regex.Replace(lines[13], "\"seconds\":[^,]*", ""));
        File.ReadAllText($"{folder}/compare/compare.html").Should().ContainAll("<svg", "BiGRU", "Each dot", "Confusion matrix");
        var json = Json(Run($"{command} --seeds 2 --methods linear,tcn --json"));
        json.Count(l => l.GetProperty("event").GetString() == "run").Should().Be(4);
        json[^1].EnumerateObject().Select(p => p.Name).Should()
            .Equal("event", "table", "method", "accuracy", "macro_f1", "roc_area", "parameters", "seconds");
        File.ReadAllLines(file).Should().HaveCount(18);

        Run($"{command} --methods linear,tcn --learning-rate 0.02").Code.Should().Be(0);
        File.ReadAllLines(file).Should().HaveCount(20, "the rate changes networks alone");
        File.AppendAllText(file, "{}\n");
        Expect(command, 1, $"'{file}', line 21 is not a result of this program. Remove that line");
        File.Move(file, $"{folder}/compare/compare.jsonl");
        Expect(command, 1, "compare.jsonl' has results of an earlier version of this program, which it does not read.");
    }

    [Fact]
    public void Simple_methods_predict_what_they_can()
    {
        var data = Lines();
        var runs = Json(Run($"compare --data {data} --methods majority,euclidean,dtw,linear --json --out {folder}/compare"))
            .Where(l => l.GetProperty("event").GetString() == "run")
            .ToDictionary(l => l.GetProperty("model").GetString()!, l => l.GetProperty("accuracy").GetDouble());
        runs["majority"].Should().Be(0.5);
        runs.Where(r => r.Key != "majority").Should().HaveCount(3).And.OnlyContain(r => r.Value > 0.9);
    }

    [Fact]
    public void Warping_stretches_steps_within_its_band()
    {
        var warping = new WarpingDistance();
        float[] bump = [0, 0, 1, 2, 1, 0, 0, 0, 0, 0], late = [0, 0, 0, 1, 2, 1, 0, 0, 0, 0];
        float[] later = [0, 0, 0, 0, 0, 0, 1, 2, 1, 0];
        Between(bump, late).Should().Be(0);
        Between(bump, later).Should().BeGreaterThan(1);
        Between([0, 1, 2], [0, 0, 1, 1, 2, 2]).Should().Be(0);
        Between([1, 2, 3], [1, 2, 5]).Should().Be(2);
        warping.Between([0, 0, 0, 0], [3, 0, 4, 0], channels: 2, double.PositiveInfinity).Should().Be(5);
        warping.Between([9, 9, 9], [0, 0, 0], 1, atMost: 1).Should().BeGreaterThan(1);

        double Between(float[] one, float[] other) => warping.Between(one, other, 1, double.PositiveInfinity);
    }

    [Theory]
    [InlineData("a 1 2\nb 1 x\n", "line 2, column 5: 'x' is not a number.")]
    [InlineData("a 1 2\na 1 2\n", "has only the label 'a'; there should be at least 2.")]
    [InlineData("a 1 2\nb 1 2\n", "has 2 different labels for 2 series, such as 'b'. On a line the label comes first")]
    [InlineData("a 1 2\na 1 2\nb 1:2\nb 1\n", "line 3: the series has 2 channels, 1, 2; the first one has value.")]
    [InlineData("a 1 2\na 1 3\nb 1 4\nb 1\n", "has 4 series; there should be at least 10.")]
    [InlineData("1 1\n1 1\n1 1\n1 1\n1 1\n1 1\n01 2\n01 2\n01 2\n01 2\n01 2\n01 2\n", "has 12 series, of which only 2 are")]
    [InlineData("a 1 2\nb 1 3e38\n", "line 2: the value 3E+38 at step 2 is too large; values should be from -1e30 to 1e30.")]
    [InlineData("id,x,label\n1,2,up\n1,2,down\n", "line 3, column 'label': the series '1' has the label 'down' here")]
    [InlineData("id,x,label\n1,2,up\n2,,up\n", "line 3, column 'x': the cell is empty")]
    [InlineData("", "is empty")]
    public void Wrong_data_end_with_1_and_one_line_and_nothing_is_written(string content, string message)
    {
        var file = Write("wrong.txt", content);
        Expect($"train --data {file} --out {folder}/run", 1, message);
        Directory.Exists($"{folder}/run").Should().BeFalse();
    }

    [Theory]
    [InlineData("train --model cnn", "--model should be gru or lstm or tcn; got 'cnn'.")]
    [InlineData("train --kernel 3", "--kernel is for --model tcn; gru has no convolutions.")]
    [InlineData("train --pooling last", "--pooling last needs --bidirectional false")]
    [InlineData("train --scale-each --scaling none", "--scale-each needs a --scaling other than none.")]
    [InlineData("train --hidden 65536 --layers 64", "Training would take at least")]
    [InlineData("train --dataset nonsense", "There is no data set 'nonsense'. Choose one of gestures, ecg5000, or give a")]
    [InlineData("train --from x --hidden 3", "--hidden and --from were both given")]
    [InlineData("compare --from x", "--from does not go with compare")]
    [InlineData("compare --model gru", "--model does not go with compare, which trains all")]
    [InlineData("compare --methods gru,svm", "--methods should be some of majority, euclidean, dtw, linear, gru, lstm, tcn;")]
    [InlineData("compare --folds 1", "--folds should be a whole number from 2 to 100; got '1'.")]
    [InlineData("compare --resume", "--resume: a comparison keeps the runs that it finished, and needs no --resume")]
    [InlineData("compare --folds 100 --iterations 1 --data LINES", "--folds 100: there are 60 series, and each fold needs one.")]
    [InlineData("predict --data x --follow", "--data and --follow were both given; leave one out.")]
    [InlineData("predict --page x --follow", "--page and --follow were both given; leave one out.")]
    [InlineData("predict --id x", "--id is for a file with --data; standard input has a series on each line.")]
    public void Wrong_usage_ends_with_2_and_one_line(string arguments, string message)
    {
        var run = Run(arguments.Replace("LINES", Lines(), StringComparison.Ordinal));
        run.Code.Should().Be(2);
        run.Error.Should().StartWith(message);
        run.Output.Should().BeEmpty();
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void Help_lists_every_option()
    {
        Run("train --help").Output.Should().ContainAll("--data", "--dataset", "--validation", "--test", "--split-seed",
            "--format", "--id", "--time", "--label", "--channels", "--model", "--hidden", "--layers", "--kernel",
            "--bidirectional", "--pooling", "--scaling", "--scale-each", "--dropout", "--balanced", "--epochs", "--page",
            "--skip-test", "--positive", "up   0.1 0.5 0.9 : 2.0 2.1 1.9\n", "    id,t,x,y,label\n");
        Run("compare --help").Output.Should().ContainAll("--folds", "--seeds", "--methods").And.NotContain("--split-seed");
        Run("predict --help").Output.Should().ContainAll("--data", "--follow", "--unlabelled", "--output", "--page");
    }

    [Fact]
    public void Built_in_gestures_are_always_the_same()
    {
        var all = Gestures.All();
        all.Should().HaveCount(600);
        all.Select(SignalData.Key).Should().Equal(Gestures.All().Select(SignalData.Key)).And.OnlyHaveUniqueItems();
        LabelledSeries.LabelsOf(all).Should().HaveCount(6);
    }

    [Fact]
    public void The_demonstration_ends_with_a_table_of_all_methods()
    {
        var run = Run($"--hidden 4 --iterations 2 --data {Table()} --out {folder}/demo");
        run.Code.Should().Be(0, run.Error);
        run.Words.Should().ContainAll("First methods without a network.", "Accuracy on the test series", "More: add -- compare")
            .And.MatchRegex("method accuracy most frequent label 50.0 % nearest .* logistic regression .* BiGRU [0-9]");
        foreach (var command in (string[])["", "train", "compare"])
            Expect($"{command} --iterations 2 --data {Table()} --out {Table()}", 1, "cannot be written");
    }

    /// <summary>A table of series of two channels, of which one rises or not.</summary>
    private string Table()
    {
        var text = new StringBuilder("id,t,x,y,label\n");
        foreach (var (i, label, values) in Random())
        {
            foreach (var (t, (x, y)) in values.Index())
                text.Append(CultureInfo.InvariantCulture, $"s{i},{t},{x:0.000},{y:0.000},{label}\n");
        }

        return Write("table.csv", text.ToString());
    }

    /// <summary>Lines of the rising channel alone.</summary>
    private string Lines() => Write("lines.txt", string.Join('\n', Random().Select(s => s.Label + " "
        + string.Join(' ', s.Values.Select(v => v.X.ToString("0.000", CultureInfo.InvariantCulture))))));

    private static IEnumerable<(int Number, string Label, (double X, double Y)[] Values)> Random()
    {
        var random = new RandomGenerator(1);
        for (var i = 0; i < 60; i++)
        {
            var slope = i % 2 == 0 ? 0 : 0.3;
            yield return (i, i % 2 == 0 ? "flat" : "up", [.. Enumerable.Range(0, 8 + random.NextInt32(12))
                .Select(t => ((slope * t) + random.NextDouble(), random.NextDouble()))]);
        }
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static void Expect(string arguments, int code, string message)
    {
        var run = Run(arguments);
        run.Code.Should().Be(code, run.Error);
        run.Error.Should().Contain(message);
        run.Output.Should().BeEmpty();
        run.ShouldBeOneLineOfError();
    }

    private static JsonElement[] Json(ProgramRun run)
    {
        run.Code.Should().Be(0, run.Error);
        return [.. run.Output.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement)];
    }

    private static ProgramRun Run(string arguments) =>
        ProgramRun.Of(Program.Create, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
