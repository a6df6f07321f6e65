using SeqCore.Models;

namespace SeqCore.Tests.Models.Metrics;

public class SpanScoreTests
{
    [Theory]
    [InlineData("O B-PER I-PER O B-LOC", "1-3 PER, 4-5 LOC")]
    [InlineData("B-PER B-PER I-PER", "0-1 PER, 1-3 PER")]
    [InlineData("I-PER I-PER O I-LOC I-PER", "0-2 PER, 3-4 LOC, 4-5 PER")]
    [InlineData("I-PER B-PER I-PER", "0-1 PER, 1-3 PER")]
    [InlineData("S-PER B-LOC I-LOC E-LOC S-LOC", "0-1 PER, 1-4 LOC, 4-5 LOC")]
    [InlineData("B-LOC E-LOC E-LOC I-LOC", "0-2 LOC, 2-3 LOC, 3-4 LOC")]
    [InlineData("B I O B", "0-2 , 3-4 ")]
    [InlineData("B-A-B I-A-B I-A", "0-2 A-B, 2-3 A")]
    [InlineData("O O", "")]
    public void Spans_are_those_of_conlleval(string tags, string spans) =>
        string.Join(", ", LabelledSpan.Of(tags.Split(' ')).Select(s => $"{s.Start}-{s.End} {s.Type}")).Should().Be(spans);

    [Fact]
    public void Only_whole_spans_of_the_right_type_count()
    {
        var score = new SpanScore();
        score.Add(["B-PER", "I-PER", "O", "B-LOC", "O"], ["B-PER", "I-PER", "O", "B-PER", "O"]);
        score.Add(["B-LOC", "I-LOC", "O"], ["B-LOC", "O", "B-LOC"]);
        score.Overall.Should().Be(new LabelScore(1, 3, 2));
        score.Overall.Precision.Should().Be(1 / 4.0);
        score.Overall.Recall.Should().Be(1 / 3.0);
        score.Types["PER"].Should().Be(new LabelScore(1, 1, 0));
        score.Types["LOC"].Should().Be(new LabelScore(0, 2, 2));
        score.TokenAccuracy.Should().Be(5 / 8.0);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var score = new SpanScore();
        score.Invoking(s => s.Add(["O"], ["O", "O"])).Should().Throw<ArgumentException>()
            .WithMessage("*got 1 true and 2 predicted*");
        foreach (var wrong in (string[])["X-PER", "", "BPER", "b-PER"])
            score.Invoking(s => s.Add(["O", wrong], ["O", "O"])).Should().Throw<ArgumentException>()
                .WithMessage($"*tag 1 is '{wrong}'*");
    }
}
