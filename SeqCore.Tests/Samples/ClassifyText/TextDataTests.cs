using System.Text;
using SeqCore.Models;
using SeqCore.Samples.ClassifyText;

namespace SeqCore.Tests.Samples.ClassifyText;

public sealed class TextDataTests : IDisposable
{
    private readonly string path = Path.Combine(Directory.CreateTempSubdirectory("seqcore-texts-").FullName, "mine.tsv");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

    [Theory]
    [InlineData("a fine film\tgood\na dull film\tbad\nso dull\tbad\n")]
    [InlineData("good\ta fine film\nbad\ta dull film\nbad\tso dull\n")]
    [InlineData("\uFEFFgood\ta fine film\r\nbad\ta dull film\rbad\tso dull")]
    [InlineData("label\tsentence\ngood\ta fine film\nbad\ta dull film\nbad\tso dull\n")]
    [InlineData("id\tText\tx\tClass\n1\t a fine film \t.\tgood\n2\ta dull film\t.\tbad \n3\tso dull\t.\tbad\n")]
    public void Columns_are_found_in_any_order_with_or_without_names(string content)
    {
        File.WriteAllText(path, content);
        var texts = new TextFormat().Read(path).Texts;
        texts.Select(t => t.Text.Text).Should().Equal("a fine film", "a dull film", "so dull");
        texts.Select(t => t.Text.Labels.Single()).Should().Equal("good", "bad", "bad");
    }

    [Fact]
    public void Commas_separate_the_columns_of_csv()
    {
        var table = Path.ChangeExtension(path, "csv");
        File.WriteAllText(table, "good,\"a fine, funny film\"\nbad,\"so \"\"dull\"\"\"\nbad,no\n");
        new TextFormat().Read(table).Texts.Select(t => t.Text.Text).Should().Equal("a fine, funny film", "so \"dull\"", "no");
        File.Copy(table, path);
        new TextFormat { Format = "csv" }.Read(path).Texts.Should().HaveCount(3);
        File.WriteAllText(table, "good,a \"fine\" film\nbad,\"dull\nbad,no\n");
        Refused(new TextFormat(), table).Should().Contain("line 1").And.EndWith("any other, add --quotes no.");
        new TextFormat { HasQuotes = false }.Read(table).Texts.Select(t => t.Text.Text).Should()
            .Equal("a \"fine\" film", "\"dull", "no");
    }

    [Fact]
    public void Columns_can_be_named_or_numbered_and_labels_of_numbers_are_labels()
    {
        File.WriteAllText(path, "stars\tremark\tother\n1\tbad\tx\n5\tgood\ty\n");
        new TextFormat { Text = "remark", Label = "stars" }.Read(path).Texts.Select(t => t.Text.Labels.Single())
            .Should().Equal("1", "5");
        new TextFormat { Text = "2", Label = "1", Header = "yes" }.Read(path).Texts.Should().HaveCount(2);
        new TextFormat { Text = "2", Label = "1" }.Read(path).Texts.Should()
            .HaveCount(3, "numbers do not say that there are names");
        File.WriteAllText(path, "text\ttext\tlabel\na\tb\tx\nc\td\ty\n");
        new TextFormat { Text = "2", Label = "label" }.Read(path).Texts.Select(t => t.Text.Text).Should().Equal("b", "d");
        File.WriteAllText(path, "stars\tremark\tother\n1\tbad\tx\n5\tgood\ty\n");
        new TextFormat { Text = "remark", Label = "3" }.Read(path).Texts[1].Place.Should().Be($"'{path}', line 3, column 3");
    }

    [Fact]
    public void Known_labels_show_their_column_where_a_short_file_does_not()
    {
        File.WriteAllText(path, "good\tbad film\nbad\tgood film\n");
        new TextFormat().Read(path, ["good", "bad"]).Texts.Select(t => t.Text.Text).Should().Equal("bad film", "good film");
    }

    [Fact]
    public void Several_labels_are_separated_in_a_table_and_listed_in_JSON()
    {
        File.WriteAllText(path, "x y\ta, b\nz\t\n");
        new TextFormat { Separator = ",", Text = "1", Label = "2" }.Read(path).Texts.Select(t => string.Join('+', t.Text.Labels))
            .Should().Equal("a+b", "");
        var lines = Path.ChangeExtension(path, "jsonl");
        File.WriteAllText(lines, "{\"body\":\"x y\",\"tags\":[\"a\",\"b\"]}\n\n{\"body\":\"z\",\"tags\":3}\n");
        var texts = new TextFormat { Separator = ",", Text = "body", Label = "tags" }.Read(lines).Texts;
        texts.Select(t => string.Join('+', t.Text.Labels)).Should().Equal("a+b", "3");
        texts[1].Place.Should().Be($"'{lines}', line 3");
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("text\tlabel\n", "has only a line of names")]
    [InlineData("a\tb\tc\nd\te\tf\n", "has 3 columns, the first line 'a', 'b', 'c'. Name those of text and label")]
    [InlineData("a\tx\n \ty\n", "line 2, column 1: the text is empty; remove the line.")]
    [InlineData("aa\tx\nbb\t\ncc\tx\n", "line 2, column 2: the label is empty; each text should have one.")]
    [InlineData("a\tx\nb\n", "line 2: 2 columns should be here; there is 1: 'b'.")]
    [InlineData("text\tText\tlabel\na\tb\tx\n",
        "the columns 1 ('text') and 2 ('Text') have the same name. Choose one by its number, with --text-column")]
    [InlineData("text\tlabel\tlabel\na\tx\ty\n", "the columns 2 ('label') and 3 ('label') have the same name.")]
    [InlineData("label\ttext\nx\ta\nlabel\ttext\ny\tb\n", "line 3 has the names of the columns again; remove it.")]
    [InlineData("a,x\nb,y\n", "has no column 2; it has 1 without names. Is the delimiter a comma, and not a tab?")]
    public void Other_tables_are_refused_by_line_and_column(string content, string message)
    {
        File.WriteAllText(path, content);
        Refused(new TextFormat(), path).Should().Contain(message);
    }

    [Fact]
    public void Other_encodings_are_refused_by_line_and_column()
    {
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes("ok\tx\ncaf\u00E9\ty\n"));
        Refused(new TextFormat(), path).Should().Contain("line 2, column 4: the byte 0xE9 is not valid UTF-8");
        File.WriteAllText(path, "a\tx\n", Encoding.Unicode);
        Refused(new TextFormat(), path).Should().Contain("is UTF-16");
    }

    [Theory]
    [InlineData("colour", null, "has no column colour: it has 2, 'text', 'label'.")]
    [InlineData("3", null, "has no column 3: it has 2")]
    [InlineData("1", "text", "text and label are both column 1 ('text')")]
    public void Columns_that_are_not_there_are_named(string text, string? label, string message)
    {
        File.WriteAllText(path, "text\tlabel\na\tx\nb\ty\n");
        Refused(new TextFormat { Text = text, Label = label, Header = "yes" }, path).Should().Contain(message);
    }

    [Theory]
    [InlineData("{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"a\"}\n",
        "line 2: the object has no property 'label'; it has text.")]
    [InlineData("{\"text\":\"a\",\"label\":[\"x\",\"y\"]}\n",
        "line 1: the property 'label' has 2 labels; each text should have one.")]
    [InlineData("{\"text\":\" \",\"label\":\"x\"}\n", "line 1: the property 'text' is empty.")]
    [InlineData("{\"text\":\"a\",\"label\":\"\"}\n", "line 1: the property 'label' has an empty label.")]
    [InlineData("{\"text\":\"a\\ud800\",\"label\":\"x\"}\n", "line 1")]
    [InlineData("{\"text\":\n", "line 1, column 9")]
    [InlineData("\n", "is empty.")]
    [InlineData("{\"message\":\"a\",\"team\":\"x\"}\n", "has objects with message, team, none of which is a usual name for a"
        + " label. Name the fields with --text-field and --label-field.")]
    [InlineData("[\n{\"text\":\"a\",\"label\":\"x\"}]\n", "line 1: an array begins here.")]
    public void Other_JSON_is_refused_by_line(string content, string message)
    {
        var lines = Path.ChangeExtension(path, "jsonl");
        File.WriteAllText(lines, content);
        Refused(new TextFormat(), lines).Should().Contain(message);
    }

    [Fact]
    public void Usual_fields_are_found()
    {
        var lines = Path.ChangeExtension(path, "jsonl");
        File.WriteAllText(lines, "{\"Title\":\"t\",\"Class\":\"x\",\"text\":\"a\"}\n");
        var file = new TextFormat().Read(lines);
        file.Texts[0].Text.Text.Should().Be("a");
        file.Texts[0].Text.Labels.Should().Equal("x");
        file.Note.Should().Be($"'{lines}': texts in the field 'text', labels in 'Class'.");
    }

    [Fact]
    public void A_header_that_nothing_gives_away_is_suspected()
    {
        File.WriteAllText(path, "Kommentar\tKlasse\n"
            + string.Concat(Enumerable.Range(0, 30).Select(i => $"Satz {i}\t{i % 2}\n")));
        new TextFormat().Read(path).Note.Should().Contain("may hold names: no other text has the label 'Klasse'");
        new TextFormat { Header = "yes" }.Read(path).Note.Should().Be($"'{path}': texts in column 1 ('Kommentar'), labels in"
            + " column 2 ('Klasse').");
    }

    [Fact]
    public void A_split_depends_on_its_seed_alone_and_keeps_equal_texts_together()
    {
        SourcedText[] texts =
            [.. Enumerable.Range(0, 200).Select(i => new SourcedText(new LabelledText($"text {i % 150}", $"{i % 3}")))];
        var split = LabelledCorpus.Split("it", texts, null, null, seed: 5);
        (split.Training.Count + split.Validation.Count + split.Test.Count).Should().Be(200);
        split.Validation.Count.Should().BeInRange(20, 22);
        split.Test.Count.Should().BeInRange(20, 22);
        Texts(split.Training).Intersect(Texts(split.Validation)).Should().BeEmpty();
        Texts(split.Test).Intersect([.. Texts(split.Validation), .. Texts(split.Training)]).Should().BeEmpty();
        Texts(LabelledCorpus.Split("it", texts, null, null, seed: 5).Test).Should().Equal(Texts(split.Test));
        Texts(LabelledCorpus.Split("it", texts, null, null, seed: 6).Test).Should().NotEqual(Texts(split.Test));
        var given = LabelledCorpus.Split("it", texts, texts[..5], null, seed: 5);
        (given.Training.Count, given.Validation.Count, given.Test.Count).Should().Be((200, 5, 0));
        FluentActions.Invoking(() => LabelledCorpus.Split("'x.tsv'", texts[..9], null, null, 1))
            .Should().Throw<DataSourceException>().WithMessage("'x.tsv' has 9 different texts*");
    }

    [Fact]
    public void Numbers_that_are_no_labels_are_suspected()
    {
        SourcedText[] texts = [.. Enumerable.Range(0, 200)
            .Select(i => new SourcedText(new LabelledText($"text {i}", $"{i / 7.0}"), path, i + 1))];
        FluentActions.Invoking(() => LabelledCorpus.LabelsOf(texts, 2)).Should().Throw<DataSourceException>()
            .WithMessage("*has 200 different labels for 200 texts*--label-column*");
        FluentActions.Invoking(() => LabelledCorpus.LabelsOf(texts[..1], 2)).Should().Throw<DataSourceException>()
            .WithMessage("*has 1 different label; there should be at least 2.");
    }

    [Fact]
    public void Reviews_are_distinct_and_no_set_of_words_gives_the_verdict_away()
    {
        var reviews = Reviews.All();
        reviews.Select(r => r.Text).Should().OnlyHaveUniqueItems().And.HaveCount(4000);
        reviews.Should().Contain(r => r.Text.Contains(", but the"));
        reviews.Count(r => r.Labels[0] == "positive").Should().BeInRange(1900, 2100);
        foreach (var group in reviews.GroupBy(r => Connective(r.Text)))
        {
            group.Key.Should().NotBeEmpty();
            group.Count(r => r.Labels[0] == "positive").Should().BeCloseTo(group.Count() / 2, (uint)group.Count() / 8);
        }

        static string Connective(string text) => string.Join(' ', text.ToLowerInvariant().Split(' ', ',', '.', ';')
            .Where(w => w is "but" or "although" or "though" or "while" or "even"));
    }

    [Fact]
    public void Named_sets_have_their_sizes()
    {
        DataFolder.Path("sst2", "train.tsv");
        TextSet.Sst2.Read(TextSet.Sst2.Locate(TextSet.Sst2.Training)).Should().HaveCount(6920);
        TextSet.Sst2.Read(TextSet.Sst2.Locate(TextSet.Sst2.Test!)).Should().HaveCount(1821);
        var questions = TextSet.Trec.Read(TextSet.Trec.Locate(TextSet.Trec.Training));
        questions.Should().HaveCount(5452);
        questions[0].Text.Text.Should().Be("How did serfdom develop in and then leave Russia ?");
        LabelledText.LabelsOf(questions.Select(q => q.Text)).Should().Equal("ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM");
    }

    private static string Refused(TextFormat format, string path)
    {
        var message = FluentActions.Invoking(() => format.Read(path)).Should().Throw<DataSourceException>().Which.Message;
        message.Should().Contain($"'{path}'").And.NotContain("\n");
        return message;
    }

    private static IEnumerable<string> Texts(IEnumerable<SourcedText> texts) => texts.Select(t => t.Text.Text);
}
