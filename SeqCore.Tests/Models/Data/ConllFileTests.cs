using System.Text;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public sealed class ConllFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Columns_between_spaces_or_tabs_are_read()
    {
        var path = Write("-DOCSTART- -X- O O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\n\nPeter\tNNP\tB-NP\tB-PER");
        var sentences = ConllFile.Read(path).ToList();
        sentences.Select(s => string.Join(' ', s.Tokens)).Should().Equal("EU rejects", "Peter");
        sentences.Select(s => string.Join(' ', s.Tags)).Should().Equal("B-ORG O", "B-PER");
        sentences.Select(s => s.Line).Should().Equal(3, 7);
        ConllFile.Read(path, new ConllOptions { TagColumn = 2 }).First().Tags.Should().Equal("NNP", "VBZ");
    }

    [Fact]
    public void Comments_ranges_and_empty_nodes_of_CoNLL_U_are_left_out()
    {
        static string Row(string id, string form, string tag) => $"{id}\t{form}\t_\t{tag}\t_\t_\t_\t_\t_\t_\n";
        var path = Write("# text = vámonos al mar\n" + Row("1-2", "vámonos", "_") + Row("1", "vamos", "VERB")
            + Row("2", "nos", "PRON") + Row("2.1", "x", "VERB") + Row("3", "a b", "ADP") + "\n# next\n" + Row("1", "#", "SYM"));
        var sentences = ConllFile.Read(path, ConllOptions.ConllU).ToList();
        sentences[0].Tokens.Should().Equal("vamos", "nos", "a b");
        sentences[0].Tags.Should().Equal("VERB", "PRON", "ADP");
        sentences[1].Tokens.Should().Equal("#");
        sentences.Select(s => s.Line).Should().Equal(3, 9);
        Enumerable.Range(0, 3).Select(sentences[0].LineOf).Should().Equal(3, 4, 6);
    }

    [Fact]
    public void Each_token_knows_its_line()
    {
        var sentence = ConllFile.Read(Write("\na X\nb X\n-DOCSTART- X\nc X\n")).Single();
        Enumerable.Range(0, 3).Select(sentence.LineOf).Should().Equal(2, 3, 5);
        new TaggedText(["a", "b"], ["X", "X"]).LineOf(1).Should().Be(0);
        FluentActions.Invoking(() => sentence.LineOf(3)).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("*in [0, 3)*");
    }

    [Theory]
    [InlineData("a B\nb\n", "*'*a.conll', line 2: 2 columns should be here; there is 1: 'b'.")]
    [InlineData("a B\nb C D\n", "*line 2: 2 columns should be here; there are 3: 'b C D'.")]
    [InlineData("a\nb\n", "*line 1: a token in column 1 and a tag in column -1 should be here; there is 1: 'a'.")]
    [InlineData("\n\n", "*has no sentence: every line is blank or a comment.")]
    [InlineData("", "*has no sentence*")]
    public void Ragged_rows_are_told_with_their_line(string content, string message) =>
        FluentActions.Invoking(() => ConllFile.Read(Write(content)).Count()).Should().Throw<DataSourceException>()
            .WithMessage(message);

    [Fact]
    public void A_file_of_another_kind_is_told()
    {
        FluentActions.Invoking(() => ConllFile.Read(Write("a B\n"), ConllOptions.ConllU).Count()).Should()
            .Throw<DataSourceException>().WithMessage("*line 1: 10 columns should be here; there is 1*");
        FluentActions.Invoking(() => ConllFile.Read(Write("1\ta\t_\t\t_\t_\t_\t_\t_\t_\n"), ConllOptions.ConllU).Count()).Should()
            .Throw<DataSourceException>().WithMessage("*line 1: column 4 is empty.");
        FluentActions.Invoking(() => ConllFile.Read("a", new ConllOptions { TagColumn = 0 })).Should().Throw<ArgumentException>()
            .WithMessage("*columns count from 1*");
        FluentActions.Invoking(() => ConllFile.Read(Write("a B\n"), new ConllOptions { TagColumn = 3 }).Count()).Should()
            .Throw<DataSourceException>().WithMessage("*a tag in column 3 should be here; there are 2: 'a B'.*");
    }

    private string Write(string content) => folder.Write("a.conll", Encoding.UTF8.GetBytes(content));
}
