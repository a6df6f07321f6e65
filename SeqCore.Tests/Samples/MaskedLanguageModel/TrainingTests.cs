using System.Text.Json;
using SeqCore.Models;
using SeqCore.Samples.MaskedLanguageModel;

namespace SeqCore.Tests.Samples.MaskedLanguageModel;

[Collection("CharLanguageModel")]
public sealed class TrainingTests : IDisposable
{
    private const string Small = "train --hidden 16 --layers 1 --heads 2 --batch 4 --sequence 24 --iterations 8 --eval-every 4"
        + " --checkpoint-every 4 --learning-rate 0.01 --warmup 2";
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-masked-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Training_writes_checkpoints_and_shows_blanks_with_guesses_and_truths()
    {
        var run = Run($"{Small} --out {folder} --attention {folder}/attention.html");
        run.Error.Should().BeEmpty();
        run.Code.Should().Be(0);
        run.Words.Should().ContainAll("8 iterations of 4 sequences of up to 24 words, 15.0 % of them hidden",
            "are filled correctly (always '.':", "[MASK]", "answer: ", "attention.html");
        File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Should().HaveCount(10);
        File.ReadAllText(Path.Combine(folder, "loss.svg")).Should().StartWith("<svg").And.Contain("nats per blank");
        var page = File.ReadAllText(Path.Combine(folder, "attention.html"));
        page.Should().ContainAll("[CLS]", "[MASK]", "head 2").And.NotContain("Layer 2");
    }

    [Theory]
    [InlineData("--level words --cased --vocabulary 50")]
    [InlineData("--level characters --whole-words")]
    public void Json_puts_results_on_standard_output_and_the_rest_on_standard_error(string options)
    {
        var run = Run($"{Small} {options} --json --out {folder}");
        run.Code.Should().Be(0, run.Error);
        var lines = Lines(run);
        lines.Select(l => l.GetProperty("event").GetString()).Distinct().Should().Equal("start", "evaluation", "result", "blank");
        var result = lines.Single(l => l.GetProperty("event").GetString() == "result");
        result.GetProperty("masked_accuracy").GetDouble().Should().BeInRange(0, 1);
        lines[1].GetProperty("validation_loss").GetDouble()
            .Should().BeGreaterThan(result.GetProperty("validation_loss").GetDouble());
        lines[^1].GetProperty("guesses").EnumerateObject().Should().HaveCount(3);
        lines[^1].GetProperty("truth").GetString().Should().NotBeNullOrEmpty();

        var evaluated = Lines(Run($"evaluate --checkpoint {folder} --json")).Single();
        evaluated.GetProperty("validation_loss").GetDouble().Should().Be(result.GetProperty("validation_loss").GetDouble());
        evaluated.GetProperty("masked_accuracy").GetDouble().Should().Be(result.GetProperty("masked_accuracy").GetDouble());
        evaluated.GetProperty("blanks").GetInt32().Should().Be(result.GetProperty("blanks").GetInt32());
    }

    [Theory]
    [InlineData("words", 1)]
    [InlineData("characters", 2)]
    public void A_stopped_run_continues_as_if_never_stopped_with_any_threads(string level, int threads)
    {
        var options = $"{Small} --level {level} --dropout 0.1";
        Run($"{options} --threads {threads} --out {folder}/whole").Code.Should().Be(0);
        Run($"{options} --out {folder}/parts").Code.Should().Be(0);
        foreach (var file in Directory.GetFiles($"{folder}/parts").Where(f =>
            !f.EndsWith("004.safetensors", StringComparison.Ordinal) && !f.EndsWith("jsonl", StringComparison.Ordinal)))
            File.Delete(file);
        var resumed = Run($"{options} --resume --out {folder}/parts");
        resumed.Code.Should().Be(0, resumed.Error);
        resumed.Output.Should().Contain("Continuing from iteration 4.");
        File.ReadAllBytes($"{folder}/parts/checkpoint-000000008.safetensors")
            .Should().Equal(File.ReadAllBytes($"{folder}/whole/checkpoint-000000008.safetensors"));
    }

    [Fact]
    public void A_request_to_stop_saves_and_ends_with_130_and_a_finished_run_can_be_looked_at_again()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var run = Run($"{Small} --out {folder}", stop.Token);
        run.Code.Should().Be(130);
        run.Words.Should().Contain(
            $"Stopped at iteration 0 and saved. The same command with --resume --out {folder} continues.");
        var first = Run($"{Small} --resume --out {folder}");
        first.Code.Should().Be(0, first.Error);
        Score(Run($"{Small} --resume --out {folder}")).Should().Be(Score(first));

        static string Score(ProgramRun run) => run.Output.Split('\n').Single(l => l.StartsWith("Of ", StringComparison.Ordinal));
    }

    [Fact]
    public void Fill_fills_each_blank_and_names_what_it_does_not_know()
    {
        Run($"{Small} --out {folder}").Code.Should().Be(0);
        var run = Run(["fill", "--checkpoint", folder, "--text", "The [MASK] is bigger than the xylophone, [mask] Anna.", "--top",
            "4", "--attention", $"{folder}/a.html"]);
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Be(
            "The model does not know 1 of the words, and reads: the [MASK] is bigger than the [UNK], [MASK] anna.\n");
        run.Output.Split('\n')[0].Should().Be("  the [MASK] is bigger than the [UNK], [MASK] anna.");
        run.Output.Split('\n').Count(l => l.Contains('%')).Should().Be(2);
        File.ReadAllText($"{folder}/a.html").Should().Contain("[UNK]");

        var lines = Lines(Run(["fill", "--checkpoint", folder, "--text", "The [MASK] is bigger.", "--json"]));
        lines.Should().HaveCount(2);
        lines[0].GetProperty("guesses").EnumerateObject().Sum(g => g.Value.GetDouble()).Should().BeInRange(0.01, 1);
        lines[0].GetProperty("truth").ValueKind.Should().Be(JsonValueKind.Null);
        var all = Lines(Run(["fill", "--checkpoint", folder, "--text", "The [MASK] is bigger.", "--top", "1000", "--json"]))[0]
            .GetProperty("guesses").EnumerateObject().ToList();
        all.Should().HaveCountGreaterThan(50).And.NotContain(g => SpecialToken.Names.Contains(g.Name));
        all.Sum(g => g.Value.GetDouble()).Should().BeApproximately(1, 1e-4);
        var best = lines[0].GetProperty("guesses").EnumerateObject().First().Name;
        lines[1].GetProperty("text").GetString()!.Replace(" ", "").Should().Be($"the{best}isbigger.");
    }

    [Fact]
    public void Mistakes_about_a_trained_model_are_reported_in_a_line()
    {
        Run($"{Small.Replace("--iterations 8", "--iterations 1")} --out {folder}").Code.Should().Be(0);
        Expect(["fill", "--checkpoint", folder, "--text", "no blank"], 2,
            "--text should have at least one [MASK] to fill; got 'no blank'.");
        Expect(["fill", "--checkpoint", folder, "--text", string.Concat(Enumerable.Repeat("[MASK] ", 23))], 2,
            "--text has 23 words; the model reads at most 22.");
        Expect([.. Small.Split(' '), "--out", folder], 1, "holds the checkpoints of another run");
        Expect([.. Small.Replace("--hidden 16", "--hidden 18").Split(' '), "--resume", "--out", folder], 1,
            "model_size is 16 there and 18 here");
        Expect(["fill", "--checkpoint", $"{folder}/none", "--text", "[MASK]"], 1, "none");
    }

    private static ProgramRun Run(string arguments, CancellationToken cancellation = default) =>
        Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), cancellation);

    private static ProgramRun Run(string[] arguments, CancellationToken cancellation = default) =>
        ProgramRun.Of(Program.Create, arguments, cancellation);

    private static JsonElement[] Lines(ProgramRun run)
    {
        run.Code.Should().Be(0, run.Error);
        return [.. run.Output.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement)];
    }

    private static void Expect(string[] arguments, int code, params string[] messages)
    {
        var run = Run(arguments);
        run.Code.Should().Be(code, run.Error);
        run.Error.Should().ContainAll(messages);
        run.Output.Should().BeEmpty();
        run.ShouldBeOneLineOfError();
    }
}
