using Parquet;
using Parquet.Schema;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Files;

public sealed class ParquetFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Values_of_every_type_are_texts_and_numbers()
    {
        var rows = ParquetFile.Read(Write(await Table())).ToList();
        rows.Select(r => r.Number).Should().Equal(1, 2, 3, 4, 5, 6);
        rows[0].ColumnNames.Should().StartWith(["text", "int", "maybe"]);
        Texts("text").Should().Equal("größe 😀", "", "");
        Texts("int").Should().Equal("-1", "2", "3");
        Texts("maybe").Should().Equal("7", "", "9");
        Texts("double").Should().Equal("0.1", "2", "1E+99");
        Texts("bool").Should().Equal("true", "false", "true");
        Texts("time").Should().Equal("2001-02-03T00:00:00", "2001-02-03T04:05:06.007", "1999-12-31T23:59:59");
        Texts("decimal").Should().Equal("1.50", "2.00", "3.00");
        Texts("long").Should().Equal("1", "9000000000", "3");
        rows[0].Float("double").Should().Be(0.1f);
        rows[1].Float("long").Should().Be(9e9f);
        rows[0].Float("decimal").Should().Be(1.5f);
        rows[2].Float("maybe").Should().Be(9f);
        rows[1].Float("maybe", missing: -1f).Should().Be(-1f);
        Refused(() => rows[1].Float("maybe"), "*a.parquet', row 2, column 'maybe': the cell is empty; a number should be here.");
        Refused(() => rows[2].Float("double"), "*row 3, column 'double': '1E+99' is not a finite number of float32.");
        Refused(() => rows[0].Float("bool"), "*row 1, column 'bool': 'true' is not a number.");
        Refused(() => rows[0]["bytes"], "*a.parquet', column 'bytes': it has bytes, which are no text.");
        Refused(() => rows[0]["list"], "*column 'list': it has lists; only single values can be read.");

        IEnumerable<string> Texts(string column)
        {
            // The second row group repeats the first.
            var texts = rows.Select(r => r[column]).ToList();
            texts[3..].Should().Equal(texts[..3]);
            return texts[..3];
        }
    }

    [Fact]
    public async Task Texts_labels_pairs_and_numbers_are_read_by_name()
    {
        var path = Write(await Table());
        ParquetFile.ReadLabelled(path, "text", "int").First().Labels.Should().Equal("-1");
        ParquetFile.ReadLabelled(path, "int", "text", " ").First().Labels.Should().Equal("größe", "😀");
        ParquetFile.ReadPairs(path, "int", "long").Take(2).Should().Equal(("-1", "1"), ("2", "9000000000"));
        ParquetFile.ReadNumbers(path, ["long", "maybe"], 0f).First().Should().Equal(1f, 7f);
        ParquetFile.Read(path, ["long", "int", "long"]).First().ColumnNames.Should().Equal("long", "int");
        Refused(() => ParquetFile.ReadLabelled(path, "text", "text").Count(), "*row 2, column 'text': the label is empty.");
        Refused(() => ParquetFile.ReadLabelled(path, "text", "label").Count(),
            "*a.parquet' has no column 'label'; it has 'text', 'int', 'maybe', *");
    }

    [Fact]
    public async Task A_column_inside_a_structure_is_named_by_its_path()
    {
        var field = new DataField<string>("en");
        var schema = new ParquetSchema(new StructField("translation", field, new DataField<string>("de")));
        var bytes = await File(schema, async group =>
        {
            await group.WriteAsync(schema.DataFields[0], new[] { "yes", "no" });
            await group.WriteAsync(schema.DataFields[1], new[] { "ja", "nein" });
        });
        ParquetFile.ReadPairs(Write(bytes), "translation.de", "translation.en").Should()
            .Equal(("ja", "yes"), ("nein", "no"));
    }

    [Fact]
    public async Task What_cannot_be_read_is_told()
    {
        var path = folder.File("a.parquet");
        Refused(() => ParquetFile.Read(path).Count(), "Parquet file '*a.parquet' does not exist. Check the path.");
        Refused(() => ParquetFile.Read(folder.Path).Count(), "*is a folder*");
        Refused(() => ParquetFile.Read(Write([])).Count(), "*a.parquet' is not a Parquet file, or is damaged*");
        Refused(() => ParquetFile.Read(Write([.. "text,label\nx,y\nz,w\na,b\n"u8])).Count(), "*is not a Parquet file*");
        var whole = await Table();
        Refused(() => ParquetFile.Read(Write(whole[..^9])).Count(), "*is not a Parquet file, or is damaged*");
        var schema = new ParquetSchema(new DataField<string>("a"));
        var empty = await File(schema, null);
        Refused(() => ParquetFile.Read(Write(empty)).Count(), "*a.parquet' has no row.");
    }

    /// <summary>
    /// Parquet.Net may read for ever where several bits of the metadata are wrong, so such files are not part of .ci/fuzz.
    /// </summary>
    [Fact]
    public async Task A_file_with_one_wrong_bit_is_read_or_refused()
    {
        var whole = await Table();
        var refused = 0;
        for (var i = 0; i < whole.Length; i++)
        {
            var damaged = whole.ToArray();
            damaged[i] ^= (byte)(1 << (i % 8));
            var path = Write(damaged);
            try
            {
                ParquetFile.Read(path).Count(row => row["text"].Length + row.Float("maybe", 0f) > 0);
            }
            catch (DataSourceException)
            {
                refused++;
            }
        }

        refused.Should().BeInRange(whole.Length / 10, whole.Length - 1);
    }

    private string Write(byte[] content) => folder.Write("a.parquet", content);

    private static void Refused<T>(Func<T> read, string message) =>
        FluentActions.Invoking(read).Should().Throw<DataSourceException>().WithMessage(message);

    /// <summary>Two row groups of three rows.</summary>
    internal static Task<byte[]> Table()
    {
        var schema = new ParquetSchema(new DataField<string>("text"), new DataField<int>("int"), new DataField<int?>("maybe"),
            new DataField<double>("double"), new DataField<bool>("bool"), new DataField<DateTime>("time"),
            new DecimalDataField("decimal", 9, 2), new DataField<long>("long"), new DataField<byte[]>("bytes"),
            new DataField("list", typeof(int), isArray: true));
        var fields = schema.DataFields;
        return File(schema, async group =>
        {
            await group.WriteAsync(fields[0], new[] { "größe 😀", null!, "" });
            await group.WriteAsync<int>(fields[1], new[] { -1, 2, 3 });
            await group.WriteAsync<int>(fields[2], new int?[] { 7, null, 9 });
            await group.WriteAsync<double>(fields[3], new[] { 0.1, 2, 1e99 });
            await group.WriteAsync<bool>(fields[4], new[] { true, false, true });
            await group.WriteAsync<DateTime>(fields[5], new DateTime[]
            {
                new(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc), new(2001, 2, 3, 4, 5, 6, 7, DateTimeKind.Utc),
                new(1999, 12, 31, 23, 59, 59, DateTimeKind.Utc),
            });
            await group.WriteAsync<decimal>(fields[6], new[] { 1.5m, 2m, 3m });
            await group.WriteAsync<long>(fields[7], new[] { 1, 9_000_000_000, 3 });
            await group.WriteAsync(fields[8], new byte[][] { [1], [2], [3] });
            await group.WriteAsync<int>(fields[9], new[] { 1, 2, 3, 4 }, new[] { 0, 1, 0, 0 });
        }, 2);
    }

    private static async Task<byte[]> File(ParquetSchema schema, Func<ParquetRowGroupWriter, Task>? write, int groups = 1)
    {
        var stream = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, stream))
        {
            for (var g = 0; g < groups && write is not null; g++)
            {
                using var group = writer.CreateRowGroup();
                await write(group);
            }
        }

        return stream.ToArray();
    }
}
