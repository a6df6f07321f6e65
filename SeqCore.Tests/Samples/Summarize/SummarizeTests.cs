using System.Text;
using System.Text.Json;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.Summarize;

namespace SeqCore.Tests.Samples.Summarize;

/// <summary>The program replaces the default device while it runs, so these tests run alone.</summary>
[Collection("CharLanguageModel")]
public sealed class SummarizeTests : IDisposable
{
    private const string Small = "--embedding 12 --hidden 24 --vocabulary 300 --batch 16 --iterations 12 --summary-length 12"
        + " --beam 1 --learning-rate 0.01";
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-summarize-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("gru", "", "with copying")]
    [InlineData("lstm", " --no-copy", "without copying")]
    public void A_model_is_trained_scored_and_used_again_from_its_folder(string model, string options, string description)
    {
        var data = Echoes();
        var trained = Run($"train {Small} --model {model}{options} --data {data} --topic-field kind --lowercase"
            + $" --out {folder}/run");
        trained.Code.Should().Be(0, trained.Error);
        trained.Words.Should().ContainAll("64 texts with summaries, 8 more for validation, 8 for tests", description, "ROUGE-1",
            "METEOR", "lead-3", "last-3", "random-3", "95 % intervals of the bootstrap");
        trained.Output.Split('\n').Where(l => !l.Contains(folder, StringComparison.Ordinal)).Max(l => l.Length)
            .Should().BeLessThan(80);

        using (var card = JsonDocument.Parse(File.ReadAllText($"{folder}/run/model-card.json")))
        {
            var part = card.RootElement.GetProperty("data").GetProperty("validation");
            (part.GetProperty("examples").GetInt32(), part.GetProperty("name").GetString()).Should().Be((8, "echoes.jsonl"));
            part.GetProperty("sha256").GetString().Should().HaveLength(64);
            card.RootElement.GetProperty("options").GetProperty("topic_field").GetString().Should().Be("kind");
            card.RootElement.GetProperty("figures").GetProperty("validation").EnumerateObject().Select(f => f.Name)
                .Should().Equal("model", "lead-3", "last-3", "random-3");
        }

        var file = Path.Combine(folder, "written.jsonl");
        var lines = Json(Run($"evaluate --checkpoint {folder}/run --data {data} --beam 1 --split test --sentences 1"
            + $" --output {file} --json"));
        lines.Where(l => l.GetProperty("event").GetString() == "scores").Select(l => l.GetProperty("summaries").GetString())
            .Should().Equal("model", "lead-1", "last-1", "random-1");
        lines[^1].GetProperty("texts").GetInt32().Should().Be(8);
        var scores = lines.First(l => l.GetProperty("event").GetString() == "scores");
        scores.GetProperty("rouge_1_low").GetDouble().Should().BeLessThanOrEqualTo(scores.GetProperty("rouge_1").GetDouble());
        var rows = File.ReadLines(file).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        rows.Should().HaveCount(8);

        // The topic is the first line of a text, and is taken from the run's configuration.
        var text = rows[0].GetProperty("text").GetString()!;
        text.Should().StartWith("Echo\nSay: ");
        var predicted = Json(ProgramRun.Of(Program.Create,
            ["predict", text["Echo\n".Length..], "--topic", "Echo", "--checkpoint", $"{folder}/run", "--beam", "1",
                "--json"]))[^1];
        predicted.GetProperty("text").GetString().Should().Be(text);
        var summary = predicted.GetProperty("summary").GetString()!;
        summary.Should().Be(rows[0].GetProperty("summary").GetString()).And.Be(summary.ToLowerInvariant());
    }

    [Fact]
    public void Texts_come_from_a_file_or_line_by_line()
    {
        Run($"train {Small} --data {Echoes()} --out {folder}/run").Code.Should().Be(0);
        var input = Path.Combine(folder, "texts");
        File.WriteAllText(input, "Say: tomato.\nSay: banana.\n");
        var predict = $"predict --checkpoint {folder}/run --beam 1";
        var fromFile = Run($"{predict} --input {input}").Output.TrimEnd('\n').Split('\n');
        fromFile.Should().HaveCount(2);
        var typed = ProgramRun.Of(Program.Create, $"{predict} --interactive".Split(' '),
            input: "Say: tomato.\n\nSay: banana.\n\n\nnever read\n");
        typed.Code.Should().Be(0);
        typed.Output.TrimEnd('\n').Split('\n').Should().Equal(fromFile);
        var piped = ProgramRun.Of(Program.Create, predict.Split(' '), input: "Say: tomato.\nSay: banana.\n\n");
        (piped.Code, piped.Output).Should().Be((0, typed.Output));
        File.WriteAllText(input, "Say: tomato.\n\nSay: banana.\n");
        Expect($"{predict} --input {input}", 1, $"'{input}', line 2: A text to summarize should not be empty.");
        File.WriteAllText(input, "");
        Expect($"{predict} --input {input}", 1, $"'{input}' is empty; there is nothing to summarize.");
        Expect($"{predict} --interactive --input {input}", 2, "Give only one of TEXT, --input and --interactive.");
        Expect(predict, 1, "Standard input is empty; there is nothing to summarize.");
    }

    [Fact]
    public void A_terminal_gets_no_character_that_it_would_obey()
    {
        var data = Path.Combine(folder, "signals.tsv");
        File.WriteAllLines(data, Enumerable.Range(10, 80).Select(i => $"text {i}\t\u001b\u001b"));
        var trained = Run($"train {Small} --iterations 80 --data {data} --out {folder}/run");
        trained.Code.Should().Be(0, trained.Error);
        trained.Output.Should().NotContain("\u001b");
        var predict = $"predict text --checkpoint {folder}/run --beam 1";
        Json(Run($"{predict} --json"))[^1].GetProperty("summary").GetString().Should().Contain("\u001b");
        Run(predict).Output.Should().NotContain("\u001b");
    }

    [Fact]
    public void A_stopped_run_continues_bit_for_bit()
    {
        var train = $"train {Small} --dropout 0.2 --data {Echoes()} --checkpoint-every 4";
        Run($"{train} --out {folder}/whole").Code.Should().Be(0);
        Run($"{train} --out {folder}/parts").Code.Should().Be(0);
        foreach (var file in Directory.GetFiles($"{folder}/parts", "checkpoint-*")
            .Where(f => !f.EndsWith("004.safetensors", StringComparison.Ordinal)))
            File.Delete(file);
        Run($"{train} --resume --out {folder}/parts").Output.Should().Contain("Continuing from iteration 4.");
        File.ReadAllBytes($"{folder}/parts/checkpoint-000000012.safetensors")
            .Should().Equal(File.ReadAllBytes($"{folder}/whole/checkpoint-000000012.safetensors"));
        var more = $"train --iterations 2 --batch 16 --beam 1 --from {folder}/whole --data {folder}/echoes.jsonl";
        Run($"{more} --out {folder}/more").Code.Should().Be(0);
        Expect($"train --no-copy --from {folder}/whole --data {folder}/echoes.jsonl", 2, "--no-copy and --from were both given");
    }

    [Fact]
    public void The_demonstration_trains_with_and_without_copying()
    {
        var run = Run($"{Small} --iterations 3 --out {folder}/demo");
        run.Code.Should().Be(0, run.Error);
        run.Words.Should().ContainAll("with copying", "without copying", "notes right", "names, drugs and numbers right",
            "Notes of 200 new visits");
        Directory.GetDirectories($"{folder}/demo").Select(Path.GetFileName).Should().BeEquivalentTo("copy", "no-copy");
        Expect("--no-copy", 2, "The demonstration trains two models");
    }

    [Fact]
    public void The_length_penalty_is_that_of_the_training()
    {
        Run($"train {Small} --iterations 1 --data {Echoes()} --out {folder}/usual").Code.Should().Be(0);
        Run($"train {Small} --iterations 1 --data {folder}/echoes.jsonl --length-penalty 2.5 --out {folder}/long").Code
            .Should().Be(0);
        Penalty("usual").Should().Be(1);
        Penalty("long").Should().Be(2.5f);
        TrainOptions.ForMtsDialog.LengthPenalty.Should().Be(1.5f, "docs/results.md says so");
        Run("predict --help").Words.Should().Contain("longer summaries. [default: as in the model's training]");
        Run("--help").Words.Should().Contain("longer summaries. [default: 1]");

        float Penalty(string run)
        {
            using var trained = new TrainedModel<EncoderDecoderModel>(Path.Combine(folder, run), ModelText.FileKinds,
                ModelText.Load, new Terminal(TextWriter.Null, TextWriter.Null));
            return Summarizer.PenaltyOf(trained);
        }
    }

    [Theory]
    [InlineData("train --hidden 25", "--hidden should be even")]
    [InlineData("train --vocabulary 200", "--vocabulary should be a whole number from 262")]
    [InlineData("train --topic-field x", "--topic-field: the built-in visits have no fields.")]
    [InlineData("train --dataset nonsense", "There is no data set 'nonsense'. Choose one of visits, mts-dialog")]
    [InlineData("train --hidden 65536", "Training would take at least")]
    public void Wrong_usage_ends_with_2_and_one_line(string arguments, string message)
    {
        var run = Run(arguments);
        run.Code.Should().Be(2);
        run.Error.Should().StartWith(message);
        run.ShouldBeOneLineOfError();
    }

    [Theory]
    [InlineData("--text-field summary", "--text-field and --summary-field are both 'summary'.")]
    [InlineData("--topic-field text", "--text-field and --topic-field are both 'text'.")]
    [InlineData("--topic-field summary", "--summary-field and --topic-field are both 'summary'.")]
    public void A_field_serves_one_purpose(string fields, string message) =>
        Expect($"train {Small} --data {Echoes()} {fields} --out {folder}/run", 2, message);

    [Fact]
    public void Unusable_files_end_with_1_and_one_line_that_names_the_place()
    {
        var path = Path.Combine(folder, "mine.jsonl");
        Refused(Encoding.Latin1.GetBytes("{\"text\":\"caf\u00e9\"}"), $"'{path}', line 1, column 13: the byte 0xE9 is not");
        Refused(Encoding.Unicode.GetPreamble(), "is UTF-16. Convert the file to UTF-8 first.");
        Refused([], $"'{path}' is empty: it has no text with a summary.");
        Refused("{\"text\":\"\",\"summary\":\"a\"}"u8.ToArray(), $"'{path}', line 1: the field 'text' is not usable");
        Refused("{\"text\":\"a\"}"u8.ToArray(), $"'{path}', line 1: there is no field 'summary', only text.");

        void Refused(byte[] content, string message)
        {
            File.WriteAllBytes(path, content);
            Expect($"train {Small} --data {path} --out {folder}/unusable", 1, message);
            Directory.Exists($"{folder}/unusable").Should().BeFalse();
        }
    }

    [Fact]
    public void A_text_of_a_megabyte_is_cut_at_the_length_that_the_model_was_trained_with()
    {
        Run($"train {Small} --data {Echoes()} --text-length 8 --out {folder}/run").Code.Should().Be(0);
        var input = Path.Combine(folder, "long");
        var start = string.Concat(Enumerable.Repeat("tomato. ", 8));
        File.WriteAllText(input, start + string.Concat(Enumerable.Repeat("banana. ", 125_000)) + "\n" + start + "\n");
        var run = Run($"predict --checkpoint {folder}/run --beam 1 --input {input}");
        run.Code.Should().Be(0, run.Error);
        var lines = run.Output.TrimEnd('\n').Split('\n');
        lines.Should().HaveCount(2);
        lines[0].Should().Be(lines[1]);
    }

    [Fact]
    public void A_part_that_the_data_do_not_have_is_named()
    {
        Run($"train {Small} --iterations 1 --data {Echoes()} --out {folder}/run").Code.Should().Be(0);
        Expect($"evaluate --checkpoint {folder}/run --data {folder}/echoes.jsonl --split test-2", 2, "have no part 'test-2'");
        Expect($"evaluate --checkpoint {folder}/none --output {folder}", 1, $"--output: '{folder}' is a folder.");
        Expect($"evaluate --checkpoint {folder}/run", 2, "was trained on 'echoes', a file. Name it with --data");
    }

    [Fact]
    public void All_texts_of_a_file_that_the_model_was_not_trained_on_are_scored()
    {
        Run($"train {Small} --iterations 1 --data {Echoes()} --out {folder}/run").Code.Should().Be(0);
        var other = Path.Combine(folder, "other.jsonl");
        File.WriteAllLines(other, File.ReadLines($"{folder}/echoes.jsonl").Take(30));
        Scored($"--data {other}").Should().Be(("new", 30));
        Scored($"--data {other} --split test").Should().Be(("test", 3));
        Scored($"--data {folder}/echoes.jsonl").Should().Be(("validation", 8));

        (string?, int) Scored(string data)
        {
            var line = Json(Run($"evaluate --checkpoint {folder}/run {data} --beam 1 --json"))[^1];
            return (line.GetProperty("split").GetString(), line.GetProperty("texts").GetInt32());
        }
    }

    /// <summary>A file of texts whose summary is a word of theirs.</summary>
    private string Echoes()
    {
        var path = Path.Combine(folder, "echoes.jsonl");
        string[] ends = ["ton", "ler", "nix", "sam", "pol", "dry", "zek", "mun", "via", "cot"];
        var names = "bdfgklmn".SelectMany(start => ends.Select(end => $"{start}o{end}"));
        File.WriteAllLines(path, names.Select(n => $"{{\"kind\":\"Echo\",\"text\":\"Say: {n}. Now.\",\"summary\":\"{n}\"}}"));
        return path;
    }

    [Fact]
    public void Help_of_a_command_for_a_model_names_the_data_of_its_training_as_the_default()
    {
        Run("train --help").Words.Should().Contain("[default: visits]");
        Run("evaluate --help").Words.Should().Contain("[default: the data of the model's training]").And
            .NotContain("[default: visits]");
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
