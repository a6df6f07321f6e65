using System.IO.Compression;
using System.Text;
using SeqCore.Models;
using SeqCore.Samples.TagWords;

namespace SeqCore.Tests.Samples.TagWords;

/// <summary>Files of tagged sentences, good and bad ones.</summary>
[Collection("CharLanguageModel")]
public sealed class TagDataTests : IDisposable
{
    private const string Small = "train --embedding 4 --hidden 4 --characters 4 --batch 8 --iterations 2";
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-tag-data-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("a X\nb\n", "line 2: 2 columns should be here; there is 1: 'b'.")]
    [InlineData("a\nb\n", "line 1: a token in column 1 and a tag in column -1 should be here; there is 1: 'a'.")]
    [InlineData("a,X\nb,Y\n", "line 1: a token in column 1 and a tag in column -1 should be here")]
    [InlineData("", "has no sentence: every line is blank or a comment.")]
    [InlineData("\n \r\n", "has no sentence")]
    [InlineData("a X\n\nb X\n", "has only the tag 'X'; there should be at least 2.")]
    [InlineData("a X\n\nb Y\n", "has 2 different sentences; there should be at least 10")]
    [InlineData("a B-X\nb I-Y\n",
        "line 2, last column: the tag 'I-Y' follows 'B-X', and in the scheme BIO it has to follow 'B-Y'", "--scheme bio")]
    [InlineData("a O\n\nb I-X\n\nc B-X\n", "line 3, last column: the tag 'I-X' begins a sentence")]
    [InlineData("a O\nb B-X\nc B_X\n", "line 3, last column: the tag 'B_X' is not of the scheme BIO")]
    [InlineData("a NOUN\nb VERB\n", "line 1, column 2: the tag 'NOUN' is not of the scheme BIO", "--scheme bio --tag-column 2")]
    [InlineData("a X\n", "line 1: a token in column 1 and a tag in column 3 should be here", "--tag-column 3")]
    [InlineData("a X\n", "line 1: 10 columns should be here; there is 1", "--format conllu")]
    public void Wrong_files_are_told_in_a_line_with_their_place(string content, string message, string more = "")
    {
        var path = Write("bad.conll", content);
        Expect($"{Small} --data {path} {more} --out {folder}/x", message);
        Directory.Exists($"{folder}/x").Should().BeFalse("nothing was trained");
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_told_with_their_place()
    {
        var path = Path.Combine(folder, "bytes");
        File.WriteAllBytes(path, [.. "a X\n"u8, .. "caf"u8, 0xE9, .. " X\n"u8]);
        Expect($"{Small} --data {path}", $"'{path}', line 2, column 4: the byte 0xE9 is not valid UTF-8.");
        File.WriteAllBytes(path, [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("a X\n")]);
        Expect($"{Small} --data {path}", "is UTF-16. Convert the file to UTF-8 first.");
        Expect($"{Small} --data {folder}/nothing", "does not exist");
        Expect($"{Small} --data {Good()} --validation {path}", "is UTF-16");
        Expect($"{Small} --data {Good()} --validation {Write("other.conll", "a X\n\nb Z\n")}",
            "other.conll', line 3, last column: the tag 'Z' is none of those of training: X, Y.");
    }

    [Theory]
    [InlineData("\n", "")]
    [InlineData("\r\n", "\uFEFF")]
    [InlineData("\r", "")]
    [InlineData("\n\r\n", "")]
    public void Lines_may_end_in_any_way_and_begin_with_a_mark(string end, string mark)
    {
        var text = string.Concat(Enumerable.Range(0, 20).Select(i => $"w{i} X{end}v Y{end}{end}"));
        // With the last of these ends each token is a sentence of its own.
        var run = Run($"{Small} --data {Write("ends.conll", mark + text)} --out {folder}/run");
        run.Code.Should().Be(0, run.Error);
        run.Output.Should().Contain("2 tags");
        using var model = TextTagger.Load($"{folder}/run");
        model.Vocabulary.Units.Should().NotContain(u => u.Contains('\uFEFF') || u.Contains('\r'));
    }

    [Fact]
    public void A_line_of_a_megabyte_is_read_or_told()
    {
        var word = new string('x', 1 << 20);
        var run = Run($"{Small} --data {Write("long.conll", Sentences() + $"{word} X\n")} --out {folder}/run");
        run.Code.Should().Be(0, run.Error);
        Expect($"{Small} --data {Write("long.conll", Sentences() + $"{word}\n")}",
            "line 61: 2 columns should be here; there is 1: 'xxx");
        var input = Write("input.txt", string.Concat(Enumerable.Repeat("ab ", 1 << 18)));
        var predicted = Run($"predict --input {input} --checkpoint {folder}/run");
        predicted.Code.Should().Be(0, predicted.Error);
        predicted.Output.Split(' ').Should().HaveCount(1 << 18);
        Expect($"predict --input {Write("empty.txt", "\n\n")} --checkpoint {folder}/run", "is empty; there is nothing to tag.");
        Expect($"predict --input {Write("a.conll", "a b\n")} --token-column 3 --checkpoint {folder}/run",
            "line 1, column 3: a word should be here; the line has 2 columns.");
    }

    [Fact]
    public void Files_may_be_packed_and_splits_depend_on_their_seed_alone()
    {
        var packed = Path.Combine(folder, "packed.conll.gz");
        using (var file = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
            file.Write(Encoding.UTF8.GetBytes(Sentences()));
        Run($"{Small} --data {packed} --out {folder}/packed").Code.Should().Be(0);
        var all = new TaggedFile([.. ConllFile.Read(Good())]);
        var (one, same, other) = (Split(1), Split(1), Split(2));
        one.Should().Equal(same).And.NotEqual(other);
        one.Should().HaveCount(2);

        string[] Split(ulong seed) =>
            [.. TagCorpus.Split(all, null, null, seed).Test.Sentences.Select(s => string.Join(' ', s.Tokens))];
    }

    [Fact]
    public void Equal_sentences_are_never_in_two_parts()
    {
        var random = new Random(3);
        TaggedText[] all = [.. Enumerable.Range(0, 500).Select(_ => new TaggedText([$"w{random.Next(40)}", "x"], ["A", "B"]))];
        var corpus = TagCorpus.Split(new TaggedFile(all), null, null, seed: 5);
        var parts = new[] { corpus.Training, corpus.Validation, corpus.Test }
            .Select(p => p.Sentences.Select(s => s.Tokens[0]).ToHashSet()).ToArray();
        parts.Sum(p => p.Count).Should().Be(40);
        parts[1].Should().NotIntersectWith(parts[2]);
        (corpus.Training.Sentences.Count + corpus.Validation.Sentences.Count + corpus.Test.Sentences.Count).Should().Be(500);
    }

    [Fact]
    public void Named_sets_are_read_from_the_users_folder()
    {
        DataFolder.Path("ud-en-ewt", "en_ewt-ud-train.conllu.gz");
        DataFolder.Path("wnut17", "emerging.test.annotated.gz");
        var run = Run($"{Small} --dataset wnut17 --skip-test --out {folder}/run");
        run.Code.Should().Be(0, run.Error);
        run.Words.Should().Contain("wnut17: 3,394 sentences, 1,009 more for validation, 1,287 for tests; 13 tags")
            .And.NotContain("test words");
        Expect($"train --dataset ud-en-ewt --from {folder}/run --out {folder}/x",
            "en_ewt-ud-train.conllu.gz', line 5, column 4: the tag 'PROPN' is none of those of training");
    }

    [Fact]
    public void Sentences_in_two_parts_are_counted_and_a_file_is_no_part_twice()
    {
        var (good, other) = (Good(), Write("other.conll", "w1 X\nv Y\n\nw99 X\n"));
        var run = Run($"{Small} --data {good} --test {other} --out {folder}/run");
        run.Code.Should().Be(0, run.Error);
        run.Error.Should().Contain("are in two parts: 0 for validation are among those for training, and 1 for tests");
        run.ShouldBeOneLineOfError();
        var same = Run($"{Small} --data {good} --test {folder}/./good.conll");
        same.Code.Should().Be(2);
        same.Error.Should().StartWith("--data and --test are the same file,");
        Run($"{Small} --data {good} --validation {other} --out {folder}/whole").Code.Should().Be(0);
        var whole = Run($"evaluate --checkpoint {folder}/whole --data {good}");
        whole.Code.Should().Be(2);
        whole.Error.Should().StartWith($"'{good}' is what the model was trained on, and nothing of it was held out.");
    }

    private string Good() => Write("good.conll", Sentences());

    private static string Sentences() => string.Concat(Enumerable.Range(0, 20).Select(i => $"w{i} X\nv Y\n\n"));

    private string Write(string name, string content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, content, new UTF8Encoding(false));
        return path;
    }

    private static void Expect(string arguments, string message)
    {
        var run = Run(arguments);
        run.Code.Should().Be(1, run.Error);
        run.Error.Should().Contain(message);
        run.ShouldBeOneLineOfError();
    }

    private static ProgramRun Run(string arguments) =>
        ProgramRun.Of(Program.Create, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
