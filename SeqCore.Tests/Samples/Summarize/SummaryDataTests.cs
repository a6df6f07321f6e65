using System.CommandLine;
using System.IO.Compression;
using System.Text;
using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.Summarize;

namespace SeqCore.Tests.Samples.Summarize;

public sealed class SummaryDataTests : IDisposable
{
    private static readonly Fields Usual = new("text", "summary", null);
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-summaries-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Notes_have_the_names_and_numbers_of_their_talks_and_new_ones_in_the_test()
    {
        var corpus = Visits.Corpus();
        corpus.Splits.Should().Equal("validation", "test");
        (corpus.Training.Count, corpus.Validation.Count, corpus.Test.Count).Should().Be((4000, 200, 200));
        var known = corpus.Training.SelectMany(v => v.Summary.Split(' ')).ToHashSet();
        var fresh = 0;
        foreach (var visit in corpus.Test)
        {
            string[] rare = [.. Visits.RareWords(visit)];
            rare.Should().HaveCount(4, "a name, two numbers and a drug: " + visit.Summary);
            foreach (var word in rare)
                visit.Text.Should().Contain(word);
            fresh += rare.Count(w => !known.Contains(w));
        }

        fresh.Should().BeGreaterThan(250, "nearly all names and drugs of the test are new");
        Visits.Corpus().Test.Should().Equal(corpus.Test);
    }

    [Fact]
    public void Csv_is_read_with_quotes_line_breaks_and_columns_by_name()
    {
        var path = Write("notes.csv",
            "id,\"text\",summary,part\r\n1,\"A: \"\"Hi\"\",\r\nB:  Ho\",x  y,p\r\n\r\n3,c,z,q");
        SummaryFile.Read(path, Usual).Should().Equal(
            new Example("A: \"Hi\",\nB: Ho", "x y"), new Example("c", "z"));
        SummaryFile.Read(path, Usual with { Topic = "part" }).First().Source.Should().Be("p\nA: \"Hi\",\nB: Ho");
        Refused(path, Usual with { Summary = "note" }, "*no column 'note'; it has id, text, summary, part.*--summary-field*");
        SummaryFile.Read(path, new Fields("2", "-2", "4")).First().Should().Be(new Example("A: \"Hi\",\nB: Ho", "x y", "p"));
        Refused(path, Usual with { Summary = "5" }, "*no column '5'; it has id, text, summary, part.*");
        var twice = Write("twice.csv", "a,a,b\nx,y,z\n");
        Refused(twice, new Fields("a", "b", null), "*several columns 'a'. Choose one by its number.");
        SummaryFile.Read(twice, new Fields("2", "b", null)).Should().Equal(new Example("y", "z"));
        Refused(Write("ragged.csv", "text,summary\na,b\n\"x\ny\",b,c\n"), Usual, "*line 3: 2 columns*there are 3*");
        Refused(Write("open.csv", "text,summary\na,\"b\n"), Usual, "*line 2: a quote that opens here is not closed*");
        Refused(Write("late.csv", "text,summary\na,b\"c\n"), Usual, "*line 2: there is a quote inside a column*");
        Refused(Write("after.csv", "text,summary\na,\"b\"c\n"), Usual, "*line 2: there is text after a closing quote*");
        Refused(Write("none.csv", "\n"), Usual, "*is empty: it has no row.");
        Refused(Write("blank.csv", "text,summary\na,b\n\" \",c\n"), Usual,
            "'*blank.csv', line 3, column 'text': the text is empty.");
        Refused(Write("gap.csv", "text,summary\na,\n"), Usual, "'*gap.csv', line 2, column 'summary': the summary is empty.");
    }

    [Fact]
    public void Json_lines_are_read_by_the_names_of_their_fields()
    {
        var path = Write("notes.jsonl", "{\"dialogue\":\"a\\r\\nb\",\"note\":\"c\"}\n\n{\"note\":\"e\",\"dialogue\":\"d\"}\n");
        SummaryFile.Read(path, new Fields("dialogue", "note", null))
            .Should().Equal(new Example("a\nb", "c"), new Example("d", "e"));
        Refused(path, Usual,
            "'*notes.jsonl', line 1: there is no field 'text', only dialogue, note. Name the fields with *");
        Refused(Write("bad.jsonl", "{\"text\":\"a\",\"summary\":3}\n"), Usual,
            "*bad.jsonl', line 1: the field 'summary' is not a string.");
        Refused(Write("worse.jsonl", "{\"text\":\n"), Usual, "*worse.jsonl', line 1, column 9: this is not JSON: *");
        Refused(Write("list.jsonl", "[1]\n"), Usual, "*list.jsonl', line 1: this is not a JSON object.");
        Refused(Write("half.jsonl", "{\"text\":\"\\ud800\",\"summary\":\"a\"}\n"), Usual,
            "*line 1: the field 'text' has half of a*");
        Refused(Write("half-name.jsonl", "{\"text\":\"a b\",\"\\ud800\":\"x\",\"topic\":\"t\"}\n"), Usual,
            "*half-name.jsonl', line 1: the name of a field has half of a surrogate pair*");
        Refused(Write("signal.jsonl", "{\"\\u001b[31m\":\"x\"}\n"), Usual, "*there is no field 'text', only  [31m. *");
        Refused(Write("silent.jsonl", "{\"text\":\"a\",\"summary\":\" \"}\n"), Usual,
            "*line 1: the field 'summary' is not usable: the summary is empty.");
        Refused(Write("empty.jsonl", "\n"), Usual, "'*empty.jsonl' is empty: it has no text with a summary.");
    }

    [Fact]
    public void Lines_with_tabs_are_read_packed_or_not()
    {
        SummaryFile.Read(Write("notes.tsv", "a b\tc\r\nd\te\n"), Usual).Should().Equal(new Example("a b", "c"), new("d", "e"));
        var packed = Path.Combine(folder, "notes.tsv.gz");
        using (var stream = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
            stream.Write(Encoding.UTF8.GetBytes("a\tb\n"));
        SummaryFile.Read(packed, Usual).Should().Equal(new Example("a", "b"));
        Refused(Write("bad.tsv", "a\tb\nc\n"), Usual, "'*bad.tsv', line 2, column 2: the line has 0 tabs;*");
        Refused(Write("worse.tsv", "a\tb\tc\n"), Usual, "*line 1, column 4: the line has 2 tabs;*");
        Refused(Write("blank.tsv", "a\tb\nc d\t \n"), Usual, "*line 2, column 5: the summary is empty.");
        Refused(Write("empty.tsv", ""), Usual, "*is empty: it has no text with a summary.");
        Refused(packed, Usual with { Topic = "part" }, "*have no field 'part'.*");
    }

    [Fact]
    public void A_file_is_split_so_that_no_text_is_in_two_parts()
    {
        var examples = Enumerable.Range(0, 300).Select(i => new Example($"t{i % 100}", $"s{i}")).ToArray();
        var corpus = SummaryCorpus.Split(examples, "The file");
        corpus.Training.Concat(corpus.Validation).Concat(corpus.Test).Should().BeEquivalentTo(examples);
        (corpus.Validation.Count, corpus.Test.Count).Should().Be((30, 30));
        corpus.Training.Select(e => e.Text).Should().NotIntersectWith(corpus.Test.Concat(corpus.Validation).Select(e => e.Text));
        corpus.Test.Select(e => e.Text).Should().NotIntersectWith(corpus.Validation.Select(e => e.Text));
        SummaryCorpus.Split(examples, "The file").Test.Should().Equal(corpus.Test);
        corpus.Invoking(c => c.Of("test-2")).Should().Throw<UserException>()
            .WithMessage("*no part 'test-2'; they have validation, test.");
        FluentActions.Invoking(() => SummaryCorpus.Split(examples.Take(9), "The file"))
            .Should().Throw<DataSourceException>().WithMessage("The file has 9 different texts*");
    }

    [Fact]
    public void Sentences_of_a_text_are_taken_from_its_ends_or_drawn()
    {
        const string Text = "A: One is 1.5 mg. Two? Three!\nB: Four.";
        Sentences.Of(Text).Should().Equal("A: One is 1.5 mg.", "Two?", "Three!", "B: Four.");
        var baselines = Sentences.Baselines([Text, "Only one"], 2);
        baselines.Select(b => b.Name).Should().Equal("lead-2", "last-2", "random-2");
        baselines[0].Summaries.Should().Equal("A: One is 1.5 mg. Two?", "Only one");
        baselines[1].Summaries.Should().Equal("Three! B: Four.", "Only one");
        var drawn = Sentences.Of(baselines[2].Summaries[0]);
        drawn.Should().HaveCount(2).And.OnlyHaveUniqueItems().And.BeSubsetOf(Sentences.Of(Text));
        Array.IndexOf(Sentences.Of(Text), drawn[0]).Should().BeLessThan(Array.IndexOf(Sentences.Of(Text), drawn[1]));
        Sentences.Baselines(Enumerable.Repeat(Text, 100).ToArray(), 2)[2].Summaries.Distinct().Should().HaveCount(6);
    }

    [Fact]
    public void Scores_are_those_of_the_metrics()
    {
        Example[] examples = [new("t", "the cat sat"), new("t", "a dog barks")];
        var scores = Scores.Of("model", ["the cat sat", "a bird sings"], examples);
        scores.Intervals.Select(i => Math.Round(i.Score, 3)).Take(3).Should().Equal(66.667, 50, 66.667);
        scores.Words.Should().Be(3);
        scores.Intervals[0].Low.Should().BeLessThan(scores.Intervals[0].High);
    }

    [Fact]
    public void The_dialogues_are_read_from_the_users_folder()
    {
        DataFolder.Path("summarization", "mts-dialog", "TrainingSet.csv.gz");
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null);
        var corpus = SummarySet.MtsDialog.Read(null, terminal, TestContext.Current.CancellationToken);
        (corpus.Training.Count, corpus.Validation.Count, corpus.Test.Count).Should().Be((1201, 100, 200));
        corpus.Of("test-2").Should().HaveCount(200);
        corpus.Training[4].Should().Be(new Example(
            "Doctor: Hi, how are you?\nPatient: I burned my hand.\nDoctor: Oh, I am sorry. Wow!\n"
            + "Patient: Yeah.\nDoctor: Is it only right arm?\nPatient: Yes.", "Burn, right arm."));
        SummarySet.MtsDialog.Read("section_header", terminal, TestContext.Current.CancellationToken).Training[4].Source
            .Should().StartWith("CC\nDoctor: Hi");
    }

    [Fact]
    public void A_named_set_has_options_and_a_topic_of_its_own()
    {
        var (data, usual, command) = (new SummaryOptions(), new TrainOptions(), new Command("train"));
        data.AddTo(command);
        usual.AddTo(command);
        Summarizer.AddTo(command, "1");
        var named = command.Parse("--dataset mts-dialog --iterations 7");
        var options = data.Set(named)!.Defaults.Read(named);
        options.Should().Be(TrainOptions.ForMtsDialog with { Iterations = 7 });
        options.Limits.Should().Be(new Limits(320, 100, IsLowercase: true));
        (options.LengthPenalty, usual.Read(named).LengthPenalty).Should().Be((1.5f, 1f));
        options.Recurrent.Copies.Should().BeTrue();
        data.Configuration(named).Should().Contain(("topic_field", (object?)"section_header"));
        data.Configuration(command.Parse("--dataset mts-dialog --topic-field ID"))
            .Should().Contain(("topic_field", (object?)"ID"));

        var others = command.Parse("--data mine.tsv");
        data.Set(others).Should().BeNull();
        data.Configuration(others).Should().Contain(("topic_field", (object?)null));
        data.Set(command.Parse("")).Should().BeNull();
        usual.Read(command.Parse("")).Should().Be(usual);
    }

    [Fact]
    public void A_card_names_the_files_and_their_hashes()
    {
        var (first, second) = (Write("a.jsonl", "a"), Write("b.jsonl", "b"));
        Example[] one = [new("t", "s")];
        new SummaryCorpus(one, [.. one, .. one], one).Card("visits").Should().Equal(
            new CardData("training", "visits", 1), new("validation", "visits", 2), new("test", "visits", 1));
        var corpus = new SummaryCorpus(one, one, one) { Files = [("training", first), ("test", second)] };
        var (a, b) = (CardData.HashOf(first), CardData.HashOf(second));
        corpus.Lowercase().Card("mine").Should().Equal(new CardData("training", "a.jsonl", 1, a),
            new("validation", "a.jsonl", 1, a), new("test", "b.jsonl", 1, b));
        a.Should().Be("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
    }

    private static void Refused(string path, Fields fields, string message) =>
        FluentActions.Invoking(() => SummaryFile.Read(path, fields).ToArray())
            .Should().Throw<DataSourceException>().WithMessage(message);

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
