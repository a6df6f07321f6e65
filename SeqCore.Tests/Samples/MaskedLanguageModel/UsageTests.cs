using SeqCore.Samples.MaskedLanguageModel;

namespace SeqCore.Tests.Samples.MaskedLanguageModel;

[Collection("CharLanguageModel")]
public class UsageTests
{
    [Theory]
    [InlineData("--level syllables", "--level should be words or characters; got 'syllables'.")]
    [InlineData("--vocabulary 0", "--vocabulary should be a whole number from 1 to 1,000,000; got '0'.")]
    [InlineData("--mask-share 0", "--mask-share should be a number above 0, at most 1; got '0'.")]
    [InlineData("--sequence 2", "--sequence should be a whole number from 3 to 65,536; got '2'.")]
    [InlineData("--heads 3", "--heads should divide --hidden; got 3 heads and a width of 128.")]
    [InlineData("--schedule noam", "--schedule should be constant or linear or cosine; got 'noam'.")]
    [InlineData("--weight-decay NaN", "--weight-decay should be a number of at least 0; got 'NaN'.")]
    [InlineData("--hidden 65536 --heads 1", "elements; this machine has")]
    [InlineData("--batch 65536 --sequence 65536", "Make --batch, --sequence, --hidden, --vocabulary or --layers smaller.")]
    [InlineData("--dropout 1", "--dropout should be")]
    [InlineData("--learning-rate 0", "--learning-rate should be")]
    [InlineData("--out a --data b --dataset tinyshakespeare", "--data and --dataset were both given")]
    [InlineData("--dataset poems", "There is no data set 'poems'. Choose one of stories, tinyshakespeare, irish-abc")]
    [InlineData("fill", "--text")]
    [InlineData("fill --text [MASK] --top 0", "--top should be a whole number from 1 to 1,000; got '0'.")]
    [InlineData("paint", "paint")]
    public void Wrong_usage_is_reported_in_a_line_and_ends_with_2(string arguments, string message)
    {
        var run = ProgramRun.Of(Program.Create, arguments.Split(' '));
        run.Code.Should().Be(2, run.Error);
        run.Error.Should().Contain(message);
        run.Output.Should().BeEmpty();
        run.ShouldBeOneLineOfError();
    }

    [Theory]
    [InlineData("--help", "fill", "evaluate", "--mask-share", "--attention")]
    [InlineData("fill --help", "--text", "--top", "--checkpoint")]
    public void Help_lists_everything(string arguments, params string[] parts)
    {
        var run = ProgramRun.Of(Program.Create, arguments.Split(' '));
        run.Code.Should().Be(0);
        run.Output.Should().ContainAll(parts);
    }

    [Theory]
    [InlineData("", "is empty. Give a text with some thousands of words.")]
    [InlineData("Only a few words are here\n",
        "The text has 1 sequence for training and 0 for validation; at least one of each is needed. Use a longer text.")]
    public void Unusable_texts_are_reported_in_a_line(string text, string message)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            var run = ProgramRun.Of(Program.Create, ["--data", path, "--out", Path.GetTempPath() + "unused"]);
            run.Code.Should().Be(1);
            run.Error.Should().Contain(message);
            run.ShouldBeOneLineOfError();
        }
        finally
        {
            File.Delete(path);
        }
    }
}
