using System.Text.Json;
using SeqCore.Samples.ClassifyText;
using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.ClassifyText;

/// <summary>The program replaces the default device while it runs, so these tests run alone.</summary>
[Collection("CharLanguageModel")]
public sealed class ClassifyTextTests : IDisposable
{
    private const string Small = "train --embedding 12 --hidden 12 --batch 16 --iterations 12 --eval-every 6 --checkpoint-every 4"
        + " --learning-rate 0.01";
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-classify-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Training_writes_checkpoints_charts_pages_and_a_card()
    {
        var run = Run($"{Small} --out {folder} --explain");
        run.Error.Should().BeEmpty();
        run.Code.Should().Be(0);
        run.Words.Should().ContainAll("3,200 texts, 400 more for validation, 400 for tests; 2 labels", "GRU, 1 layer of 12",
            "validation texts are right; macro F1", "of 400 test texts are right", "looked at", "rests on",
            "True labels downwards, predicted labels across", "true label negative positive", "precision");
        Directory.GetFiles(folder).Select(Path.GetFileName).Where(name => name![0] != '.')
            .Should().BeEquivalentTo("accuracy.svg", "best.safetensors", "checkpoint-000000004.safetensors",
                "checkpoint-000000008.safetensors", "checkpoint-000000012.safetensors", "confusion.html", "explain.html",
                "loss.svg", "metrics.jsonl", "model-card.json");
        using var card = JsonDocument.Parse(File.ReadAllText($"{folder}/model-card.json"));
        card.RootElement.GetProperty("data").GetProperty("test").GetProperty("examples").GetInt32().Should().Be(400);
        card.RootElement.GetProperty("options").GetProperty("split_seed").GetString().Should().Be("1");
        card.RootElement.GetProperty("model_options").GetProperty("pooling").GetString().Should().Be("Attention");
        var accuracy = card.RootElement.GetProperty("figures").GetProperty("test").GetProperty("accuracy").GetDouble();
        var evaluated = Json(Run($"evaluate --checkpoint {folder} --json"))[^1];
        evaluated.GetProperty("accuracy").GetDouble().Should().Be(accuracy);
        File.ReadAllText($"{folder}/explain.html").Should().ContainAll("Looked at:", "color-mix(in srgb,var(--heat) 45%");
        File.ReadAllText($"{folder}/confusion.html").Should().Contain("true label").And.Contain("<td>negative</td>");
    }

    [Theory]
    [InlineData("gru", "words")]
    [InlineData("lstm", "characters")]
    [InlineData("cnn", "bpe --vocabulary 300")]
    [InlineData("transformer", "words")]
    [InlineData("embedding", "words --keep-case --min-frequency 2")]
    [InlineData("cnn", "words --members 2 --ngrams 3")]
    public void Every_model_trains_resumes_and_predicts_the_same_bits_from_its_folder(string model, string tokens)
    {
        var options = $"{Small} --model {model} --tokens {tokens} --json --data {Films()}";
        var lines = Json(Run($"{options} --out {folder}/whole"));
        lines.Select(l => l.GetProperty("event").GetString()).Where(e => e is not ("table" or "prediction"))
            .Should().Equal("start", "evaluation", "evaluation", "result");
        var own = lines.Where(l => l.GetProperty("event").GetString() == "prediction").Select(l => l.GetRawText()).ToArray();
        own.Should().HaveCount(4);

        File.Delete(Films());
        var input = Path.Combine(folder, "input.txt");
        File.WriteAllLines(input, own.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("text").GetString()!));
        Json(Run($"predict --checkpoint {folder}/whole --input {input} --json")).Select(l => l.GetRawText()).Should().Equal(own);

        Films();
        Run($"{options} --out {folder}/parts").Code.Should().Be(0);
        foreach (var file in Directory.GetFiles($"{folder}/parts", "checkpoint-*")
            .Where(f => !f.EndsWith("004.safetensors", StringComparison.Ordinal)))
            File.Delete(file);
        Run($"{options} --resume --out {folder}/parts").Error.Should().Contain("Continuing from iteration 4.");
        File.ReadAllBytes($"{folder}/parts/checkpoint-000000012.safetensors")
            .Should().Equal(File.ReadAllBytes($"{folder}/whole/checkpoint-000000012.safetensors"));
    }

    [Fact]
    public void A_task_is_learned_scored_and_explained()
    {
        var films = Films();
        var trained = Json(Run($"{Small.Replace("--iterations 12", "--iterations 120")} --data {films} --json --out {folder}/run"
            + " --patience 3"));
        var result = trained.Single(l => l.GetProperty("event").GetString() == "result");
        result.GetProperty("test").GetProperty("accuracy").GetDouble().Should().BeGreaterThan(0.95);
        result.GetProperty("best_validation_accuracy").GetDouble()
            .Should().Be(result.GetProperty("validation").GetProperty("accuracy").GetDouble());

        var noted = Run($"evaluate --checkpoint {folder}/run --data {films}");
        noted.ShouldBeOneLineOfError();
        noted.Error.Should().Contain("texts in column", "the note about columns is there once");
        Expect($"evaluate --checkpoint {folder}/run --data {films} --split-seed 2", 2, "divide it into other parts.");
        var test = Json(Run($"evaluate --checkpoint {folder}/run --data {films} --json"))[^1];
        test.GetProperty("part").GetString().Should().Be("test");
        test.GetProperty("loss").GetDouble().Should().Be(result.GetProperty("test").GetProperty("loss").GetDouble());
        var validation = Json(Run($"evaluate --checkpoint {folder}/run --data {films} --part validation --json"))[^1];
        validation.GetProperty("loss").GetDouble().Should().Be(result.GetProperty("validation").GetProperty("loss").GetDouble());

        var other = Path.Combine(folder, "other.tsv");
        File.WriteAllText(other, "good\ta fine film\nbad\ta dull film\n");
        var page = Path.Combine(folder, "page", "confusion.html");
        var evaluated = Json(Run($"evaluate --checkpoint {folder}/run --data {other} --json --confusion {page} --explain-page"
            + $" {folder}/explain.html"))[^1];
        evaluated.GetProperty("part").GetString().Should().Be("new");
        evaluated.GetProperty("texts").GetInt32().Should().Be(2);
        evaluated.GetProperty("accuracy").GetDouble().Should().Be(1);
        File.ReadAllText(page).Should().Contain("good – good: 1");
        Run($"evaluate --checkpoint {folder}/run --test {other}").Words.Should()
            .StartWith("100.0 % [100.0, 100.0] of 2 test texts");

        var explained = Run([.. $"predict --checkpoint {folder}/run --explain".Split(' '), "a fine film"]);
        explained.Output.Should().MatchRegex(
            "^good, (100|[5-9][0-9]).[0-9] %: a fine film\n  looked at .*\n  rests on +'fine' \\+");
        explained.Output.Should().NotContain("unknown");
        Run([.. $"predict --checkpoint {folder}/run --explain".Split(' '), "a xylophone zebra"]).Output
            .Should().MatchRegex("\n  unknown +2 of 3 tokens: 'xylophone', 'zebra'\n$");
        var json = Json(Run([.. $"predict --checkpoint {folder}/run --explain --json".Split(' '), "a fine film"]))[0];
        json.GetProperty("words").EnumerateArray().Select(w => w.GetString()).Should().Equal("a", "fine", "film");
        json.GetProperty("effects").GetArrayLength().Should().Be(3);
        json.GetProperty("attention").EnumerateArray().Sum(w => w.GetDouble()).Should().BeApproximately(1, 1e-6);
        json.GetProperty("probabilities").GetProperty("good").GetDouble()
            .Should().Be(json.GetProperty("probability").GetDouble());
    }

    [Fact]
    public void A_refitted_model_is_trained_on_the_texts_for_validation_and_keeps_the_last_weights()
    {
        var options = $"{Small.Replace("--eval-every 6", "--refit")} --data {Films()}";
        var lines = Json(Run($"{options} --json --out {folder}/run"));
        lines[0].GetProperty("texts").GetInt32().Should().Be(270, "a tenth of 300 is for tests");
        lines.Count(l => l.GetProperty("event").GetString() == "evaluation").Should().Be(1);
        var result = lines.Single(l => l.GetProperty("event").GetString() == "result");
        result.TryGetProperty("validation", out _).Should().BeFalse();
        var accuracy = result.GetProperty("test").GetProperty("accuracy").GetDouble();
        Json(Run($"evaluate --checkpoint {folder}/run --data {Films()} --json"))[^1].GetProperty("accuracy").GetDouble()
            .Should().Be(accuracy);
        Run($"evaluate --checkpoint {folder}/run --data {Films()} --part validation").Words.Should().Contain("30 training texts");
        Run($"{options} --skip-test --out {folder}/untested").Words.Should().Contain("of 30 training texts are right");
    }

    [Fact]
    public void Several_labels_are_learned_from_JSON_lines()
    {
        var path = Path.Combine(folder, "tags.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, 240).Select(i =>
        {
            var tags = new[] { i % 2 == 0 ? "\"red\"" : "", i % 3 == 0 ? "\"round\"" : "" }.Where(t => t.Length > 0);
            var words = $"{(i % 2 == 0 ? "red" : "grey")} {(i % 3 == 0 ? "round" : "flat")} {i}";
            return $$"""{"body": "{{words}}", "tags": [{{string.Join(", ", tags)}}]}""";
        }));
        var options = $"--data {path} --text-field body --label-field tags";
        var lines = Json(Run($"{Small.Replace("--iterations 12", "--iterations 200")} {options} --labels several"
            + $" --label-weights balanced --model embedding --min-frequency 2 --dropout 0 --token-dropout 0 --json"
            + $" --out {folder}/run"));
        var result = lines.Single(l => l.GetProperty("event").GetString() == "result");
        result.GetProperty("best_validation_micro_f1").GetDouble()
            .Should().Be(result.GetProperty("validation").GetProperty("micro_f1").GetDouble());
        lines[1].GetProperty("validation_accuracy").GetDouble().Should().BeInRange(0, 1);
        var test = result.GetProperty("test");
        test.GetProperty("micro_f1").GetDouble().Should().BeGreaterThan(0.95);
        test.GetProperty("micro_f1_interval").GetArrayLength().Should().Be(2);
        File.Exists($"{folder}/run/confusion.html").Should().BeFalse();
        Run([.. $"predict --checkpoint {folder}/run".Split(' '), "red round 7", "grey flat 7"]).Output
            .Should().MatchRegex("^red [0-9.]+ %, round [0-9.]+ %: red round 7\nnone, .* % for (red|round): grey flat 7\n$");
        Run($"evaluate --checkpoint {folder}/run {options}").Words.Should().StartWith("micro F1 ")
            .And.Contain("all labels of a text right");
        Expect($"evaluate --checkpoint {folder}/run {options} --confusion {folder}/c.html", 2, "there is no confusion matrix");
    }

    [Fact]
    public void Training_goes_on_from_the_weights_of_another_run()
    {
        var films = Films();
        Run($"{Small} --data {films} --out {folder}/first").Code.Should().Be(0);
        Run($"{Small.Replace("--embedding 12 --hidden 12 ", "")} --data {films} --from {folder}/first --out {folder}/second")
            .Words.Should().Contain("GRU, 1 layer of 12");
        Expect($"{Small} --data {films} --from {folder}/first --out {folder}/third", 2, "--embedding and --from were both given");
        var other = Path.Combine(folder, "other.tsv");
        File.WriteAllLines(other, Enumerable.Range(0, 20).Select(i => $"text {i}\t{(i == 12 ? "ugly" : "good")}"));
        Expect($"train --data {other} --text-column 1 --label-column 2 --from {folder}/first --out {folder}/fourth", 1,
            $"'{other}', line 13, column 2: the label 'ugly' is none of those of training: bad, good.");
    }

    [Fact]
    public void Interactive_predictions_end_with_an_empty_line()
    {
        Run($"{Small} --data {Films()} --out {folder}/run").Code.Should().Be(0);
        using var output = new StringWriter();
        var code = CommandLine.Run(["predict", "--checkpoint", $"{folder}/run", "--interactive"], Program.Create,
            new Terminal(output, output) { Input = new StringReader("a fine film\n\nnever read\n") });
        code.Should().Be(0);
        output.ToString().Should().MatchRegex("an empty line ends.\n> (good|bad), .* %: a fine film\n  looked at(.|\n)*\n> $")
            .And.NotContain("never");
        output.GetStringBuilder().Clear();
        CommandLine.Run(["predict", "--checkpoint", $"{folder}/run", "--interactive"], Program.Create,
            new Terminal(output, output) { Input = new StringReader("") }).Should().Be(0);
        output.ToString().Should().EndWith("> \n");
    }

    [Fact]
    public void Without_a_command_both_models_are_compared()
    {
        var run = Run($"--embedding 12 --hidden 12 --batch 8 --iterations 4 --out {folder}/demo");
        run.Code.Should().Be(0, run.Error);
        run.Words.Should().StartWith("First a bag of words")
            .And.ContainAll("Bag of words: ", "GRU, 1 layer of 12", "More: add --");
    }

    [Theory]
    [InlineData("train --model bert", "--model should be gru or lstm or cnn or transformer or embedding; got 'bert'.")]
    [InlineData("train --model transformer --hidden 24 --heads 5",
        "--heads should divide --hidden; got 5 heads and a width of 24.")]
    [InlineData("train --tokens wordpiece", "--tokens wordpiece and --vocabulary-file go together")]
    [InlineData("train --tokens bpe --vocabulary 100", "--vocabulary should be at least 258 with --tokens bpe")]
    [InlineData("train --filters 3,x",
        "--filters should be whole numbers from 1 to 64 with commas between them, such as 3,4,5; got '3,x'.")]
    [InlineData("train --refit --patience 3", "--patience chooses by the texts for validation, and --refit trains on them")]
    [InlineData("train --members 0", "--members should be a whole number from 1 to 100; got '0'.")]
    [InlineData("train --threshold 1", "--threshold should be a number above 0, below 1; got '1'.")]
    [InlineData("train --hidden 65536", "Training would take at least")]
    [InlineData("train --dataset imdb", "There is no data set 'imdb'. Choose one of reviews, sst2, trec, or give a file")]
    [InlineData("train --validation x.tsv", "--validation goes with --data")]
    [InlineData("train --labels several --confusion x.html", "--confusion: there is no confusion matrix")]
    [InlineData("predict x --input y", "Texts, --input and --interactive exclude one another")]
    public void Wrong_usage_ends_with_2_and_one_line(string arguments, string message)
    {
        var run = Run(arguments);
        run.Error.Should().StartWith(message);
        run.Code.Should().Be(2);
        run.Output.Should().BeEmpty();
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void Mistakes_about_data_and_models_are_reported_in_a_line()
    {
        var films = Films();
        Expect($"train --data {folder}/nothing.tsv --out {folder}/x", 1, "does not exist");
        Expect($"predict x --checkpoint {folder}/nothing", 1, "does not exist");
        Expect($"train --tokens wordpiece --vocabulary-file {folder}/nothing --out {folder}/x", 1, "does not exist");
        var empty = Path.Combine(folder, "empty.txt");
        File.WriteAllText(empty, "");
        Run($"train --tokens wordpiece --vocabulary-file {empty} --out {folder}/x").Error.Should()
            .EndWith("should have [UNK], the token of words that cannot be split.\n");
        var quoted = Path.Combine(folder, "quoted.csv");
        File.WriteAllLines(quoted, Enumerable.Range(0, 30).Select(i => $"{(i % 2 == 0 ? "good" : "bad")},{i} \"fine\" films"));
        Expect($"{Small} --data {quoted} --out {folder}/x", 1, "add --quotes no.");
        Run($"{Small} --data {quoted} --quotes no --iterations 2 --out {folder}/quoted").Code.Should().Be(0);
        Run($"{Small} --data {films} --out {folder}/run").Code.Should().Be(0);
        var bad = Path.Combine(folder, "bad.tsv");
        File.WriteAllText(bad, "good\ta fine film\nugly\ta dull film\n");
        Expect($"evaluate --checkpoint {folder}/run --data {bad}", 1,
            $"'{bad}', line 2, column 1: the label 'ugly' is none of those of training: bad, good.");
        File.WriteAllText(bad, "a\n\nb\n");
        Expect($"predict --checkpoint {folder}/run --input {bad}", 1, $"'{bad}', line 2 is empty; there is nothing to classify.");
        File.WriteAllText(bad, "a\nb\n\n \n");
        Run($"predict --checkpoint {folder}/run --input {bad}").Output.Split('\n').Should().HaveCount(3);
        File.WriteAllText(bad, "");
        Expect($"predict --checkpoint {folder}/run --input {bad}", 1, $"'{bad}' is empty; there is nothing to classify.");
        Expect($"evaluate --checkpoint {folder}/run", 2, "was trained on 'films', a file. Name it with --data");
        Expect($"train --data {films} --validation {films}", 2, $"--data and --validation are the same file, '{films}'");
        var some = Path.Combine(folder, "some.tsv");
        File.WriteAllLines(some, [.. File.ReadLines(films).Take(5), "good\tfine", "bad\tdull"]);
        File.Copy(some, bad, overwrite: true);
        Expect($"train --data {films} --validation {some} --test {bad}", 2,
            $"--validation and --test are the same file, '{bad}'");
        var whole = Run($"{Small} --data {films} --validation {some} --out {folder}/whole");
        whole.Code.Should().Be(0);
        whole.Error.Should().Contain("are in two parts: 5 for validation are among those for training, and 0 for tests");
        Expect($"evaluate --checkpoint {folder}/whole --data {films}", 2,
            "is what the model was trained on, and nothing of it was held out");
        Expect($"predict x --checkpoint {folder}/run --explain-page {folder}", 1, $"--explain-page: '{folder}' is a folder.");
    }

    /// <summary>A file of films with one word that decides.</summary>
    private string Films()
    {
        var path = Path.Combine(folder, "films.tsv");
        string[] things = ["film", "plot", "cast", "score", "ending"];
        File.WriteAllLines(path, Enumerable.Range(0, 300).Select(i =>
            $"{(i % 2 == 0 ? "good" : "bad")}\ta {(i % 2 == 0 ? "fine" : "dull")} {things[i % 5]} of {1900 + i}"));
        return path;
    }

    private static void Expect(string arguments, int code, string message)
    {
        var run = Run(arguments);
        run.Code.Should().Be(code, run.Error);
        run.Error.Split('\n')[^2].Should().Contain(message);
    }

    private static JsonElement[] Json(ProgramRun run)
    {
        run.Code.Should().Be(0, run.Error);
        return [.. run.Output.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement)];
    }

    private static ProgramRun Run(string arguments) => Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static ProgramRun Run(string[] arguments) => ProgramRun.Of(Program.Create, arguments);
}
