namespace SeqCore.Tests;

public class SmokeTests
{
    [Fact]
    public void Values_come_back_as_they_went_in() =>
        Tensor.FromSpan([1f, 2f, 3f], new Shape(3)).ToArray().Should().Equal(1f, 2f, 3f);
}
