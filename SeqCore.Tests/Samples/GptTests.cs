using System.Text.Json;

namespace SeqCore.Tests.Samples;

/// <summary>The program with a Transformer.</summary>
[Collection("CharLanguageModel")]
public sealed class GptTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-gpt-").FullName;

    public GptTests() =>
        File.WriteAllText(Text, string.Concat(Enumerable.Repeat("one two three four five,\nsix seven eight. ", 40)));

    private string Text => Path.Combine(folder, "text");

    private string Small =>
        $"train --data {Text} --model gpt --layers 2 --heads 2 --embedding 16 --batch 4 --sequence 24 --iterations 12 --warmup 3"
            + " --eval-every 6 --checkpoint-every 4 --length 5";

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void It_trains_and_its_checkpoint_identifies_it()
    {
        var run = ProgramRun.Of($"{Small} --log-layers 5 --out {folder}");
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().ContainAll("GPT, 2 layers of 16 channels, 2 heads, context 24",
            "12 iterations of 4 windows of 24 characters", "at iteration 10", "update / weight");
        File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Should().HaveCount(12 + 2 + 2)
            .And.ContainSingle(l => l.StartsWith("""{"step":5,"layers":{"transformer.wte.weight":{"gradient_norm":""",
                StringComparison.Ordinal));
        ProgramRun.Of($"info --checkpoint {folder}").Output.Should().ContainAll("transformer.h.1.attn.c_attn.weight",
            "12 iterations", "weight_decay 0.1", "beta2       0.99", "maximum_length 24");
    }

    [Fact]
    public void Default_options_are_those_of_nanoGPT()
    {
        var run = ProgramRun.Of($"train --data {Text} --model gpt --iterations 1 --length 1 --out {folder}");
        run.Output.Should().ContainAll("GPT, 4 layers of 128 channels, 4 heads, context 64",
            "1 iterations of 12 windows of 64 characters");
        ProgramRun.Of($"info --checkpoint {folder}").Output.Should().ContainAll("learning_rate 0.001", "warmup      100",
            "schedule    cosine over 1", "weight_decay 0.1", "clip        1", "beta2       0.99", "dropout     0");
    }

    [Fact]
    public void A_run_that_was_stopped_ends_with_the_same_bits()
    {
        ProgramRun.Of($"{Small} --dropout 0.1 --out {folder}/whole").Code.Should().Be(0);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        ProgramRun.Of($"{Small} --dropout 0.1 --out {folder}/stopped", stop.Token).Output
            .Should().Contain("Stopped at iteration 0");
        File.Copy($"{folder}/whole/checkpoint-000000004.safetensors", $"{folder}/stopped/checkpoint-000000004.safetensors");
        ProgramRun.Of($"{Small} --dropout 0.1 --resume --out {folder}/stopped").Output
            .Should().Contain("Continuing from iteration 4.");
        File.ReadAllBytes($"{folder}/stopped/checkpoint-000000012.safetensors")
            .Should().Equal(File.ReadAllBytes($"{folder}/whole/checkpoint-000000012.safetensors"));
    }

    [Fact]
    public void It_evaluates_and_writes_past_its_context_in_every_way()
    {
        ProgramRun.Of($"{Small} --out {folder}").Code.Should().Be(0);
        ProgramRun.Of($"evaluate --data {Text} --checkpoint {folder} --json").Output.Should().Contain("\"sequence\":24");
        var samples = new[] { "", "--seed 2", "--greedy", "--greedy --seed 2", "--min-p 0.9",
            "--repetition-penalty 1.5", "--temperature 2" }
            .ToDictionary(o => o, o => Sample($"--length 60 --prompt one {o}"));
        samples.Values.Should().OnlyContain(s => s.StartsWith("one") && s.Length == 63);
        samples["--greedy --seed 2"].Should().Be(samples["--greedy"]);
        samples.Values.Distinct().Should().HaveCountGreaterThan(4);
        Sample("--beam 4 --length 10").Should().Be(Sample("--beam 4 --length 10 --seed 2")).And.HaveLength(11);
        Sample("--beam 1 --length 10").Should().Be(Sample("--greedy --length 10"));
        ProgramRun.Of($"generate --checkpoint {folder} --beam 2 --length 60").Error
            .Should().Be("The text ends where the model's context ends: beams see 24 characters.\n");
        ProgramRun.Of($"generate --checkpoint {folder} --beam 2 --length 20").Error.Should().BeEmpty();
        Sample("--beam 2 --length 60").Length.Should().Be(24 + 1, "the last character need not be read");
    }

    [Fact]
    public void Attention_is_drawn_for_each_layer_and_head()
    {
        ProgramRun.Of($"{Small} --iterations 1 --out {folder}".Replace("--iterations 12 ", "")).Code.Should().Be(0);
        var page = Path.Combine(folder, "attention.html");
        var run = ProgramRun.Of($"generate --checkpoint {folder} --length 30 --attention {page}");
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain($"Attention: {page}");
        File.ReadAllText(page).Should().ContainAll("Layer 1", "Layer 2", "head 1", "head 2", "The last 24 characters")
            .And.NotContain("Layer 3").And.NotContain("head 3");
    }

    [Theory]
    [InlineData("--heads 3", "--heads should divide --embedding; got 3 heads and 16 channels.")]
    [InlineData("--heads 0", "--heads should be a whole number from 1")]
    [InlineData("--hidden 8", "--hidden: a gpt has no recurrent units; --embedding sets its channels.")]
    [InlineData("--windows stream", "--windows stream: a gpt has no state to carry")]
    [InlineData("--weight-decay -1", "--weight-decay should be a number of at least 0; got '-1'.")]
    [InlineData("--beta2 1", "--beta2 should be a number from 0, below 1; got '1'.")]
    [InlineData("--log-layers -1", "--log-layers should be")]
    public void Wrong_options_end_with_2_and_one_line(string options, string message)
    {
        var given = options.Split(' ')[0];
        var small = Small.Split(' ');
        var run = ProgramRun.Of([.. small.Where((word, i) => word != given && (i == 0 || small[i - 1] != given)),
            .. options.Split(' '), "--out", Path.Combine(folder, "out")]);
        run.Code.Should().Be(2, run.Error);
        run.Error.Should().StartWith(message);
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void Mistakes_about_a_trained_model_are_reported_in_a_line()
    {
        ProgramRun.Of($"{Small} --out {folder}").Code.Should().Be(0);
        Expect($"evaluate --data {Text} --sequence 25",
            "--sequence should be at most 24, as many characters as this model can look back on; got 25.");
        Expect("generate --attention ", "--attention should name a file; got ''.");
        Expect("generate --beam 2 --prompt ooooooooooooooooooooooooo",
            "--beam: the prompt has 25 characters, but the model looks back on 24 only.");

        void Expect(string arguments, string message)
        {
            var run = ProgramRun.Of([.. arguments.Split(' '), "--checkpoint", folder]);
            run.Code.Should().Be(2, run.Error);
            run.Error.Should().StartWith(message);
            run.ShouldBeOneLineOfError();
        }
    }

    [Fact]
    public void A_recurrent_model_has_no_attention_to_show()
    {
        ProgramRun.Of($"train --data {Text} --hidden 8 --embedding 8 --batch 2 --sequence 16 --iterations 1 --length 1 --out"
            + $" {folder}").Code.Should().Be(0);
        var run = ProgramRun.Of($"generate --checkpoint {folder} --attention {folder}/page.html");
        run.Code.Should().Be(2);
        run.Error.Should().Be("--attention: a model of the kind lstm has no attention to show."
            + " Name a checkpoint of a gpt, or leave it out.\n");
        File.Exists($"{folder}/page.html").Should().BeFalse();
    }

    private string Sample(string options)
    {
        var run = ProgramRun.Of($"generate --checkpoint {folder} {options} --json");
        run.Code.Should().Be(0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement.GetProperty("text").GetString()!;
    }
}
