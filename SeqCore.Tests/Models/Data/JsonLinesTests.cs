using System.Text;
using System.Text.Json.Serialization;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public sealed partial class JsonLinesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Texts_and_labels_are_read_by_name()
    {
        var path = Write("""
            {"text": "a film", "label": "good", "id": 7}

            {"label": 1, "text": "größe 😀"}
            {"text": "both", "label": ["a", 2, true]}
            """);
        var texts = JsonLines.ReadLabelled(path).ToList();
        texts.Select(t => t.Text).Should().Equal("a film", "größe 😀", "both");
        texts.Select(t => string.Join('+', t.Labels)).Should().Equal("good", "1", "a+2+true");
        JsonLines.ReadLabelled(Write("""{"review": "x", "stars": 3}"""), "review", "stars").Single().Labels.Should().Equal("3");
    }

    [Fact]
    public void Objects_of_any_type_are_read()
    {
        var path = Write("""{"Name":"a","Count":3}""" + "\r\n" + """{"Name":"b","Count":4}""");
        JsonLines.Read(path, RowContext.Default.Row).Should().Equal(new Row("a", 3), new Row("b", 4));
        FluentActions.Invoking(() => JsonLines.Read(Write("{\"Name\":\"a\",\"Count\":3}\nnull"), RowContext.Default.Row).Count())
            .Should().Throw<DataSourceException>().WithMessage("*line 2: null is not an object*");
        FluentActions.Invoking(() => JsonLines.Read(Write("{\"Name\":\"a\",\"Count\":\"x\"}"), RowContext.Default.Row).Count())
            .Should().Throw<DataSourceException>().WithMessage("*line 1, column *");
    }

    [Theory]
    [InlineData("{\"text\":\"a\",\"label\":1}\n{\"text\":\"b\"", "*'*a.jsonl', line 2, column *: this is not the JSON*")]
    [InlineData("{\"text\":\"a\",\"lable\":1}", "*line 1: the object has no property 'label'; it has text, lable.")]
    [InlineData("{\"text\":5,\"label\":1}", "*line 1: the property 'text' is a number, not a string.")]
    [InlineData("{\"text\":\"a\",\"label\":null}", "*line 1: the property 'label' is null, not a string, a number*")]
    [InlineData("{\"text\":\"\\ud800\",\"label\":1}", "*line 1: the property 'text' has half of a surrogate pair*")]
    [InlineData("{\"text\":\"a\",\"label\":[\"\\udc00\"]}", "*line 1: the property 'label' has half of a surrogate pair*")]
    [InlineData("{\"\\ud800\":1,\"label\":1}", "*line 1: a string has half of a surrogate pair*")]
    [InlineData("{\"text\":\"a\",\"text\":\"b\",\"label\":1}", "*line 1: the object has the property 'text' twice.")]
    [InlineData("{\"text\":\"a\",\"label\":1,\"label\":2}", "*line 1: the object has the property 'label' twice.")]
    [InlineData("[1]", "*line 1: it is an array, not an object.")]
    [InlineData("text,label", "*line 1, column 2: this is not the JSON*")]
    public void What_does_not_fit_is_told_with_its_place(string content, string message) =>
        FluentActions.Invoking(() => JsonLines.ReadLabelled(Write(content)).Count()).Should().Throw<DataSourceException>()
            .WithMessage(message);

    private string Write(string content) => folder.Write("a.jsonl", Encoding.UTF8.GetBytes(content));

    internal sealed record Row(string Name, int Count);

    [JsonSerializable(typeof(Row))]
    private sealed partial class RowContext : JsonSerializerContext;
}
