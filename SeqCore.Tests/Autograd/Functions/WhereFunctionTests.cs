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
}
