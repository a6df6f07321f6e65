using System.Text.Json;
using System.Text.RegularExpressions;
using SeqCore.Samples.SequenceToSequence;

namespace SeqCore.Tests.Samples.SequenceToSequence;

/// <summary>The program replaces the default device while it runs, so these tests run alone.</summary>
[Collection("CharLanguageModel")]
public sealed class SequenceToSequenceTests : IDisposable
{
    private const string Small = "train --embedding 12 --hidden 24 --batch 16 --iterations 12 --eval-every 6 --checkpoint-every 4"
        + " --learning-rate 0.01";
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-translate-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Training_writes_checkpoints_a_loss_curve_and_a_page_of_attention()
    {
        var run = Run($"{Small} --out {folder}");
        run.Error.Should().BeEmpty();
        run.Code.Should().Be(0);
        run.Output.Should().ContainAll("12 iterations of 16 pairs", "9,000 pairs, 1,000 more for validation; tokens: characters",
            "(chosen by --level auto)", "additive attention", "of 200 unseen translations are right", "nats per character",
            "Where the model looked");
        File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Should().HaveCount(14);
        Directory.GetFiles(folder).Select(Path.GetFileName).Where(name => name![0] != '.')
            .Should().BeEquivalentTo("attention.html", "best.safetensors", "checkpoint-000000004.safetensors",
                "checkpoint-000000008.safetensors", "checkpoint-000000012.safetensors", "loss.svg", "metrics.jsonl");
    }

    [Theory]
    [InlineData("rnn", "none")]
    [InlineData("gru", "dot")]
    [InlineData("lstm", "general")]
    [InlineData("lstm", "concat")]
    [InlineData("gru", "scaled")]
    [InlineData("gru", "multi-head")]
    [InlineData("lstm", "grouped-query")]
    [InlineData("gru", "hard-reinforce")]
    [InlineData("lstm", "hard-gumbel")]
    [InlineData("transformer", "none")]
    public void Every_model_and_attention_trains_and_a_stopped_run_continues(string model, string attention)
    {
        var options = $"{Small} --model {model} --attention-kind {attention} --dropout 0.1 --json --data {Capitals()}";
        var lines = Json(Run($"{options} --out {folder}/whole"));
        lines.Select(l => l.GetProperty("event").GetString()).Should().Equal("start", "evaluation", "evaluation", "result");
        lines[2].GetProperty("validation_loss").GetDouble()
            .Should().BeLessThan(lines[1].GetProperty("validation_loss").GetDouble());
        if (model != "transformer")
        {
            lines[2].GetProperty("validation_loss").GetDouble()
                .Should().BeLessThan(2.5, "eleven tokens alike would have 2.4; a Transformer's first logits are far from alike");
        }

        (lines[^1].GetProperty("attention").GetString() is null).Should().Be(attention == "none" && model != "transformer");
        Run($"{options} --out {folder}/parts").Code.Should().Be(0);
        foreach (var file in Directory.GetFiles($"{folder}/parts", "checkpoint-*")
            .Where(f => !f.EndsWith("004.safetensors", StringComparison.Ordinal)))
            File.Delete(file);
        Run($"{options} --resume --out {folder}/parts").Error.Should().Contain("Continuing from iteration 4.");
        File.ReadAllBytes($"{folder}/parts/checkpoint-000000012.safetensors")
            .Should().Equal(File.ReadAllBytes($"{folder}/whole/checkpoint-000000012.safetensors"));
    }

    [Fact]
    public void A_custom_mapping_is_learned_translated_and_shown()
    {
        var pairs = Capitals();
        var trained = Json(Run($"{Small.Replace("--iterations 12", "--iterations 250")} --model gru --attention-kind dot"
            + $" --dropout 0 --data {pairs} --json --out {folder}/run"))[^1];
        trained.GetProperty("exact").GetDouble().Should().BeGreaterThan(0.8);

        var evaluated = Json(Run($"evaluate --checkpoint {folder}/run --data {pairs} --json"))[^1];
        evaluated.GetProperty("validation_loss").GetDouble().Should().Be(trained.GetProperty("validation_loss").GetDouble());
        evaluated.GetProperty("exact").GetDouble().Should().Be(trained.GetProperty("exact").GetDouble());

        var page = Path.Combine(folder, "page", "attention.html");
        var translated = Run($"translate fed cab --checkpoint {folder}/run --attention {page}");
        translated.Output.Should().Be("FED\nCAB\n");
        translated.Error.Should().Contain(page);
        var html = File.ReadAllText(page);
        html.Should().ContainAll("fed → FED", "cab → CAB", ">end<", "F – e:");
        Regex.Count(html, "<rect [^>]*><title>")
            .Should().Be(2 * 4 * 3, "each of three letters and the end looks at three letters");

        var beams = Json(Run($"translate fed --checkpoint {folder}/run --beam 3 --json"));
        beams.Should().HaveCount(3);
        beams[0].GetProperty("text").GetString().Should().Be("FED");
        beams.Select(b => b.GetProperty("log_probability").GetDouble()).Should().BeInDescendingOrder();
        Run($"generate fed --checkpoint {folder}/run --beam 2 --length-penalty 1").Output.Should().StartWith("FED\n  or ");
    }

    [Fact]
    public void A_Transformers_page_shows_every_layer_and_head()
    {
        var page = Path.Combine(folder, "page.html");
        Run($"{Small} --sequence 8 --model transformer --layers 2 --heads 3 --data {Capitals()} --attention {page} --out"
            + $" {folder}/run").Code.Should().Be(0);
        var translation = Json(Run($"translate fed --checkpoint {folder}/run --attention {page} --json")).Single();
        var html = File.ReadAllText(page);
        html.Should().ContainAll("Transformer encoder and decoder, 2 layers of 24, 3 heads", "Within the source",
            "Within the translation", "Layer 2");
        Regex.Count(html, "<figcaption>head ").Should().Be(3 * 2 * 3);
        var written = Regex.Replace(translation.GetProperty("text").GetString()!, @"\[[A-Z]+\]", "1").Length
            + (translation.GetProperty("complete").GetBoolean() ? 1 : 0);
        Regex.Count(html, "<rect [^>]*><title>").Should().Be(2 * 3 * ((written * 3) + (3 * 3) + (written * (written + 1) / 2)));
    }

    [Theory]
    [InlineData("train --attention-kind soft", "--attention-kind should be none or additive or dot or general or concat or scaled"
        + " or multi-head or grouped-query or hard-reinforce or hard-gumbel; got 'soft'.")]
    [InlineData("train --level words-and-more", "--level should be auto or words or characters or bpe; got 'words-and-more'.")]
    [InlineData("train --average -1", "--average should be a whole number from 0 to 1,000; got '-1'.")]
    [InlineData("compare", "Required argument 'MODEL' missing for command: 'compare'.")]
    [InlineData("train --model bert", "--model should be lstm or gru or rnn or transformer; got 'bert'.")]
    [InlineData("train --model transformer --attention-kind dot",
        "--attention-kind: a transformer attends with its heads; leave it out, or choose a recurrent --model.")]
    [InlineData("train --hidden 25", "--hidden should be even")]
    [InlineData("train --model transformer --hidden 24 --heads 5",
        "--heads should divide --hidden; got 5 heads and a width of 24.")]
    [InlineData("train --attention-kind multi-head --hidden 24 --heads 5",
        "--heads should divide --hidden; got 5 heads and a width of 24.")]
    [InlineData("train --hidden 65536", "Training would take at least")]
    [InlineData("train --model transformer --hidden 32768 --layers 64", "Training would take at least")]
    [InlineData("train --sequence 1", "--sequence should be a whole number from 2 to 65,536; got '1'.")]
    [InlineData("train --dataset nonsense", "There is no data set 'nonsense'."
        + " Choose one of dates, tatoeba-eng-fra, multi30k, opennmt-morph, or give a file of your own with --data.")]
    [InlineData("translate x --interactive", "Give only one of TEXT, --input and --interactive.")]
    [InlineData("translate --interactive --input x", "Give only one of TEXT, --input and --interactive.")]
    [InlineData("translate x --output y", "--output: there is no --input whose lines to translate.")]
    [InlineData("translate --input x --attention y", "--attention shows TEXT given on the command line; there is none.")]
    [InlineData("evaluate --split train", "--split should be validation or test; got 'train'.")]
    [InlineData("translate x --beam 0", "--beam should be a whole number from 1 to 1,024; got '0'.")]
    [InlineData("translate x --length-penalty -1", "--length-penalty should be a number from 0 to 10; got '-1'.")]
    public void Wrong_usage_ends_with_2_and_one_line(string arguments, string message)
    {
        var run = Run(arguments);
        run.Code.Should().Be(2);
        run.Error.Should().StartWith(message);
        run.Output.Should().BeEmpty();
        run.ShouldBeOneLineOfError();
    }

    [Theory]
    [InlineData("translate --input in.txt --output")]
    [InlineData("compare none --page")]
    [InlineData("compare none --svg")]
    public void A_file_that_cannot_be_written_is_named_before_the_model_is_read(string command) =>
        Expect($"{command} {folder}", 1, $"{command.Split(' ')[^1]}: '{folder}' is a folder. Name a file in it.");

    [Fact]
    public void Mistakes_about_data_and_models_are_reported_in_a_line()
    {
        var bad = Path.Combine(folder, "bad");
        File.WriteAllText(bad, "one\tuno\ntwo\n");
        Expect($"{Small} --data {bad} --out {folder}/x", 1, $"'{bad}', line 2: the line has 0 tabs;");
        File.WriteAllText(bad, "one\tuno\n");
        Expect($"{Small} --data {bad} --out {folder}/x", 1, "has 1 different source; there");
        Expect($"{Small} --data {folder}/nothing --out {folder}/x", 1, "does not exist");
        Expect($"translate x --checkpoint {folder}/nothing", 1, "does not exist");
        Run($"{Small.Replace("--iterations 12", "--iterations 1")} --attention-kind none --data {Capitals()} --out"
            + $" {folder}/run").Code.Should().Be(0);
        Expect($"translate x --checkpoint {folder}/run --attention {folder}/page.html", 2, "the model has no attention to show");
        Expect($"translate {new string('1', 65)} --checkpoint {folder}/run", 2, "should have 1 to 64 characters");
        Expect($"{Small.Replace("--hidden 24", "--hidden 26")} --attention-kind none --data {Capitals()} --resume --out"
            + $" {folder}/run", 1, "hidden_size is 24 there and 26 here");
    }

    [Fact]
    public void Help_lists_every_option() =>
        Run("train --help").Output.Should().ContainAll("--data", "--dataset", "--device", "--threads", "--seed", "--iterations",
            "--batch", "--sequence", "--embedding", "--hidden",
            "--layers", "--heads", "--dropout", "--learning-rate", "--warmup", "--clip", "--out", "--resume", "--json", "--model",
            "--attention-kind", "--attention", "--level",
            "--label-smoothing", "--beam");

    /// <summary>A file of words of three letters and their capitals.</summary>
    private string Capitals()
    {
        var path = Path.Combine(folder, "capitals");
        File.WriteAllLines(path,
            from a in "abcdef" from b in "abcdef" from c in "abcdef" select $"{a}{b}{c}\t{$"{a}{b}{c}".ToUpperInvariant()}");
        return path;
    }

    [Fact]
    public void Help_of_a_command_for_a_model_names_the_data_of_its_training_as_the_default()
    {
        Run("train --help").Words.Should().Contain("[default: dates]");
        Run("evaluate --help").Words.Should().Contain("[default: the data of the model's training]").And
            .NotContain("[default: dates]");
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

    private static ProgramRun Run(string arguments) =>
        ProgramRun.Of(Program.Create, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
