namespace SeqCore.Tests.Autograd.Functions;

public class DropoutFunctionTests
{
    [Fact]
    public void Gradient_matches_finite_differences_for_the_same_draw()
    {
        GradientCheck.Run(x => x[0].Dropout(0.4f, new RandomGenerator(5)), [Samples.Of(1, 7, 5)]);
        GradientCheck.Run(x => x[0].Transpose().Dropout(0.4f, new RandomGenerator(5)), [Samples.Of(1, 7, 5)]);
    }

    [Fact]
    public void Elements_are_zero_or_scaled_so_that_the_mean_stays()
    {
        var y = new Variable(Tensor.Full(new Shape(10_000), 1f)).Dropout(0.25f, new RandomGenerator(1)).Value.ToArray();
        y.Distinct().Should().BeEquivalentTo([0f, 1f / 0.75f]);
        y.Average().Should().BeApproximately(1f, 0.02f);
    }

    [Fact]
    public void Each_application_draws_again_and_without_dropout_nothing_is_drawn()
    {
        var random = new RandomGenerator(1);
        Variable x = Tensor.Full(new Shape(100), 1f);
        x.Dropout(0.5f, random).Value.ToArray().Should().NotEqual(x.Dropout(0.5f, random).Value.ToArray());
        var counter = random.Counter;
        x.Dropout(0f, random).Should().BeSameAs(x);
        random.Counter.Should().Be(counter);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    public void The_probability_must_lie_below_one(float probability) =>
        new Variable(Samples.Of(1, 3)).Invoking(x => x.Dropout(probability, new RandomGenerator(1)))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*[0, 1)*");
}
