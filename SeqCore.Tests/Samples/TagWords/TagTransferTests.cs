using System.Diagnostics;
using System.Text.Json;
using SeqCore.Models;
using SeqCore.Samples.TagWords;

namespace SeqCore.Tests.Samples.TagWords;

/// <summary>
/// Taggers that start from others, and training on everything but the test. The program replaces the default device while it
/// runs, so these tests run alone.
/// </summary>
[Collection("CharLanguageModel")]
public sealed class TagTransferTests : IDisposable
{
    private const string Steps = " --batch 16 --iterations 6 --eval-every 3 --checkpoint-every 3 --json";
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-tag-transfer-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_tagger_of_names_starts_from_one_of_parts_of_speech()
    {
        Run($"train --data {Speech()} --embedding 8 --hidden 12 --characters 4 --character-filters 2,3 --character-embedding 4"
            + $" --lowercase {Steps} --out {folder}/speech");
        Run($"train --encoder-from {folder}/speech {Steps} --out {folder}/names");
        using var speech = TextTagger.Load($"{folder}/speech");
        using var names = TextTagger.Load($"{folder}/names");
        names.Options.Encoder.HiddenSize.Should().Be(12);
        names.Options.CharacterKernelSizes.Should().Equal(2, 3);
        names.Vocabulary.IsLowercase.Should().BeTrue();
        names.Vocabulary.Units.Should().Contain(speech.Vocabulary.Units).And.Contain("captain");
        names.Characters!.Units.Should().Contain(speech.Characters!.Units);

        // The word "zebras" is in no sentence of the logbook, so no step has moved its embedding.
        Row(names, "zebras").Should().Equal(Row(speech, "zebras"));
        Card("names").GetProperty("encoder_from").GetString().Should().EndWith("speech");

        Run($"train --encoder-from {folder}/speech --model transformer {Steps} --out {folder}/transformer");
        using var transformer = TextTagger.Load($"{folder}/transformer");
        Row(transformer, "zebras").Should().Equal(Row(speech, "zebras"));
    }

    [Fact]
    public void The_other_taggers_words_stay_known_however_often_a_word_has_to_be_there()
    {
        const string Sizes = "--embedding 8 --hidden 8 --characters 0 --filters 3";
        Run($"train --data {Speech()} --model cnn {Sizes} {Steps} --out {folder}/speech");
        var start = $"train --encoder-from {folder}/speech {Steps}";
        Run($"{start} --minimum-frequency 40 --out {folder}/names");
        using var speech = TextTagger.Load($"{folder}/speech");
        using var names = TextTagger.Load($"{folder}/names");
        names.Vocabulary.Units.Should().Contain(speech.Vocabulary.Units);
        Run($"{start} --out {folder}/all");
        using var all = TextTagger.Load($"{folder}/all");
        names.Vocabulary.Count.Should().BeInRange(speech.Vocabulary.Count + 1, all.Vocabulary.Count - 1);

        var refused = ProgramRun.Of(Program.Create, $"{start} --model cnn --filters 5,6,7".Split(' ',
            StringSplitOptions.RemoveEmptyEntries));
        refused.Code.Should().Be(2);
        refused.Error.Should().StartWith("--filters and --encoder-from were both given; the sizes are those of that model");
        var other = $"{folder}/filters";
        Run($"{start.Replace("/speech", "/names")} --model cnn --filters 2 --out {other}");
        using var cnn = TextTagger.Load(other);
        cnn.Options.Encoder.KernelSizes.Should().Equal([2], "the other model is of another kind");
    }

    [Fact]
    public void An_ablation_starts_every_model_from_the_other_tagger()
    {
        Run($"train --data {Speech()} --embedding 8 --hidden 12 --heads 2 --characters 4 --character-embedding 4 {Steps}"
            + $" --out {folder}/speech");
        var runs = Run($"ablation --encoder-from {folder}/speech --batch 16 --iterations 2 --seeds 1 --json --out {folder}/table")
            .Output;
        runs.Should().Contain("\"model\":\"BiLSTM\"").And.Contain("Transformer + characters");
        File.ReadAllText($"{folder}/table/results.jsonl").Should().Contain("\"encoder_from\":");
    }

    [Fact]
    public void A_refit_trains_on_the_sentences_for_validation_too_and_takes_the_last_weights()
    {
        const string Sizes = "--embedding 8 --hidden 8 --characters 4 --character-embedding 4 --batch 16 --iterations 6"
            + " --checkpoint-every 3 --json";
        var lines = Run($"train {Sizes} --refit --out {folder}/run").Output.TrimEnd('\n').Split('\n')
            .Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        var start = lines[0];
        start.GetProperty("sentences").GetInt32().Should().Be(2700);
        lines.Where(l => l.GetProperty("event").GetString() == "evaluation").Should().ContainSingle()
            .Which.GetProperty("training_f1").GetDouble().Should().BeInRange(0, 1);
        var result = lines[^1];
        result.TryGetProperty("validation", out _).Should().BeFalse();
        using var best = TextTagger.Load($"{folder}/run");
        using var last = TextTagger.Load($"{folder}/run/checkpoint-000000006.safetensors");
        last.Parameters().SelectMany(p => p.Value.ToArray())
            .Should().Equal(best.Parameters().SelectMany(p => p.Value.ToArray()));
        Card("run").GetProperty("refit").GetString().Should().Be("True");

        var scored = JsonDocument.Parse(
            Run($"evaluate --checkpoint {folder}/run --json").Output.TrimEnd('\n').Split('\n')[^1]).RootElement;
        scored.GetProperty("span_f1").GetDouble().Should().Be(result.GetProperty("test").GetProperty("span_f1").GetDouble());
        Run($"evaluate --checkpoint {folder}/run --part validation").Words.Should().MatchRegex("of [0-9,]+ training words");
    }

    [Fact]
    public async Task A_saved_tagger_predicts_the_same_in_another_process()
    {
        Run($"train --data {Speech()} --embedding 8 --hidden 12 --characters 4 --character-embedding 4 {Steps}"
            + $" --out {folder}/speech");
        Run($"train --encoder-from {folder}/speech --outside-penalty 0.5 {Steps} --out {folder}/names");
        var command = $"evaluate --checkpoint {folder}/names --json --threads 1";
        using var child = Process.Start(new ProcessStartInfo("dotnet", $"{typeof(Program).Assembly.Location} {command}")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var messages = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        child.ExitCode.Should().Be(0, await messages);
        output.Should().Contain("\"span_f1\":").And.Be(Run(command).Output);
    }

    [Theory]
    [InlineData("train --refit --skip-test", "--refit trains on the sentences for validation, so it needs sentences for tests")]
    [InlineData("train --refit --choose-by loss", "--choose-by and --refit were both given")]
    [InlineData("ablation --refit --part validation", "--refit trains on the sentences for validation, so it does not go with")]
    [InlineData("train --encoder-from x --hidden 8", "--hidden and --encoder-from were both given; the sizes are those of")]
    [InlineData("train --encoder-from x --from y",
        "--from and --encoder-from were both given; training starts from one model, so leave --from out.")]
    [InlineData("train --encoder-from x --lowercase", "--lowercase and --encoder-from were both given; words are converted to")]
    [InlineData("train --encoder-from x --embedding-deviation 1",
        "--embedding-deviation and --encoder-from were both given; the embeddings are those of that model")]
    public void Wrong_usage_ends_with_2_and_one_line(string arguments, string message)
    {
        var run = ProgramRun.Of(Program.Create, arguments.Split(' '));
        run.Code.Should().Be(2);
        run.Error.Should().StartWith(message);
        run.ShouldBeOneLineOfError();
    }

    [Theory]
    [InlineData("--encoder-from")]
    [InlineData("--from")]
    public void A_model_of_another_program_is_told_as_such(string option)
    {
        using var other = new TextClassifier(new WordTokenizer("a b"), new TextClassifierOptions { Labels = ["x", "y"] },
            new RandomGenerator(1));
        other.Save($"{folder}/other.safetensors");
        var run = ProgramRun.Of(Program.Create, ["train", option, $"{folder}/other.safetensors"]);
        run.Code.Should().Be(1);
        run.Error.Should().Contain("other.safetensors' belongs to another program: it holds a model of the kind")
            .And.NotContain("TextClassifier.Load");
        run.ShouldBeOneLineOfError();
    }

    [Fact]
    public void A_penalty_of_O_needs_tags_of_names()
    {
        var run = ProgramRun.Of(Program.Create, ["train", "--data", Speech(), "--outside-penalty", "1"]);
        run.Code.Should().Be(2);
        run.Error.Should().StartWith("--outside-penalty is for tags of names; the data have no tag O. Leave it out.");
        run.ShouldBeOneLineOfError();
    }

    private static float[] Row(TextTagger model, string word)
    {
        var width = model.Options.Encoder.EmbeddingSize;
        var token = model.Vocabulary.Encode([word])[0];
        token.Should().NotBe(SpecialToken.Unknown);
        return model.NamedParameters().First(p => p.Key == "encoder.embedding.weight").Value.Value.ToArray()
            [(token * width)..((token + 1) * width)];
    }

    private JsonElement Card(string run) =>
        JsonDocument.Parse(File.ReadAllText($"{folder}/{run}/model-card.json")).RootElement.GetProperty("options");

    /// <summary>A file of sentences with parts of speech.</summary>
    private string Speech()
    {
        var path = Path.Combine(folder, "speech.conll");
        File.WriteAllText(path, string.Concat(Enumerable.Range(0, 60).Select(i =>
            $"The DET\nzebras NOUN\n{(i % 2 == 0 ? "saw VERB\nÅse PROPN" : $"ran VERB\n{i} NUM")}\n\n")));
        return path;
    }

    private static ProgramRun Run(string arguments)
    {
        var run = ProgramRun.Of(Program.Create, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        run.Code.Should().Be(0, run.Error);
        return run;
    }
}
