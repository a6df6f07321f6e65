using System.IO.Compression;
using System.Text;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Files;

public sealed class DelimitedFileTests : IDisposable
{
    private static readonly DelimitedOptions noHeader = new() { HasHeader = false };
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rows_are_read_by_the_names_and_the_numbers_of_columns()
    {
        var path = Write("a.csv", "id, text ,label\r\n1,\"a \"\"fine\"\" film,\r\nreally\",good\r\n\r\n2,größe 😀,bad");
        var rows = DelimitedFile.Read(path).ToList();
        rows.Select(r => r["text"]).Should().Equal("a \"fine\" film,\nreally", "größe 😀");
        rows.Select(r => r[-1]).Should().Equal("good", "bad");
        rows.Select(r => r.Float(1)).Should().Equal(1f, 2f);
        rows.Select(r => r.Number).Should().Equal(2, 5);
        rows[0].ColumnNames.Should().Equal("id", "text", "label");
        rows[0].Count.Should().Be(3);
    }

    [Theory]
    [InlineData("a.tsv", "a\tb\n1,5\t\"x\n")]
    [InlineData("a.TSV", "a\tb\r1,5\t\"x\r")]
    [InlineData("a.tab", "\uFEFFa\tb\r\n1,5\t\"x")]
    public void Tabs_separate_columns_of_tsv_files_and_quotes_are_text_there(string name, string content)
    {
        var row = DelimitedFile.Read(Write(name, content)).Single();
        (row["a"], row["b"]).Should().Be(("1,5", "\"x"));
    }

    [Fact]
    public void A_file_may_be_compressed_and_its_delimiter_given()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write("a\tb\n"u8);
        DelimitedFile.Read(folder.Write("a.tsv.gz", packed.ToArray()), noHeader).Single()[2].Should().Be("b");
        DelimitedFile.Read(Write("a.txt", "a;'b'"), noHeader with { Delimiter = ';' }).Single()[2].Should().Be("'b'");
        DelimitedFile.Read(Write("q.tsv", "\"a\tb\"\tc\n"), noHeader with { HasQuotes = true }).Single()[1].Should().Be("a\tb");
        DelimitedFile.Read(Write("q.csv", "\"a,b\"\n"), noHeader with { HasQuotes = false }).Single()[2].Should().Be("b\"");
        FluentActions.Invoking(() => DelimitedFile.Read("a.csv", new() { Delimiter = '"' })).Should().Throw<ArgumentException>()
            .WithMessage("*the delimiter should be an ASCII character*");
    }

    [Fact]
    public void Any_rows_that_are_written_by_the_rules_are_read_back()
    {
        // Cells of every kind, at every distance to the ends of the reader's buffers.
        var random = new Random(1);
        string[] pieces = ["a", "ä", "😀", "\"", ",", "\n", ";", "\t", " ", "x y", ""];
        for (var round = 0; round < 200; round++)
        {
            string Cell() => string.Concat(random.GetItems(pieces, random.Next(round % 20 == 0 ? 20_000 : 8)));
            var rows = Enumerable.Range(0, 1 + random.Next(60)).Select(_ => (string[])[Cell(), Cell(), Cell()]).ToList();
            var text = string.Concat(rows.Select(r => string.Join(',', r.Select(c => '"' + c.Replace("\"", "\"\"") + '"'))
                + random.GetItems(["\n", "\r\n", "\r"], 1)[0]));
            var read = DelimitedFile.Read(Write("a.csv", text), noHeader).ToList();
            read.Select(r => (string[])[r[1], r[2], r[3]]).Should().BeEquivalentTo(rows, o => o.WithStrictOrdering());
            read.Select(r => r.Number).Should().Equal(rows.Select((_, i) =>
                1L + rows.Take(i).Sum(r => 1 + r.Sum(c => c.Count(x => x == '\n')))));
        }
    }

    [Fact]
    public void Long_cells_are_whole_and_a_file_is_read_as_it_is_enumerated()
    {
        var cell = new string('ä', 700_000);
        DelimitedFile.Read(Write("a.csv", $"a,b\n{cell},1\n\"{cell}\",2\n")).Select(r => r["a"]).Should().Equal(cell, cell);
        var path = Write("b.csv", "a,b\n" + string.Concat(Enumerable.Repeat("some text,1\n", 2_000_000)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        DelimitedFile.Read(path).Take(10).Should().HaveCount(10);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Theory]
    [InlineData("", "*'*a.csv' is empty: it has no row.")]
    [InlineData("\n\n  \n", "*is empty: it has no row.")]
    [InlineData("a,b\n", "*has no row below the names of its columns*")]
    [InlineData("a,b\n1,2\n1,2,3\n", "*'*a.csv', line 3: 2 columns should be here; there are 3: '1,2,3'.")]
    [InlineData("a,b\n\n\n1\n", "*line 4: 2 columns should be here; there is 1: '1'.")]
    [InlineData("a,b\n1\t2\n", "*line 2: 2 columns*there is 1: '1\t2'. Is the delimiter a tab, and not a comma?")]
    [InlineData("a,b\n\"x\ny\",\"z\" z\n", "*line 2: there is text after a closing quote: '\"x y\",\"z\" z'*HasQuotes = false.")]
    [InlineData("a,b\n1,2\n3,5\" tall\n", "*line 3: there is a quote inside a column without quotes around it*")]
    [InlineData("a,b\n1,\"2\n3,4\n", "*line 2: a quote that opens here is not closed*")]
    [InlineData("a,b\n1,\0\n", "*line 2, column 3: there is a character NUL*")]
    [InlineData("a,b\n1,b\xff\n", "*line 2, column 4: the byte 0xFF is not valid UTF-8*Latin-1*")]
    [InlineData("\xff\xfe" + "a\0", "*is UTF-16*")]
    public void What_is_wrong_with_a_file_is_told_with_its_place(string latin, string message)
    {
        var path = folder.Write("a.csv", Encoding.Latin1.GetBytes(latin));
        Refused(() => DelimitedFile.Read(path).Count(), message);
    }

    [Fact]
    public void A_row_that_never_ends_is_refused_before_it_fills_the_memory()
    {
        var path = Write("a.csv", "a,b\n1,\"" + new string('x', 1 + 2 * DelimitedReader.MaximumBytes));
        Refused(() => DelimitedFile.Read(path).Count(), "*a row is longer than 64 MB*HasQuotes = false.");
    }

    [Theory]
    [InlineData("text,label\nx,y\n", "text", "labels", "*'*a.csv' has no column 'labels'; it has 'text', 'label'.")]
    [InlineData("text\tlabel\nx\ty\n", "text", "label",
        "*has no column 'label'; it has 'text\tlabel'. Is the delimiter a tab, and not a comma?")]
    [InlineData("a,text,a\nx,y,z\n", "text", "a", "*has several columns 'a'. Choose one by its number.")]
    [InlineData("text,label\nx,y\nz, \n", "text", "label", "*line 3, column 'label': the label is empty.")]
    public void A_column_that_is_not_there_is_told_with_those_that_are(string content, string text, string label,
        string message) =>
        Refused(() => DelimitedFile.ReadLabelled(Write("a.csv", content), text, label).Count(), message);

    [Fact]
    public void Numbers_of_columns_are_checked_as_well()
    {
        var path = Write("a.csv", "x,y\n");
        Refused(() => DelimitedFile.ReadLabelled(path, 1, 3, options: noHeader).Count(), "*no column 3; it has 2 without names.");
        Refused(() => DelimitedFile.ReadPairs(path, -3, 1, noHeader).Count(), "*no column 3 from the last; it has 2*");
        FluentActions.Invoking(() => DelimitedFile.ReadPairs(path, 0, 1)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*columns count from 1*");
        FluentActions.Invoking(() => DelimitedFile.Read(path, noHeader).Single()[default]).Should().Throw<ArgumentException>()
            .WithMessage("*neither a name nor a number*");
    }

    [Fact]
    public void Texts_have_one_label_or_several()
    {
        var path = Write("a.tsv", "a film\t good \nboth\ta| b|\nnone\t\n");
        var one = DelimitedFile.ReadLabelled(Write("b.tsv", "a film\t good \n"), 1, 2, options: noHeader).Single();
        (one.Text, one.Labels.Single()).Should().Be(("a film", "good"));
        DelimitedFile.ReadLabelled(path, 1, -1, "|", noHeader).Select(t => string.Join('+', t.Labels))
            .Should().Equal("good", "a+b", "");
    }

    [Fact]
    public void Pairs_are_two_columns() =>
        DelimitedFile.ReadPairs(Write("a.csv", "de,en\nja,yes\nnein,no\n"), "en", "de").Should()
            .Equal(("yes", "ja"), ("no", "nein"));

    [Fact]
    public void Numbers_are_read_as_they_are_written_everywhere()
    {
        var path = Write("a.csv", "day,x,y\n2001-02-03,1.5,-2e3\n2001-02-04,, 7 \n");
        DelimitedFile.ReadNumbers(path, ["y", "x"], float.NaN).Should()
            .BeEquivalentTo((float[][])[[-2000f, 1.5f], [7f, float.NaN]], o => o.WithStrictOrdering());
        DelimitedFile.ReadNumbers(Write("b.csv", "1,2\n3,4\n"), options: noHeader).Should()
            .BeEquivalentTo((float[][])[[1f, 2f], [3f, 4f]], o => o.WithStrictOrdering());
        Refused(() => DelimitedFile.ReadNumbers(path, ["x"]).Count(), "*line 3, column 'x': the cell is empty; a number should*");
        Refused(() => DelimitedFile.ReadNumbers(path).Count(), "*line 2, column 'day': '2001-02-03' is not a number.");
    }

    [Theory]
    [InlineData("\"1,5\"", "*column 'x': '1,5' is not a number, which is written with a point, as 1234.5.")]
    [InlineData("NaN", "*column 'x': 'NaN' is not a finite number of float32.")]
    [InlineData("1e99", "*column 'x': '1e99' is not a finite number of float32.")]
    public void What_is_no_finite_number_is_told(string cell, string message) =>
        Refused(() => DelimitedFile.ReadNumbers(Write("a.csv", $"x,y\n{cell},1\n"), ["x"], float.NaN).Count(), message);

    [Fact]
    public void Errors_of_a_caller_name_the_place_too()
    {
        var row = DelimitedFile.Read(Write("a.csv", "x,y\n1,2\n")).Single();
        row.Error("y", "it should be above 3").Message.Should().EndWith("a.csv', line 2, column 'y': it should be above 3.");
        row.Error(1, "no").Message.Should().EndWith("line 2, column 'x': no.");
    }

    private static void Refused(Func<int> read, string message) =>
        FluentActions.Invoking(read).Should().Throw<DataSourceException>().WithMessage(message);

    private string Write(string name, string content) => folder.Write(name, Encoding.UTF8.GetBytes(content));
}
