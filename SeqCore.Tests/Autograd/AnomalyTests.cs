namespace SeqCore.Tests.Autograd;

public class AnomalyTests
{
    private sealed class BadBackwardFunction(Variable x) : Function(x)
    {
        protected override Tensor Forward() => x.Value * 1f;

        protected override void Backward(Tensor dY) => AddGradient(x, dY * float.PositiveInfinity);
    }

    private static Variable Leaf(params float[] values) =>
        new(Tensor.FromSpan(values, new Shape(values.Length)), requiresGradient: true);

    [Fact]
    public void The_first_operation_that_makes_infinity_is_named()
    {
        using var tape = new Tape(detectAnomalies: true);
        var x = Leaf(1f, 0f);
        var fine = x + 1f;
        FluentActions.Invoking(() => fine / x).Should().Throw<AnomalyException>()
            .WithMessage("Divide: the forward pass gave NaN or infinity in a tensor of shape (2,)*first*")
            .Which.Operation.Should().Be("Divide");
    }

    [Fact]
    public void The_first_operation_whose_backward_pass_makes_infinity_is_named()
    {
        using var tape = new Tape(detectAnomalies: true);
        var loss = (new BadBackwardFunction(Leaf(1f) * 2f).Apply() * 3f).Sum();
        tape.Invoking(t => t.Backward(loss)).Should().Throw<AnomalyException>().WithMessage("BadBackward: the backward pass*");
    }

    [Fact]
    public void An_input_that_was_bad_already_is_pointed_at()
    {
        using var tape = new Tape(detectAnomalies: true);
        FluentActions.Invoking(() => Leaf(1f) + Leaf(float.NaN))
            .Should().Throw<AnomalyException>().WithMessage("Add:*input 1, of shape (1,), held some already*");
    }

    [Fact]
    public void An_inner_tape_detects_anomalies_if_the_outer_one_does()
    {
        using var outer = new Tape(detectAnomalies: true);
        using var inner = new Tape();
        FluentActions.Invoking(() => Leaf(1f) / Leaf(0f)).Should().Throw<AnomalyException>();
    }

    [Fact]
    public void Scores_that_a_mask_hides_are_none_but_NaN_among_them_is()
    {
        using var tape = new Tape(detectAnomalies: true);
        var q = new Variable(Tensor.RandomNormal([1, 1, 3, 4], new RandomGenerator(1)), requiresGradient: true);
        var options = AttentionOptions.Causal with { KeyLengths = IndexTensor.FromSpan([2], [1]) };
        var y = Variable.AttentionWithWeights(q, q, q, options).Output;
        tape.Backward((y * y).Sum());
        q.Gradient!.IsFinite().Should().BeTrue();

        var hidden = BoolTensor.LowerTriangle(3, 4);
        var x = new Variable(Tensor.Ones([3, 4]), requiresGradient: true);
        x.MaskedFill(hidden, float.NegativeInfinity).Softmax().Value.IsFinite().Should().BeTrue();
        var bad = Tensor.FromSpan([.. Enumerable.Repeat(1f, 11), float.NaN], [3, 4]);
        hidden = BoolTensor.LowerTriangle(3, 4, -1);
        new Variable(bad, requiresGradient: true).Invoking(v => v.MaskedFill(hidden, float.NegativeInfinity))
            .Should().Throw<AnomalyException>().Which.Operation.Should().Be("MaskedFill");
        x.Invoking(v => v.MaskedFill(hidden, float.PositiveInfinity)).Should().Throw<AnomalyException>();
    }

    [Fact]
    public void Otherwise_infinity_passes()
    {
        using var tape = new Tape();
        (Leaf(1f) / Leaf(0f)).Value.ToArray().Should().Equal(float.PositiveInfinity);
    }
}
