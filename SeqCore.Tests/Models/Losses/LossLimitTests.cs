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

    [Fact]
    public void A_target_that_is_no_class_is_reported_by_the_loss()
    {
        var x = Tensor.Zeros([2, 3]).LogSoftmax();
        using var targets = IndexTensor.FromArray([0, 3]);
        FluentActions.Invoking(() => Loss.NegativeLogLikelihood(x, targets)).Should().Throw<ArgumentException>()
            .WithMessage("NegativeLogLikelihood: the target of row 1 is 3; expected a class in [0, 3) or the*")
            .WithParameterName("targets");
        FluentActions.Invoking(() => Loss.Focal(x, targets)).Should().Throw<ArgumentException>()
            .WithMessage("Focal: the target of row 1 is 3; expected a class in [0, 3) or the ignored index -100.*");
        FluentActions.Invoking(() => Loss.Focal(x, IndexTensor.FromArray([-1, 0]))).Should().Throw<ArgumentException>()
            .WithMessage("Focal: the target of row 0 is -1; *");
        FluentActions.Invoking(() => Loss.NegativeLogLikelihood(x, IndexTensor.FromArray([-100, -100]))).Should()
            .Throw<ArgumentException>().WithMessage("*because every target is ignored*").WithParameterName("targets");
        FluentActions.Invoking(() => Loss.BinaryFocalWithLogits(x, Tensor.Full([2, 3], 2f))).Should().Throw<ArgumentException>()
            .WithMessage("BinaryFocalWithLogits: targets should be in [0, 1]; they range from 2 to 2.*");
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.5f)]
    [InlineData(-2f)]
    [InlineData(float.NaN)]
    public void A_sign_is_1_or_minus_1(float sign)
    {
        Tensor x = Tensor.Ones([2, 3]), signs = Tensor.FromArray([-1f, sign]);
        var message = FormattableString.Invariant($"*: signs should be 1 or -1; one is {sign}. Hint:*");
        FluentActions.Invoking(() => Loss.CosineEmbedding(x, x, signs)).Should().Throw<ArgumentException>()
            .WithMessage(message).WithParameterName("signs");
        FluentActions.Invoking(() => Loss.MarginRanking(x, x, signs.Reshape(2, 1))).Should().Throw<ArgumentException>()
            .WithMessage(message).WithParameterName("signs");
        Tensor none = Tensor.Zeros([0, 3]), noSigns = Tensor.Zeros([0]);
        Loss.CosineEmbedding(none, none, noSigns, reduction: LossReduction.Sum).Value.Item().Should().Be(0f);
    }

    [Fact]
    public void A_mean_that_does_not_exist_is_told_with_its_cause()
    {
        Tensor x = Tensor.Zeros([2, 3]), cancelling = Tensor.FromArray([-1f, 0f, 1f]);
        using IndexTensor ends = IndexTensor.FromArray([0, 2]), ignored = IndexTensor.FromArray([-100, -100]),
            middle = IndexTensor.FromArray([1, 1]), none = IndexTensor.FromSpan([], [0]);
        const string Zero = "CrossEntropy: there is no mean, because the weights of the targets add up to 0: every target is the"
            + " ignored index -100 or has weight 0, or negative weights cancel the others.*";
        (Func<Variable> Loss, string Message)[] cases =
        [
            (() => Loss.CrossEntropy(x, ends, classWeights: cancelling), Zero),
            (() => Loss.CrossEntropy(x, middle, classWeights: cancelling), Zero),
            (() => Loss.CrossEntropy(x, ends, tokenWeights: Tensor.FromArray([2f, -2f])), Zero),
            (() => Loss.CrossEntropy(x, ignored), "CrossEntropy: there is no mean, because every target is the ignored index"
                + " -100. Leave*"),
            (() => Loss.CrossEntropy(Tensor.Zeros([0, 3]), none), "CrossEntropy: there is no mean, because there are no"
                + " targets. Leave an empty batch out*"),
            (() => Loss.NegativeLogLikelihood(x, ends, classWeights: cancelling), "*: there is no mean, because the weights add"
                + " up to 0. Look for NaN, infinity or negative numbers among them*"),
            (() => Loss.NegativeLogLikelihood(x, middle, classWeights: cancelling), "*: the mean is over no elements, because"
                + " every target is ignored or has weight 0.*"),
            (() => Loss.NegativeLogLikelihood(Tensor.Zeros([0, 3]), none), "*: the mean is over no elements, because there are no"
                + " targets.*"),
            (() => Loss.L1(x, x, weights: cancelling), "L1: there is no mean, because the weights add up to 0. Look for*"),
        ];
        foreach (var (loss, message) in cases)
            loss.Should().Throw<ArgumentException>().WithMessage(message);
        Loss.CrossEntropy(x, ends, LossReduction.Sum, classWeights: cancelling).Value.Item().Should().BeApproximately(0f, 1e-6f);
    }

    [Fact]
    public void An_error_names_the_parameter_that_does_not_fit()
    {
        Variable x = Tensor.Zeros([2, 3]), row = Tensor.Zeros([3]), scalar = Tensor.Zeros(Shape.Scalar);
        var sign = Tensor.Ones([2]);
        using var targets = IndexTensor.FromArray([0, 1]);
        (Func<Variable> Loss, string Message)[] cases =
        [
            (() => Loss.NegativeLogLikelihood(scalar, targets), "NegativeLogLikelihood: logProbabilities should have*"),
            (() => Loss.NegativeLogLikelihood(x, targets, classWeights: sign), "*because logProbabilities (..., V) is (2, 3)*"),
            (() => Loss.Focal(scalar, targets), "Focal: logits should have shape (..., V)*"),
            (() => Loss.CrossEntropy(x, row), "CrossEntropy: probabilities should have shape (2, 3) because that is the shape"
                + " of logits and nothing is broadcast here; got (3,)*"),
            (() => Loss.CosineEmbedding(x, row, sign), "CosineEmbedding: b should have shape (2, 3)*the shape of a *"),
            (() => Loss.MarginRanking(x, row, sign), "MarginRanking: b should have shape (2, 3)*the shape of a *"),
            (() => Loss.MarginRanking(row, row, Tensor.Ones([2, 1])), "MarginRanking: signs should have shape that broadcasts*"),
            (() => Loss.Triplet(x, row, x), "Triplet: positive should have shape (2, 3)*the shape of anchor *"),
            (() => Loss.Triplet(x, x, row), "Triplet: negative should have shape (2, 3)*the shape of anchor *"),
            (() => Loss.Triplet(scalar, x, row), "Triplet: anchor should have shape (..., D)*"),
        ];
        foreach (var (loss, message) in cases)
            loss.Should().Throw<ShapeException>().WithMessage(message);
        FluentActions.Invoking(() => Loss.Triplet(x, x, null!)).Should().Throw<ArgumentNullException>()
            .WithParameterName("negative");
        FluentActions.Invoking(() => Loss.KullbackLeiblerDivergence(null!, x)).Should().Throw<ArgumentNullException>()
            .WithParameterName("logProbabilities");
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
