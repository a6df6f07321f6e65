namespace SeqCore.Tests.Autograd.Functions;

public class WhereFunctionTests
{
    private readonly BoolTensor mask = BoolTensor.FromArray([true, false, true, false]);

    [Fact]
    public void Gradient_matches_finite_differences()
    {
        GradientCheck.Run(x => Variable.Where(mask, x[0], x[1]), [Samples.Of(1, 3, 4), Samples.Of(2, 3, 4)]);
        GradientCheck.Run(x => Variable.Where(mask, x[0], x[1]), [Samples.Of(1, 3, 1), Samples.Of(2)]);
    }

    [Fact]
    public void Masked_elements_are_filled_and_get_no_gradient()
    {
        new Variable(Samples.Of(1, 4)).MaskedFill(mask, 9f).Value.ToArray().Where((_, i) => i % 2 == 0)
            .Should().AllBeEquivalentTo(9f);
        GradientCheck.Run(x => x[0].MaskedFill(mask, 9f), [Samples.Of(1, 3, 4)]);
    }

    [Fact]
    public void Softmax_after_filling_with_minus_infinity_has_a_finite_gradient() =>
        GradientCheck.Run(x => x[0].MaskedFill(mask, float.NegativeInfinity).Softmax(), [Samples.Of(1, 3, 4)]);

    [Fact]
    public void A_number_may_stand_on_either_side()
    {
        using var mask = Tensor.FromSpan([1f, 0f, 1f], [1, 3]) > 0f;
        var x = Tensor.FromArray(new[,] { { 1f, 2f, 3f }, { 4f, 5f, float.NaN } });
        Tensor.Where(mask, x[..1], 0f).ToArray().Should().Equal(1f, 0f, 3f);
        Tensor.Where(mask, -1f, x).ToArray().Should().Equal(-1f, 2f, -1f, -1f, 5f, -1f);
        Tensor.Where(mask, Tensor.Ones([2, 1]), 0f).Shape.Should().Equal(2, 3);

        var leaf = new Variable(x, requiresGradient: true);
        using var tape = new Tape();
        tape.Backward((Variable.Where(mask, leaf, 7f) * 2f).Sum() + Variable.Where(mask, 7f, leaf).Sum());
        leaf.Gradient!.ToArray().Should().Equal(2f, 1f, 2f, 2f, 1f, 2f);
        GradientCheck.Run(v => Variable.Where(mask, v[0], 0.5f) + Variable.Where(mask, 0.5f, v[0]), [Samples.Of(1, 2, 3)]);

        FluentActions.Invoking(() => Tensor.Where(mask, null!, 0f)).Should().Throw<ArgumentNullException>()
            .WithParameterName("x");
        FluentActions.Invoking(() => Variable.Where(mask, 0f, null!)).Should().Throw<ArgumentNullException>()
            .WithParameterName("y");
    }
}
