using System.Security.Cryptography;
using System.Text.Json;
using SeqCore.Models;

namespace SeqCore.Tests.Samples;

[Collection("CharLanguageModel")]
public sealed class TrainingTests : IDisposable
{
    private const string Small = "train --hidden 24 --embedding 8 --batch 4 --sequence 32 --iterations 12 --eval-every 6"
        + " --checkpoint-every 4 --learning-rate 0.01";
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-train-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Training_writes_checkpoints_metrics_and_a_loss_curve_and_says_how_it_went()
    {
        var run = ProgramRun.Of($"{Small} --out {folder}");
        run.Error.Should().BeEmpty();
        run.Code.Should().Be(0);
        run.Output.Should().ContainAll("12 iterations of 4 windows of 32 characters", "Validation loss", "perplexity",
            "parse and in", "A new tune");
        File.ReadLines(Path.Combine(folder, "metrics.jsonl"))
            .Should().HaveCount(14).And.OnlyContain(l => JsonDocument.Parse(l, default) != null);
        File.ReadAllText(Path.Combine(folder, "loss.svg")).Should().StartWith("<svg").And.Contain("LSTM on tunes");
        Files().Should().BeEquivalentTo("best.safetensors", "checkpoint-000000004.safetensors",
            "checkpoint-000000008.safetensors", "checkpoint-000000012.safetensors", "loss.svg", "metrics.jsonl");
    }

    [Theory]
    [InlineData("rnn", "random")]
    [InlineData("gru", "stream")]
    [InlineData("lstm", "stream")]
    public void Json_puts_results_on_standard_output_and_the_rest_on_standard_error(string model, string windows)
    {
        var run = ProgramRun.Of($"{Small} --model {model} --windows {windows} --json --out {folder}");
        run.Code.Should().Be(0);
        var lines = run.Output.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        lines.Select(l => l.GetProperty("event").GetString()).Should().Equal("start", "evaluation", "evaluation", "result");
        var result = lines[^1];
        var loss = result.GetProperty("validation_loss").GetDouble();
        result.GetProperty("bits_per_character").GetDouble().Should().BeApproximately(loss / Math.Log(2), 1e-12);
        result.GetProperty("perplexity").GetDouble().Should().BeApproximately(Math.Exp(loss), 1e-9);
        result.GetProperty("sample").GetString().Should().StartWith("X:");
        lines[1].GetProperty("validation_loss").GetDouble().Should().BeGreaterThan(loss).And.BeLessThan(4.5);
        run.Error.Should().Contain("A new tune");
    }

    [Fact]
    public void Same_seed_same_bits_whatever_the_threads()
    {
        ProgramRun.Of($"{Small} --threads 1 --dropout 0.1 --out {folder}/one").Code.Should().Be(0);
        ProgramRun.Of($"{Small} --threads 2 --dropout 0.1 --out {folder}/two").Code.Should().Be(0);
        ProgramRun.Of($"{Small} --threads 2 --dropout 0.1 --seed 2 --out {folder}/other").Code.Should().Be(0);
        Hash("two").Should().Be(Hash("one"));
        Hash("other").Should().NotBe(Hash("one"));

        string Hash(string run) => Convert.ToHexString(
            SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, run, "checkpoint-000000012.safetensors"))));
    }

    [Theory]
    [InlineData("random", "constant")]
    [InlineData("stream", "cosine")]
    public void A_stopped_run_continues_as_if_never_stopped(string windows, string schedule)
    {
        var options = $"{Small} --windows {windows} --schedule {schedule} --dropout 0.1 --warmup 3";
        ProgramRun.Of($"{options} --out {folder}/whole").Code.Should().Be(0);
        ProgramRun.Of($"{options} --out {folder}/parts").Code.Should().Be(0);
        foreach (var file in Directory.GetFiles($"{folder}/parts").Where(f =>
            !f.EndsWith("004.safetensors", StringComparison.Ordinal) && !f.EndsWith("jsonl", StringComparison.Ordinal)))
            File.Delete(file);
        var resumed = ProgramRun.Of($"{options} --resume --out {folder}/parts");
        resumed.Code.Should().Be(0);
        resumed.Output.Should().Contain("Continuing from iteration 4.");
        File.ReadAllBytes($"{folder}/parts/checkpoint-000000012.safetensors")
            .Should().Equal(File.ReadAllBytes($"{folder}/whole/checkpoint-000000012.safetensors"));
        File.ReadLines($"{folder}/parts/metrics.jsonl").Should().HaveCount(14);
    }

    [Fact]
    public void A_run_killed_before_its_first_checkpoint_resumes_at_the_beginning()
    {
        ProgramRun.Of($"{Small} --out {folder}/whole").Code.Should().Be(0);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory($"{folder}/parts").FullName, "metrics.jsonl"),
            "{\"step\":1,\"lo");
        var resumed = ProgramRun.Of($"{Small} --resume --out {folder}/parts");
        resumed.Output.Should().Contain(
            $"The folder '{folder}/parts' has no complete checkpoint yet: starting from the beginning.");
        File.ReadAllBytes($"{folder}/parts/checkpoint-000000012.safetensors")
            .Should().Equal(File.ReadAllBytes($"{folder}/whole/checkpoint-000000012.safetensors"));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("")]
    public void Resuming_where_no_run_began_is_an_error_and_makes_nothing(string name)
    {
        var mistyped = Path.Combine(folder, name);
        Expect([.. Small.Split(' '), "--resume", "--out", mistyped], 2, $"--resume: there is no run in the folder '{mistyped}'.");
        Directory.GetFileSystemEntries(folder).Should().BeEmpty();
    }

    [Fact]
    public void A_request_to_stop_saves_and_ends_with_130()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var run = ProgramRun.Of($"{Small} --out {folder}", stop.Token);
        run.Code.Should().Be(130);
        run.Words.Should().Contain(
            $"Stopped at iteration 0 and saved. The same command with --resume --out {folder} continues.");
        Files().Should().Contain("checkpoint-000000000.safetensors");
        ProgramRun.Of($"{Small} --resume --out {folder}").Output.Should().Contain("Continuing from iteration 0.");
    }

    [Fact]
    public void Evaluate_finds_the_loss_that_training_reported_and_generate_repeats_itself()
    {
        var trained = Result(ProgramRun.Of($"{Small} --json --out {folder}"));
        var evaluated = Result(ProgramRun.Of($"evaluate --checkpoint {folder} --json"));
        evaluated.GetProperty("validation_loss").GetDouble().Should().Be(trained.GetProperty("validation_loss").GetDouble());
        evaluated.GetProperty("iteration").GetInt32().Should().Be(12);

        var sample = Result(ProgramRun.Of($"generate --checkpoint {folder} --length 40 --json")).GetProperty("text").GetString()!;
        sample.Should().StartWith("X:").And.HaveLength(42);
        ProgramRun.Of($"generate --checkpoint {folder}/best.safetensors --length 40").Output.TrimEnd('\n')
            .Should().Be(sample.TrimEnd('\n'));
        ProgramRun.Of($"generate --checkpoint {folder} --length 40 --seed 2").Output.TrimEnd('\n')
            .Should().NotBe(sample.TrimEnd('\n'));
        ProgramRun.Of(["generate", "--checkpoint", folder, "--length", "10", "--prompt", "K:G\n|:"]).Output
            .Should().StartWith("K:G\n|:");

        ProgramRun.Of($"info --checkpoint {folder}").Output
            .Should().ContainAll("lstm.weight_ih_l0", "12 iterations", "learning_rate");
        ProgramRun.Of($"generate --checkpoint {folder} --length 40 --top-k 1").Output
            .Should().Be(ProgramRun.Of($"generate --checkpoint {folder} --length 40 --top-k 1 --seed 9").Output);
    }

    [Fact]
    public void Mistakes_about_a_trained_model_are_reported_in_a_line()
    {
        ProgramRun.Of($"{Small.Replace("--iterations 12", "--iterations 1")} --out {folder}").Code.Should().Be(0);

        Expect(["generate", "--checkpoint", folder, "--prompt", "X:\u00e9"], 2, "--prompt does not fit the model", "U+00E9");
        Expect(["generate", "--checkpoint", folder, "--prompt", ""], 2, "--prompt should have at least one character");
        Expect([.. Small.Split(' '), "--out", folder], 1, "holds the checkpoints of another run");
        Expect([.. Small.Replace("--hidden 24", "--hidden 25").Split(' '), "--resume", "--out", folder], 1,
            "belongs to another run", "hidden_size is 24 there and 25 here",
            $"Name another folder with --out, and add --from {folder} to start");
        Expect([.. Small.Split(' '), "--model", "gru", "--resume", "--out", folder], 1, "kind is Lstm there and Gru here");
        var text = Path.Combine(folder, "text");
        File.WriteAllText(text, string.Concat(Enumerable.Repeat("Déjà vu. ", 1000)));
        Expect(["evaluate", "--checkpoint", folder, "--data", text], 1, "does not fit the model");

        var checkpoint = Directory.GetFiles(folder, "checkpoint-*").Single();
        File.WriteAllBytes(checkpoint, File.ReadAllBytes(checkpoint)[..^100]);
        Expect(["generate", "--checkpoint", checkpoint], 1, "truncated or altered");
    }

    [Fact]
    public void Training_starts_from_the_weights_sizes_and_characters_of_another_model()
    {
        ProgramRun.Of($"{Small} --out {folder}/first").Code.Should().Be(0);
        var text = Path.Combine(folder, "own");
        File.WriteAllText(text, string.Concat(Enumerable.Repeat("ABC DEF\n", 400)));
        var train = $"train --data {text} --batch 4 --sequence 16 --iterations 3 --length 20";
        var run = ProgramRun.Of($"{train} --from {folder}/first --out {folder}/second");
        run.Code.Should().Be(0, run.Error);
        using var first = LanguageModel.Load($"{folder}/first");
        using var second = LanguageModel.Load($"{folder}/second");
        ((RecurrentLanguageModel)second).Options.Should().Be(((RecurrentLanguageModel)first).Options);
        second.Tokenizer!.ToJson().Should().Be(first.Tokenizer!.ToJson());
        float[] before = first.Parameters().First().Value.ToArray(), after = second.Parameters().First().Value.ToArray();
        var moved = before.Zip(after, (a, b) => Math.Abs(a - b));
        moved.Max().Should().BeInRange(1e-6f, 0.1f, "three steps from there are no new weights");

        var sized = ProgramRun.Of($"{train} --hidden 8 --from {folder}/first --out {folder}/third");
        sized.Code.Should().Be(2);
        sized.Error.Should().Contain("--hidden and --from were both given; the sizes are those of the model")
            .And.Contain("leave --hidden out");
        File.WriteAllText(text, string.Concat(Enumerable.Repeat("\u00E9\n", 400)));
        ProgramRun.Of($"{train} --from {folder}/first --out {folder}/fourth").Error.Should().Contain("does not fit the model");
    }

    [Fact]
    public void A_model_of_words_is_refused_in_a_line()
    {
        var path = Path.Combine(folder, "words.safetensors");
        var words = new WordTokenizer("the cat");
        using (var model =
            new RecurrentLanguageModel(new() { VocabularySize = words.Count }, new RandomGenerator(1)) { Tokenizer = words })
            model.Save(path);
        foreach (var command in new[] { $"generate --checkpoint {path}", $"{Small} --from {path} --out {folder}/words" })
        {
            var run = ProgramRun.Of(command.Replace("--hidden 24 --embedding 8 ", ""));
            run.Code.Should().Be(1);
            run.Error.Trim()
                .Should().Be($"The model '{path}' reads words, not characters. Name one that the train command wrote.");
        }
    }

    [Fact]
    public void A_damaged_checkpoint_is_named_and_passed_over_for_the_one_before_it()
    {
        ProgramRun.Of($"{Small} --out {folder}").Code.Should().Be(0);
        var newest = Path.Combine(folder, "checkpoint-000000012.safetensors");
        var whole = File.ReadAllBytes(newest);
        File.WriteAllBytes(newest, [.. whole[..500], (byte)(whole[500] ^ 1), .. whole[501..]]);
        var best = Path.Combine(folder, "best.safetensors");
        File.WriteAllBytes(best, File.ReadAllBytes(best)[..1000]);
        ProgramRun.Of($"info --checkpoint {folder}").Should()
            .Match<ProgramRun>(r => r.Error.Contains(best) && r.Error.Contains(newest) && r.Output.Contains("8 iterations"));
        var resumed = ProgramRun.Of($"{Small} --resume --out {folder}");
        resumed.Error.Should().Contain(newest);
        resumed.Output.Should().Contain("Continuing from iteration 8.");
        File.ReadAllBytes(newest).Should().Equal(whole);
    }

    [Fact]
    public void Resuming_where_every_checkpoint_is_damaged_is_an_error_and_leaves_them()
    {
        ProgramRun.Of($"{Small} --out {folder}").Code.Should().Be(0);
        var damaged = Directory.GetFiles(folder, "*.safetensors");
        foreach (var path in damaged)
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..100]);
        Expect([.. Small.Split(' '), "--resume", "--out", folder], 1,
            [$"No checkpoint in the folder '{folder}' is intact.", "choose another folder", .. damaged]);
        damaged.Should().OnlyContain(path => new FileInfo(path).Length == 100);
    }

    [Fact]
    public void A_custom_text_is_learned()
    {
        var text = Path.Combine(folder, "own");
        File.WriteAllText(text, string.Concat(Enumerable.Repeat("one two three four five. ", 400)));
        var run = Result(ProgramRun.Of(
            $"{Small.Replace("--iterations 12", "--iterations 120")} --data {text} --json --out {folder}/out --length 50"));
        run.GetProperty("validation_loss").GetDouble().Should().BeLessThan(0.3);
        run.GetProperty("abc").ValueKind.Should().Be(JsonValueKind.Null);
        run.GetProperty("sample").GetString().Should().HaveLength(51);
    }

    private static void Expect(string[] arguments, int code, params string[] messages)
    {
        var run = ProgramRun.Of(arguments);
        run.Code.Should().Be(code, run.Error);
        run.Error.Should().ContainAll(messages);
        run.Output.Should().BeEmpty();
        run.ShouldBeOneLineOfError();
    }

    private static JsonElement Result(ProgramRun run)
    {
        run.Code.Should().Be(0, run.Error);
        return JsonDocument.Parse(run.Output.TrimEnd('\n').Split('\n')[^1]).RootElement;
    }

    private IEnumerable<string?> Files() => Directory.GetFiles(folder).Select(Path.GetFileName).Where(name => name![0] != '.');
}
