using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.TagWords;

namespace SeqCore.Tests.Samples.TagWords;

/// <summary>The program replaces the default device while it runs, so these tests run alone.</summary>
[Collection("CharLanguageModel")]
public sealed class TagWordsTests : IDisposable
{
    private const string Small = "train --embedding 8 --hidden 8 --characters 4 --character-embedding 4 --batch 16"
        + " --iterations 12 --eval-every 6 --checkpoint-every 4 --learning-rate 0.01";
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-tag-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Training_writes_checkpoints_a_card_a_chart_and_a_confusion_matrix()
    {
        var run = Run($"{Small} --out {folder}/run");
        run.Error.Should().BeEmpty();
        run.Code.Should().Be(0);
        run.Words.Should().ContainAll("12 iterations of 16 sentences", "300 more for validation, 300 for tests; 7 tags",
            "BiLSTM + characters + CRF", "F1 of names", "that are not in the training text", "type precision recall F1 names");
        Directory.GetFiles($"{folder}/run").Select(Path.GetFileName).Where(name => name![0] != '.')
            .Should().BeEquivalentTo("best.safetensors", "checkpoint-000000004.safetensors", "checkpoint-000000008.safetensors",
                "checkpoint-000000012.safetensors", "confusion.html", "f1.svg", "loss.svg", "metrics.jsonl", "model-card.json");
        File.ReadAllText($"{folder}/run/confusion.html").Should().Contain("<svg").And.Contain("I-SHIP");
        using var card = JsonDocument.Parse(File.ReadAllText($"{folder}/run/model-card.json"));
        card.RootElement.GetProperty("program").GetString().Should().Be("TagWords");
        var recorded = card.RootElement.GetProperty("options");
        recorded.GetProperty("batch").GetString().Should().Be("16");
        recorded.GetProperty("character_features").GetString().Should().Be("4");
        card.RootElement.GetProperty("figures").GetProperty("test").GetProperty("span_f1").GetDouble().Should().BeInRange(0, 1);
    }

    [Theory]
    [InlineData("lstm", "--crf true")]
    [InlineData("gru", "--crf false --characters 0")]
    [InlineData("cnn", "--filters 3 --character-filters 2,3")]
    [InlineData("transformer", "--heads 2 --rare-dropout 0.3 --lowercase")]
    public void Every_model_trains_and_a_stopped_run_continues(string model, string more)
    {
        var options = $"{Small} --model {model} {more} --json --data {Names()}";
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
    public void Names_are_learned_scored_and_predicted_by_a_model_that_is_loaded()
    {
        var data = Names();
        var longer = Small.Replace("--iterations 12", "--iterations 200");
        var trained = Json(Run($"{longer} --data {data} --json --out {folder}/run"))[^1];
        var test = trained.GetProperty("test");
        test.GetProperty("span_f1").GetDouble().Should().BeGreaterThan(0.9);
        test.GetProperty("unknown_accuracy").GetDouble().Should().BeGreaterThan(0.9);

        var whole = Json(Run($"evaluate --checkpoint {folder}/run --data {data} --json"))[^1];
        whole.GetProperty("part").GetString().Should().Be("test", "the rest of the file was trained on");
        whole.GetProperty("sentences").GetInt32().Should().BeInRange(20, 25);
        whole.GetProperty("span_f1").GetDouble().Should().Be(test.GetProperty("span_f1").GetDouble());
        Expect($"evaluate --checkpoint {folder}/run --data {data} --split-seed 2", 2,
            $"'{data}' is what the model was trained on, but these options divide it into other parts.");
        var all = Json(Run($"evaluate --checkpoint {folder}/run --test {data} --json"))[^1];
        all.GetProperty("sentences").GetInt32().Should().Be(200);
        all.GetProperty("types").GetProperty("PER").GetProperty("f1").GetDouble().Should().BeGreaterThan(0.9);
        var page = Path.Combine(folder, "page", "confusion.html");
        Run($"evaluate --checkpoint {folder}/run --test {data} --confusion {page}").Code.Should().Be(0);
        File.ReadAllText(page).Should().Contain("I-PER – I-PER");

        Run("predict", "x1 x2 Mr x5 in zzburg x3", "x7", "--checkpoint", $"{folder}/run").Output
            .Should().Be("x1 x2 Mr/B-PER x5/I-PER in zzburg/B-LOC x3\nx7\n");
        var lines = Path.Combine(folder, "lines.txt");
        File.WriteAllText(lines, "Mr x5\r\n\r\n  qqburg  ");
        Run($"predict --input {lines} --checkpoint {folder}/run").Output.Should().Be("Mr/B-PER x5/I-PER\nqqburg/B-LOC\n");
        const string columns = "Mr\tB-PER\nx5\tI-PER\n\nqqburg\tB-LOC\n\n";
        Run($"predict --input {lines} --output conll --checkpoint {folder}/run").Output.Should().Be(columns);
        var conll = Path.Combine(folder, "words.conll");
        File.WriteAllText(conll, "-DOCSTART- O\n\nMr X\nx5 X\n\n\nqqburg X");
        Run($"predict --input {conll} --checkpoint {folder}/run").Output.Should().Be(columns);
        var universal = Path.Combine(folder, "words.conllu");
        File.WriteAllText(universal, "# text\n1-2\tMrx5\n1\tMr\n2\tx5\n\n1\tqqburg\n");
        Run($"predict --input {universal} --checkpoint {folder}/run").Output.Should().Be(columns);
        var json = Json(Run($"predict --input {lines} --json --checkpoint {folder}/run"));
        json[0].GetProperty("tags").EnumerateArray().Select(t => t.GetString()).Should().Equal("B-PER", "I-PER");

        Expect($"evaluate --checkpoint {folder}/run", 2, $"'{folder}/run/best.safetensors' was trained on 'names', a file.");
        File.WriteAllText(conll, "Mr B-PER\nx5 I-PER\n\nParis B-CITY\n");
        Expect($"evaluate --checkpoint {folder}/run --data {conll}", 1,
            $"'{conll}', line 4, last column: the tag 'B-CITY' is none of those of training: B-LOC, B-PER, I-PER, O.");
        File.WriteAllText(conll, "Mr O\nx5 I-PER\n");
        Expect($"evaluate --checkpoint {folder}/run --data {conll} --tag-column 2", 1,
            $"'{conll}', line 2, column 2: the tag 'I-PER' follows 'O', and in the scheme BIO");
        Run($"evaluate --checkpoint {folder}/run --data {conll} --scheme none").Code.Should().Be(0);
    }

    [Fact]
    public void Sentences_are_asked_for_until_an_empty_line()
    {
        Run($"{Small} --iterations 2 --out {folder}/run").Code.Should().Be(0);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error) { Input = new StringReader("the Hope left\nx\n\nnever read\n") };
        string[] command = ["predict", "--interactive", "--output", "conll", "--checkpoint", $"{folder}/run"];
        CommandLine.Run(command, Program.Create, terminal).Should().Be(0);
        output.ToString().Should().Contain("Type a sentence").And.MatchRegex("> the\t.*\nHope\t.*\nleft\t.*\n\n> x\t.*\n\n> $")
            .And.NotContain("never");
    }

    [Fact]
    public void Built_in_sentences_are_always_the_same_and_their_tags_are_BIO()
    {
        var all = Logbook.All();
        all.Should().HaveCount(3000).And.BeEquivalentTo(Logbook.All(), o => o.WithStrictOrdering());
        TagScheme.Decide(new TaggedFile(all), "bio").Should().BeTrue();
        var corpus = TagCorpus.Split(new TaggedFile(all), null, null, seed: 1);
        var known = corpus.Training.Sentences.SelectMany(s => s.Tokens).ToHashSet();
        var names = corpus.Test.Sentences.SelectMany(s => s.Tokens.Zip(s.Tags)).Where(t => t.Second == "B-PERSON").ToArray();
        names.Count(t => !known.Contains(t.First)).Should().BeGreaterThan(names.Length / 2);
    }

    [Fact]
    public void An_ablation_continues_with_the_runs_that_are_missing()
    {
        var command = $"ablation --embedding 8 --hidden 8 --heads 2 --characters 4 --iterations 10 --data {Names()}"
            + $" --out {folder}/ablation";
        var first = Run($"{command} --seeds 1");
        first.Code.Should().Be(0, first.Error);
        first.Words.Should().ContainAll("Scores of the test sentences of names in %, one seed",
            "BiLSTM + characters + CRF", "Transformer + characters + CRF").And.NotContain("done before");
        var file = $"{folder}/ablation/{ResultsFile.Name}";
        var lines = File.ReadAllLines(file);
        lines.Should().HaveCount(5);

        // The program was stopped before the last run.
        File.WriteAllLines(file, lines[..4]);
        var json = Json(Run($"{command} --seeds 1 --json"));
        Regex.Count(Run($"{command} --seeds 2").Output, "done before").Should().Be(5);
        json.Select(l => l.GetProperty("event").GetString()).Should()
            .Equal([.. Enumerable.Repeat("run", 5), .. Enumerable.Repeat("table", 10)]);
        var again = File.ReadAllLines(file);
        again.Should().HaveCount(10);
        again[..4].Should().Equal(lines[..4]);
        Regex.Replace(again[4], "\"seconds\":[^,]*", "").Should().Be(Regex.Replace(lines[4], "\"seconds\":[^,]*", ""));
        var table = Run($"{command} --seeds 2").Words;
        table.Should().MatchRegex(@"BiLSTM \+ CRF [0-9.]+ ± [0-9.]+ [0-9.]+ ± ").And.Contain("standard deviation of 2 seeds");
        File.ReadAllText($"{folder}/ablation/ablation.html").Should().Contain("<svg").And.Contain("F1 of names");

        Run($"{command} --seeds 1 --learning-rate 0.02").Output.Should().NotContain("done before", "it changes every score");
        File.ReadAllLines(file).Should().HaveCount(15);
        File.AppendAllText(file, "{}\n");
        Expect($"{command} --seeds 1", 1, $"'{file}', line 16 is not a result of this program. Remove that line");
        File.Move(file, $"{folder}/ablation/ablation.jsonl");
        Expect($"{command} --seeds 1", 1, $"ablation.jsonl' has results of an earlier version of this program");
    }

    [Theory]
    [InlineData("train --model bert", "--model should be lstm or gru or cnn or transformer; got 'bert'.")]
    [InlineData("train --model transformer --hidden 24 --heads 5",
        "--heads should divide --hidden; got 5 heads and a width of 24.")]
    [InlineData("train --filters 3,0", "--filters should be whole numbers from 1 to 64 with commas between them")]
    [InlineData("train --tag-column 0", "--tag-column should be a whole number from 1, or from -1")]
    [InlineData("train --rare-dropout -1", "--rare-dropout should be a number of at least 0; got '-1'.")]
    [InlineData("train --outside-penalty -1", "--outside-penalty should be a number of at least 0; got '-1'.")]
    [InlineData("train --hidden 65536 --characters 65536", "Training would take at least")]
    [InlineData("train --dataset nonsense",
        "There is no data set 'nonsense'. Choose one of logbook, ud-en-ewt, wnut17, or give a")]
    [InlineData("train --validation x", "--validation goes with --data; named sets have sentences for validation.")]
    [InlineData("train --from x --crf true", "--crf and --from were both given")]
    [InlineData("ablation --crf true", "--crf does not go with ablation")]
    [InlineData("ablation --from x", "--from does not go with ablation")]
    [InlineData("ablation --characters 0", "--characters should be at least 1 here")]
    [InlineData("predict x --interactive", "Sentences, --input and --interactive exclude one another; give one of them.")]
    public void Wrong_usage_ends_with_2_and_one_line(string arguments, string message)
    {
        var run = Run(arguments);
        run.Code.Should().Be(2);
        run.Error.Should().StartWith(message);
        run.Output.Should().BeEmpty();
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void The_learning_rate_falls_to_its_final_value()
    {
        var options = new TrainOptions { Iterations = 100, Warmup = 20 };
        Last(options).Should().BeApproximately(0.1, 1e-12);
        Last(options with { FinalRate = 0 }).Should().Be(0);
        Last(options with { FinalRate = 0.25, Schedule = "cosine" }).Should().BeApproximately(0.25, 1e-12);
        Last(options with { FinalRate = 0, Schedule = "constant" }).Should().Be(1);

        static double Last(TrainOptions options) => options.NewSchedule().Factor(100);
    }

    [Fact]
    public void Help_lists_every_option() =>
        Run("train --help").Output.Should().ContainAll("--data", "--dataset", "--validation", "--test", "--split-seed",
            "--format", "--token-column", "--tag-column", "--scheme", "--device", "--threads", "--seed", "--iterations",
            "--epochs", "--batch", "--embedding", "--embedding-deviation", "--hidden", "--layers", "--heads", "--filters",
            "--characters", "--character-filters", "--character-embedding", "--crf", "--lowercase", "--minimum-frequency",
            "--dropout", "--input-dropout", "--token-dropout", "--rare-dropout", "--outside-penalty", "--encoder-from", "--refit",
            "--learning-rate", "--final-rate", "--warmup", "--clip", "--out", "--resume", "--json", "--confusion", "--skip-test");

    [Fact]
    public void Evaluation_takes_the_data_of_the_model_by_default() =>
        Regex.Replace(Run("evaluate --help").Output, @"\s+", " ").Should().Contain("[default: that of the model]")
            .And.NotContain("[default: logbook]");

    [Fact]
    public void The_demonstration_ends_with_a_table_of_all_four_models_and_shows_the_right_tags()
    {
        var run = Run($"--embedding 8 --hidden 8 --characters 4 --character-embedding 4 --iterations 3 --out {folder}/demo");
        run.Code.Should().Be(0, run.Error);
        run.Words.Should()
            .ContainAll("Scores of the test sentences", "model F1 of names accuracy unknown words BiLSTM ", "correct: ")
            .And.MatchRegex("unknown words(.*)BiLSTM [0-9].* BiLSTM \\+ characters [0-9].* BiLSTM \\+ characters \\+ CRF [0-9]");
    }

    /// <summary>A file of sentences in which a name is Mr and the next word, or a word that ends in -burg.</summary>
    private string Names()
    {
        var path = Path.Combine(folder, "names.conll");
        var random = new Random(1);
        var text = new StringBuilder();
        for (var i = 0; i < 200; i++)
        {
            for (var words = random.Next(2, 6); words > 0; words--)
            {
                text.Append(random.Next(4) switch
                {
                    0 => $"Mr B-PER\nx{random.Next(9)} I-PER\n",
                    1 => $"{(char)('a' + random.Next(26))}{(char)('a' + random.Next(26))}burg B-LOC\n",
                    _ => $"x{random.Next(9)} O\n",
                });
            }

            text.Append("in O\n\n");
        }

        File.WriteAllText(path, text.ToString());
        return path;
    }

    private static void Expect(string arguments, int code, string message)
    {
        var run = Run(arguments);
        run.Code.Should().Be(code, run.Error);
        run.Error.Should().Contain(message);
        run.ShouldBeOneLineOfError();
    }

    private static JsonElement[] Json(ProgramRun run)
    {
        run.Code.Should().Be(0, run.Error);
        return [.. run.Output.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement)];
    }

    private static ProgramRun Run(string arguments) => Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static ProgramRun Run(params string[] arguments) => ProgramRun.Of(Program.Create, arguments);
}
