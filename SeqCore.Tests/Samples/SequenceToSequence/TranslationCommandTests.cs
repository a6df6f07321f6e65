using System.Text.Json;
using SeqCore.Models;
using SeqCore.Samples.SequenceToSequence;

namespace SeqCore.Tests.Samples.SequenceToSequence;

/// <summary>Models of parts of words on sentences: trained, scored, compared and used for files and line by line.</summary>
[Collection("CharLanguageModel")]
public sealed class TranslationCommandTests : IDisposable
{
    private const string Small = "train --level bpe --vocabulary 40 --hidden 24 --embedding 16 --batch 16 --iterations 40"
        + " --eval-every 20 --checkpoint-every 10 --learning-rate 0.01 --dropout 0";

    private static readonly string[] Subjects = ["the dog", "the cat", "a horse", "the red bird"];
    private static readonly string[] Verbs = ["sees", "hears", "follows"];
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-translate-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("--model transformer --feed-forward 40 --heads 2 --layers 2")]
    [InlineData("--model gru --separate-vocabularies")]
    [InlineData("--model lstm --attention-kind none")]
    public void A_model_of_byte_pairs_is_trained_averaged_saved_and_scored(string model)
    {
        var pairs = Sentences("pairs", 0);
        var trained = Json(Run($"{Small} {model} --average 4 --data {pairs} --json --out {folder}/run"));
        trained[0].GetProperty("level").GetString().Should().Be("subwords");
        trained[^1].GetProperty("signature").GetString()
            .Should().MatchRegex(@"^BLEU\|nrefs:1\|case:mixed\|eff:no\|tok:13a\|smooth:exp\|version:");
        Directory.GetFiles($"{folder}/run", "checkpoint-*").Should().HaveCount(4);

        // A model that is loaded in another process has the same loss and translations.
        var evaluated = Json(Run($"evaluate --checkpoint {folder}/run --data {pairs} --json"))[^1];
        evaluated.GetProperty("validation_loss").GetDouble()
            .Should().Be(trained[^1].GetProperty("best_validation_loss").GetDouble());
        foreach (var name in new[] { "exact", "bleu", "bleu_lowercase", "chrf" })
            evaluated.GetProperty(name).GetDouble().Should().Be(trained[^1].GetProperty(name).GetDouble(), name);

        using var loaded = EncoderDecoderModel.Load($"{folder}/run");
        ReferenceEquals(loaded.SourceTokenizer, loaded.TargetTokenizer).Should().BeFalse("each is read by itself");
        (loaded.SourceTokenizer!.ToJson() == loaded.TargetTokenizer!.ToJson())
            .Should().Be(!model.Contains("separate", StringComparison.Ordinal));
        if (loaded is SeqCore.Models.Transformer transformer)
        {
            transformer.Options.ShareEmbeddings.Should().BeTrue();
            transformer.Options.Layer.FeedForwardSize.Should().Be(40);
            transformer.NamedParameters().Should().ContainSingle(p => p.Value.Shape[0] == loaded.SourceVocabularySize
                && p.Value.Shape.Rank == 2, "sources, targets and the head have one matrix");
        }
    }

    [Fact]
    public void The_test_is_scored_apart_from_validation_and_reversed_pairs_stay_reversed()
    {
        var (pairs, held, test) = (Sentences("pairs", 0), Sentences("held", 1), Sentences("test", 2));
        var data = $"--data {pairs} --validation {held} --reverse";
        var start = Json(Run($"{Small} --model gru {data} --json --out {folder}/run"))[0];
        start.GetProperty("validation_pairs").GetInt32().Should().Be(16);
        using (var model = EncoderDecoderModel.Load($"{folder}/run"))
            model.SourceTokenizer!.Encode("DOG").Should().HaveCountLessThan(3, "the capitals are read, not written");

        var validation = Run($"evaluate --checkpoint {folder}/run {data}");
        validation.Output.Should().ContainAll("BLEU ", "validation loss", "16 validation pairs", "words of source", "tok:13a",
            "case:lc", "chrF2");
        validation.Output.Split('\n').Where(l => !l.Contains(folder, StringComparison.Ordinal)).Max(l => l.Length)
            .Should().BeLessThan(80);
        var scored = Json(Run($"evaluate --checkpoint {folder}/run {data} --split test --test {test} --beam 2 --json"))[^1];
        scored.GetProperty("split").GetString().Should().Be("test");
        scored.GetProperty("pairs").GetInt32().Should().Be(16);
        scored.GetProperty("test_loss").GetDouble().Should().BeGreaterThan(0);
        scored.TryGetProperty("validation_loss", out _).Should().BeFalse();
        File.WriteAllText(test, $"{new string('?', 100)}\t{new string('?', 100)}\n");
        var tooLong = Run($"evaluate --checkpoint {folder}/run {data} --split test --test {test}");
        (tooLong.Code, tooLong.Error).Should().Be((1, $"'{test}': no pair of 1 is short enough for the model, which was trained"
            + " on up to 64 subwords a side. Score shorter pairs, or train a model with a larger --sequence.\n"));
        var run = Run($"evaluate --checkpoint {folder}/run {data} --split test");
        (run.Code, run.Error).Should().Be((2, "--split test: the data 'pairs' have no pairs for a test. Name a file with"
            + " --test.\n"));
    }

    [Fact]
    public void All_pairs_of_a_file_that_the_model_was_not_trained_on_are_scored()
    {
        var (pairs, other) = (Sentences("pairs", 0), Sentences("other", 1));
        Run($"{Small} --model gru --data {pairs} --out {folder}/run").Code.Should().Be(0);
        Scored($"--data {other}").Should().Be(("new", 16));
        Scored($"--data {other} --split validation").Should().Be(("validation", 1));
        Scored($"--data {pairs}").Should().Be(("validation", 14));

        // What counts is what is in the file, not its name.
        File.Move(other, pairs, overwrite: true);
        Scored($"--data {pairs}").Should().Be(("new", 16));
        Run($"evaluate --checkpoint {folder}/run --data {pairs}").Output.Should().Contain("pairs, 16 new pairs");
        Json(Run($"compare {folder}/run --data {pairs} --json")).Last(l => l.TryGetProperty("pairs", out _))
            .GetProperty("pairs").GetInt32().Should().Be(16);

        (string?, int) Scored(string data)
        {
            var line = Json(Run($"evaluate --checkpoint {folder}/run {data} --json"))[^1];
            line.TryGetProperty($"{line.GetProperty("split").GetString()}_loss", out _).Should().BeTrue();
            return (line.GetProperty("split").GetString(), line.GetProperty("pairs").GetInt32());
        }
    }

    [Fact]
    public void Files_are_translated_line_by_line()
    {
        var pairs = Sentences("pairs", 0);
        Run($"{Small} --model gru --iterations 60 --data {pairs} --out {folder}/run").Code.Should().Be(0);
        var (input, output) = (Path.Combine(folder, "in.txt"), Path.Combine(folder, "out.txt"));
        File.WriteAllText(input, "the dog sees the cat\r\n\nthe cat hears a horse");
        Run($"translate --checkpoint {folder}/run --input {input} --output {output} --beam 2").Code.Should().Be(0);
        var lines = File.ReadAllText(output).Split('\n');
        lines.Should().HaveCount(4, "each of three lines ends");
        lines[1].Should().BeEmpty();
        Run($"translate --checkpoint {folder}/run --input {input} --beam 2").Output.Should().Be(File.ReadAllText(output));
        ProgramRun.Of(Program.Create, ["translate", "the dog sees the cat", "--checkpoint", $"{folder}/run", "--beam", "2"])
            .Output.Should().StartWith($"{lines[0]}\n  or ");
        Json(Run($"translate --checkpoint {folder}/run --input {input} --json"))
            .Select(l => l.GetProperty("source").GetString()).Should().Equal("the dog sees the cat", "", "the cat hears a horse");

        File.WriteAllText(input, $"the dog\n{string.Join(' ', Enumerable.Repeat("x", 100))}\n");
        var tooLong = Run($"translate --checkpoint {folder}/run --input {input}");
        tooLong.Code.Should().Be(1);
        tooLong.Error.Should().StartWith($"'{input}', line 2: A text to translate should have 1 to 64 subwords;");
        tooLong.Error.Should().EndWith($"; '{string.Concat(Enumerable.Repeat("x ", 30))}…' has 200.\n");
        File.WriteAllText(input, " \n\n");
        var empty = Run($"translate --checkpoint {folder}/run --input {input}");
        (empty.Code, empty.Error).Should().Be((1, $"'{input}' is empty; there is nothing to translate.\n"));
        Run($"translate --checkpoint {folder}/run --input {folder}/nothing").Code.Should().Be(1);
    }

    [Fact]
    public void Lines_are_answered_until_an_empty_one()
    {
        var pairs = Sentences("pairs", 0);
        Run($"{Small} --model gru --data {pairs} --out {folder}/run").Code.Should().Be(0);
        var typed = $"the dog sees the cat\n{new string('?', 200)}\na horse hears the dog\n\nnever read\n";
        var run = ProgramRun.Of(Program.Create,
            ["translate", "--interactive", "--checkpoint", $"{folder}/run", "--json"], input: typed);
        Json(run).Select(l => l.GetProperty("source").GetString())
            .Should().Equal("the dog sees the cat", "a horse hears the dog");
        run.Error.Should().Contain("A text to translate should have 1 to 64 subwords");

        // Without --interactive, the lines of standard input are translated as those of a file are.
        Json(Piped("the dog sees the cat\n\na horse hears the dog\n")).Select(l => l.GetProperty("source").GetString())
            .Should().Equal("the dog sees the cat", "", "a horse hears the dog");
        var tooLong = Piped($"the dog\n{new string('?', 200)}\n");
        (tooLong.Code, tooLong.Output).Should().Be((1, ""));
        tooLong.Error.Should().StartWith("Standard input, line 2: A text to translate should have 1 to 64 subwords");
        var nothing = Piped("");
        (nothing.Code, nothing.Error).Should().Be((1, "Standard input is empty; there is nothing to translate.\n"));

        ProgramRun Piped(string text) =>
            ProgramRun.Of(Program.Create, ["translate", "--checkpoint", $"{folder}/run", "--json"], input: text);
    }

    [Fact]
    public void Sentences_are_trained_on_as_words_without_a_level()
    {
        var train = $"train --hidden 12 --embedding 8 --batch 8 --iterations 1 --data {Sentences("pairs", 0)}";
        var run = Run($"{train} --out {folder}/words");
        run.Code.Should().Be(0, run.Error);
        run.Words.Should().Contain("tokens: words (chosen by --level auto)").And.Contain("nats per word");
        run = Run($"{train} --level characters --out {folder}/characters");
        run.Words.Should().Contain("tokens: characters").And.NotContain("chosen by");
    }

    [Fact]
    public void Models_are_compared_by_length_on_the_same_pairs()
    {
        var pairs = Sentences("pairs", 0);
        Run($"{Small} --model gru --data {pairs} --out {folder}/with").Code.Should().Be(0);
        Run($"{Small} --model gru --attention-kind none --data {pairs} --out {folder}/without").Code.Should().Be(0);
        var page = Path.Combine(folder, "compared.html");
        var run = Run($"compare {folder}/with {folder}/without --data {pairs} --page {page} --svg {folder}/compared.svg");
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().ContainAll("words of source", "with", "without", "1-8", "parameters");
        File.ReadAllText(page).Should().ContainAll("<svg", "additive attention", "no attention", "tok:13a", "1-8",
            "All sources are in one range of lengths", "A model without attention has to squeeze");
        Run($"compare {folder}/with {folder}/with --data {pairs} --page {page}").Code.Should().Be(0);
        File.ReadAllText(page).Should().NotContain("without attention").And.Contain("grouped by their number of words");
        File.ReadAllText($"{folder}/compared.svg").Should().Contain("Quality by length");
        var lines = Json(Run($"compare {folder}/with {folder}/without --data {pairs} --json"));
        lines.Where(l => l.GetProperty("event").GetString() == "model").Should().HaveCount(2);
        var evaluated = Json(Run($"evaluate --checkpoint {folder}/without --data {pairs} --json"))[^1];
        lines[1].GetProperty("bleu").GetDouble().Should().Be(evaluated.GetProperty("bleu").GetDouble());
    }

    [Fact]
    public void Models_have_the_shortest_names_that_differ()
    {
        ModelNames.Of(["runs/gru", "runs/lstm/"]).Should().Equal("gru", "lstm");
        ModelNames.Of(["a/x/best", "b/x/best", "b/y/last"]).Should().Equal("a/x/best", "b/x/best", "last");
        ModelNames.Of(["runs/a/best", "runs/b/best"]).Should().Equal("a/best", "b/best");
        ModelNames.Of(["a/best", "./a/best", "b"]).Should().Equal("best (1)", "best (2)", "b");
    }

    [Fact]
    public void A_terminal_gets_no_character_that_it_would_obey()
    {
        var pairs = Path.Combine(folder, "signals");
        File.WriteAllLines(pairs, Enumerable.Range(10, 80).Select(i => $"{i}\t\u001b\u001b"));
        var trained = Run($"train --hidden 12 --embedding 8 --batch 16 --iterations 80 --learning-rate 0.03 --dropout 0"
            + $" --data {pairs} --out {folder}/run");
        trained.Code.Should().Be(0, trained.Error);
        trained.Output.Should().NotContain("\u001b");
        var run = Run($"translate 15 --checkpoint {folder}/run --json");
        Json(run with { Output = run.Output.Split('\n')[0] })[0].GetProperty("text").GetString().Should().Contain("\u001b");
        Run($"translate 15 --checkpoint {folder}/run").Output.Should().MatchRegex("^ +\n$");
    }

    [Fact]
    public void Models_of_other_data_are_not_compared()
    {
        Run($"train --iterations 1 --batch 4 --hidden 12 --embedding 4 --out {folder}/forth").Code.Should().Be(0);
        Run($"train --iterations 1 --batch 4 --hidden 12 --embedding 4 --reverse --out {folder}/back").Code.Should().Be(0);
        var run = Run($"compare {folder}/forth {folder}/back --most 5");
        run.Code.Should().Be(2);
        run.Error.Should().Contain($"'{folder}/back' was trained on other data, or in the other direction.");
        Json(Run($"evaluate --checkpoint {folder}/back --most 5 --json"))[^1].GetProperty("data").GetString()
            .Should().Be("dates", "the direction is that of the run");
    }

    [Fact]
    public void Scores_are_of_all_pairs_and_of_each_length()
    {
        var complete = new Translation("the dog runs away", [1], [2], -1, -1, IsComplete: true);
        Examined[] sources =
        [
            new("der Hund läuft weg", ["the dog runs away", "The dog flees now"], complete),
            new("eine Katze sitzt auf dem Dach von einem alten Haus", ["a cat sits on the roof of an old house"],
                complete with { Text = "a cat sits on the roof of an old house" }),
        ];
        var examination = new Examination(sources);
        var bleu = new Bleu();
        string[] references = [.. sources[0].References, .. sources[1].References];
        examination.Texts().Bleu.Should().Be(bleu.Score(["the dog runs away", "the dog runs away", sources[1].References[0]],
            references));
        examination.Texts().Lowercase.Should().BeGreaterThan(examination.Texts().Bleu);
        var bins = examination.ByLength();
        bins.Select(b => (b.Name, b.Pairs, b.MeanLength)).Should().Equal(("1-8", 2, 4), ("9-11", 1, 10));
        bins[1].Scores.Bleu.Should().BeApproximately(100, 1e-9);
        ScoreText.ByLength("", [("model", bins)]).Rows[1][2].Value.Should().Be(100.0);
    }

    [Fact]
    public void Captions_have_defaults_of_their_own()
    {
        var usual = new TrainOptions();
        Presets.For(null, "transformer", usual).Should().BeSameAs(usual);
        Presets.For(PairSet.Tatoeba, null, usual).Should().BeSameAs(usual);
        var (transformer, recurrent) = (Presets.For(PairSet.Multi30k, "transformer", usual),
            Presets.For(PairSet.Multi30k, "gru", usual));
        (transformer.Iterations, transformer.Batch, transformer.Vocabulary)
            .Should().Be((recurrent.Iterations, recurrent.Batch, recurrent.Vocabulary), "models are compared on equal terms");
        (transformer.Recurrent.HiddenSize % transformer.Recurrent.HeadCount).Should().Be(0);
        (transformer.Average * transformer.CheckpointEvery).Should().BeLessThan(transformer.Iterations);
        PairSet.Multi30k.Level.Should().Be(Levels.BytePairs);
    }

    /// <summary>A file of sentences and the same in capitals.</summary>
    /// <param name="name">The name of the file.</param>
    /// <param name="part">0 for most sentences, 1 and 2 for others.</param>
    private string Sentences(string name, int part)
    {
        var path = Path.Combine(folder, name);
        var all = (from a in Subjects from v in Verbs from b in Subjects select $"{a} {v} {b}").ToArray();
        all = part == 0 ? [.. all, .. all.Select(s => $"{s} now"), .. all.Select(s => $"{s} again")]
            : [.. all[..16].Select(s => $"{s} part {part}")];
        File.WriteAllLines(path, all.Select(s => $"{s}\t{s.ToUpperInvariant()}"));
        return path;
    }

    private static JsonElement[] Json(ProgramRun run)
    {
        run.Code.Should().Be(0, run.Error);
        return [.. run.Output.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement)];
    }

    private static ProgramRun Run(string arguments) =>
        ProgramRun.Of(Program.Create, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
