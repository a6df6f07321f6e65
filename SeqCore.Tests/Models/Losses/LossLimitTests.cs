using SeqCore.Models;

namespace SeqCore.Tests.Models.Losses;

/// <summary>Losses where a probability is 0 or 1, where numbers are large, and for arguments that do not fit.</summary>
public class LossLimitTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(0.01f)]
    [InlineData(0.5f)]
    [InlineData(1f)]
    [InlineData(2f)]
    public void Binary_focal_loss_of_a_sure_model_has_finite_gradients(float gamma)
    {
        float[] logits = [200f, -200f, 100f, 200f, -200f], ones = [1f, 0f, 1f, 0f, 1f];
        var (values, slopes) = Run(x => Loss.BinaryFocalWithLogits(x, Tensor.FromArray(ones), null, gamma, LossReduction.None),
            Tensor.FromArray(logits));
        values.ShouldBeCloseTo([0f, 0f, 0f, 200f, 200f], 1e-6f, "loss");
        slopes.ShouldBeCloseTo([0f, 0f, 0f, 1f, -1f], 1e-6f, "gradient");
        var (_, ofTargets) = Run(y => Loss.BinaryFocalWithLogits(Tensor.FromArray(logits), y, null, gamma, LossReduction.Sum),
            Tensor.FromArray(ones));
        ofTargets.Should().OnlyContain(x => float.IsFinite(x));
    }

    [Fact]
    public void Gradients_of_a_binary_focal_loss_match_finite_differences()
    {
        Tensor x = Tensor.FromArray([0.3f, -1.2f, 2f, 0.7f]), y = Tensor.FromArray([0.2f, 0.9f, 0.5f, 0.6f]);
        foreach (var gamma in (float[])[0.5f, 1f, 2.5f])
            GradientCheck.Run(v => Loss.BinaryFocalWithLogits(v[0], v[1], 0.25f, gamma, LossReduction.None), [x, y]);
    }

    [Fact]
    public void A_divergence_has_finite_gradients_where_the_target_is_0()
    {
        var x = Tensor.FromArray([-0.5f, -2f]);
        var (_, slopes) = Run(v => Loss.KullbackLeiblerDivergence(x, v.Softmax(), reduction: LossReduction.Sum),
            Tensor.FromArray([0f, float.NegativeInfinity]));
        slopes.Should().Equal(0f, 0f);
        (_, slopes) = Run(y => Loss.KullbackLeiblerDivergence(x, y, reduction: LossReduction.Sum), Tensor.FromArray([1f, 0f]));
        slopes.Should().Equal(1.5f, 0f);
    }

    [Theory]
    [InlineData(1e10f)]
    [InlineData(1e18f)]
    [InlineData(1f)]
    public void The_cosine_of_long_vectors_is_that_of_short_ones(float length)
    {
        Tensor a = Tensor.FromSpan([length, 0f], [1, 2]), b = Tensor.FromSpan([0.6f * length, 0.8f * length], [1, 2]);
        var sign = Tensor.FromArray([1f]);
        Loss.CosineEmbedding(a, a, sign).Value.Item().Should().BeApproximately(0f, 1e-6f);
        var (values, slopes) = Run(x => Loss.CosineEmbedding(x, b, sign), a);
        values[0].Should().BeApproximately(0.4f, 1e-6f);
        (Tensor.FromArray(slopes) * length).ToArray().ShouldBeCloseTo([0f, -0.8f], 1e-5f, "gradient");
    }

    private static (float[] Values, float[] Gradient) Run(Func<Variable, Variable> loss, Tensor at)
    {
        var x = new Variable(at, requiresGradient: true);
        using var tape = new Tape();
        var result = loss(x);
        tape.Backward(result.Sum());
        return (result.Value.ToArray(), x.Gradient!.ToArray());
    }
}
