using System.Text.Json;
using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.Losses;

public class LossTests
{
    private static readonly Dictionary<string, Func<Variable, Tensor, LossReduction, Variable>> Losses = new()
    {
        ["mean squared error"] = (x, y, r) => Loss.MeanSquaredError(x, y, r),
        ["l1"] = (x, y, r) => Loss.L1(x, y, r),
        ["huber"] = (x, y, r) => Loss.Huber(x, y, 0.7f, r),
        ["binary cross-entropy"] = (x, y, r) => Loss.BinaryCrossEntropyWithLogits(x, y, r),
    };

    public static TheoryData<string, LossReduction> Cases
    {
        get
        {
            var data = new TheoryData<string, LossReduction>();
            foreach (var name in Losses.Keys)
            {
                foreach (var reduction in Enum.GetValues<LossReduction>())
                    data.Add(name, reduction);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_gradients_are_those_of_PyTorch(string name, LossReduction reduction)
    {
        var golden = Golden.Read("losses.json").GetProperty(name);
        var x = new Variable(Tensor.FromSpan(golden.GetProperty("x").Floats(), [2, 3]), requiresGradient: true);
        var y = Tensor.FromSpan(golden.GetProperty("y").Floats(), [2, 3]);
        Check(golden, x, reduction, () => Losses[name](x, y, reduction));
    }

    [Theory]
    [InlineData("cross-entropy", 0f, LossReduction.Mean)]
    [InlineData("cross-entropy", 0f, LossReduction.Sum)]
    [InlineData("cross-entropy", 0f, LossReduction.None)]
    [InlineData("cross-entropy, label smoothing", 0.1f, LossReduction.Mean)]
    [InlineData("cross-entropy, label smoothing", 0.1f, LossReduction.Sum)]
    [InlineData("cross-entropy, label smoothing", 0.1f, LossReduction.None)]
    [InlineData("cross-entropy, class weights", 0f, LossReduction.Mean)]
    [InlineData("cross-entropy, class weights", 0f, LossReduction.Sum)]
    [InlineData("cross-entropy, class weights", 0f, LossReduction.None)]
    [InlineData("cross-entropy, class weights and label smoothing", 0.1f, LossReduction.Mean)]
    [InlineData("cross-entropy, class weights and label smoothing", 0.1f, LossReduction.Sum)]
    [InlineData("cross-entropy, class weights and label smoothing", 0.1f, LossReduction.None)]
    public void Cross_entropy_and_its_gradient_are_those_of_PyTorch(string name, float smoothing, LossReduction reduction)
    {
        var golden = Golden.Read("losses.json").GetProperty(name);
        var x = new Variable(Tensor.FromSpan(golden.GetProperty("x").Floats(), [4, 5]), requiresGradient: true);
        using var y = IndexTensor.FromSpan(golden.GetProperty("y").Integers(), [4]);
        var weights = golden.TryGetProperty("weight", out var w) ? Tensor.FromSpan(w.Floats(), [5]) : null;
        Check(golden, x, reduction,
            () => Loss.CrossEntropy(x, y, reduction, labelSmoothing: smoothing, classWeights: weights));
    }

    public static TheoryData<string, LossReduction> FurtherCases
    {
        get
        {
            var data = new TheoryData<string, LossReduction>();
            foreach (var name in Further.Keys)
            {
                foreach (var reduction in Enum.GetValues<LossReduction>())
                    data.Add(name, reduction);
            }

            return data;
        }
    }

    private static readonly Tensor Signs = Tensor.FromArray([1f, -1f, 1f, -1f]);

    private static readonly Dictionary<string, Func<Variable, JsonElement, Tensor?, LossReduction, Variable>> Further = new()
    {
        ["negative log-likelihood"] = (x, y, w, r) =>
            Loss.NegativeLogLikelihood(x, IndexTensor.FromArray(y.Integers()), r, classWeights: w),
        ["Kullback-Leibler"] = (x, y, _, r) => Loss.KullbackLeiblerDivergence(x, Matrix(y), reduction: r),
        ["Kullback-Leibler, log target"] = (x, y, _, r) => Loss.KullbackLeiblerDivergence(x, Matrix(y), true, r),
        ["soft cross-entropy"] = (x, y, _, r) => Loss.CrossEntropy(x, Matrix(y), r),
        ["soft cross-entropy, class weights and label smoothing"] = (x, y, w, r) => Loss.CrossEntropy(x, Matrix(y), r, 0.1f, w),
        ["smooth l1"] = (x, y, _, r) => Loss.SmoothL1(x, Matrix(y), 0.7f, r),
        ["binary focal"] = (x, y, _, r) => Loss.BinaryFocalWithLogits(x, Matrix(y), reduction: r),
        ["cosine embedding"] = (x, y, _, r) => Loss.CosineEmbedding(x, Matrix(y), Signs, -0.5f, r),
        ["triplet"] = (x, y, _, r) =>
            Loss.Triplet(x, Matrix(y), Tensor.Stack([.. Enumerable.Range(0, 4).Select(i => Matrix(y).Select(0, 3 - i))]) * 1.5f,
                0.7f, r),
        ["margin ranking"] = (x, y, _, r) => Loss.MarginRanking(x, Matrix(y), Signs.Reshape(4, 1), 0.3f, r),
    };

    private static Tensor Matrix(JsonElement values) => Tensor.FromSpan(values.Floats(), [4, 5]);

    [Theory]
    [MemberData(nameof(FurtherCases))]
    public void Further_losses_and_their_gradients_are_those_of_PyTorch(string name, LossReduction reduction)
    {
        var golden = Golden.Read("losses.json").GetProperty(name);
        var x = new Variable(Matrix(golden.GetProperty("x")), requiresGradient: true);
        var weights = golden.TryGetProperty("weight", out var w) ? Tensor.FromSpan(w.Floats(), [5]) : null;
        Check(golden, x, reduction, () => Further[name](x, golden.GetProperty("y"), weights, reduction));
    }

    [Fact]
    public void Focal_loss_is_its_formula_and_without_exponent_the_cross_entropy()
    {
        var logits = Tensor.FromSpan([0.3f, -1.2f, 2f, 5f, 0.9f, 0.2f, -3f, 1f, 20f], [3, 3]);
        using var targets = IndexTensor.FromArray([2, -100, 1]);
        var weights = Tensor.FromArray([1f, 2f, 0.5f]);
        Loss.Focal(logits, targets, 0f).Value.Item().Should()
            .BeApproximately(Loss.CrossEntropy(logits, targets).Value.Item(), 1e-6f);
        var x = logits.LogSoftmax().ToArray();
        double[] expected = [Focal(x[2]) * 0.5, 0, Focal(x[7]) * 2];
        var losses = Loss.Focal(logits, targets, 2f, LossReduction.None, classWeights: weights).Value.ToArray();
        for (var i = 0; i < 3; i++)
            losses[i].Should().BeApproximately((float)expected[i], 1e-6f * (1 + (float)expected[i]));
        Loss.Focal(logits, targets, 2f, classWeights: weights).Value.Item().Should()
            .BeApproximately((float)(expected.Sum() / 2), 1e-5f);
        GradientCheck.Run(v => Loss.Focal(v[0], targets, 1.5f, LossReduction.None, classWeights: weights), [logits / 5f]);
        GradientCheck.Run(v => Loss.BinaryFocalWithLogits(v[0], Tensor.FromArray([0f, 1f, 1f]), null, 1.5f, LossReduction.None),
            [Tensor.FromArray([0.3f, -1.2f, 2f])]);

        static double Focal(double x) => -Math.Pow(1 - Math.Exp(x), 2) * x;
    }

    [Fact]
    public void Targets_that_are_no_classes_and_means_over_nothing_are_refused()
    {
        var x = Tensor.Zeros([2, 3]).LogSoftmax();
        FluentActions.Invoking(() => Loss.NegativeLogLikelihood(x, IndexTensor.FromArray([0, 3]))).Should()
            .Throw<ArgumentException>()
            .WithMessage("NegativeLogLikelihood: the target of row 1 is 3; expected a class in [0, 3) or*");
        FluentActions.Invoking(() => Loss.NegativeLogLikelihood(x, IndexTensor.FromArray([-100, -100]))).Should()
            .Throw<ArgumentException>().WithMessage("NegativeLogLikelihood: the mean is over no elements*");
        FluentActions.Invoking(() => Loss.Focal(x, IndexTensor.FromArray([-100, -100]))).Should()
            .Throw<ArgumentException>().WithMessage("Focal: the mean is over no elements*");
        FluentActions.Invoking(() => Loss.NegativeLogLikelihood(x, IndexTensor.Arange(3))).Should().Throw<ShapeException>()
            .WithMessage("NegativeLogLikelihood: targets should have shape (...) = (2,)*");
        FluentActions.Invoking(() => Loss.CrossEntropy(x, Tensor.Zeros([3]))).Should().Throw<ShapeException>();
        FluentActions.Invoking(() => Loss.Triplet(x, x, Tensor.Zeros([3]))).Should().Throw<ShapeException>();
        FluentActions.Invoking(() => Loss.CosineEmbedding(x, x, Tensor.Zeros([3]))).Should().Throw<ShapeException>();
    }

    [Fact]
    public void A_divergence_of_certain_targets_is_finite()
    {
        var x = Tensor.FromArray([-0.5f, -2f]);
        Loss.KullbackLeiblerDivergence(x, Tensor.FromArray([0f, 1f]), reduction: LossReduction.None).Value.ToArray()
            .Should().Equal(0f, 2f);
        Loss.KullbackLeiblerDivergence(x, Tensor.FromArray([float.NegativeInfinity, 0f]), true, LossReduction.None)
            .Value.ToArray().Should().Equal(0f, 2f);
        GradientCheck.Run(v => Loss.KullbackLeiblerDivergence(v[0], v[1]), [x, Tensor.FromArray([0.3f, 0.6f])]);
        GradientCheck.Run(v => Loss.KullbackLeiblerDivergence(v[0], v[1], true), [x, Tensor.FromArray([-0.3f, -1.6f])]);
    }

    [Fact]
    public void Gradients_reach_the_target_too()
    {
        Tensor[] inputs = [Tensor.FromSpan([0.3f, -1.2f, 2f], [3]), Tensor.FromSpan([0.9f, 0.2f, 0.4f], [3])];
        GradientCheck.Run(v => Loss.MeanSquaredError(v[0], v[1]), inputs);
        GradientCheck.Run(v => Loss.BinaryCrossEntropyWithLogits(v[0], v[1], LossReduction.None), inputs);
        GradientCheck.Run(v => Loss.L1(v[0], v[1], LossReduction.Sum), inputs);
        GradientCheck.Run(v => Loss.Huber(v[0], v[1], 4f), inputs);
        GradientCheck.Run(v => Loss.Huber(v[0], v[1], 0.25f), inputs);
    }

    [Fact]
    public void The_slope_of_an_absolute_value_at_NaN_is_0_whatever_its_sign()
    {
        using var tape = new Tape();
        var x = new Variable(Tensor.FromArray([float.NaN, -float.NaN, -2f]), requiresGradient: true);
        tape.Backward(Loss.L1(x, Tensor.Zeros([3]), LossReduction.Sum) + x.Abs().Sum());
        x.Gradient!.ToArray().Should().Equal(0f, 0f, -2f);
    }

    [Fact]
    public void A_target_is_never_broadcast()
    {
        var prediction = new Variable(Tensor.Zeros([4, 3]));
        foreach (var (_, loss) in Losses)
        {
            ((Action)(() => loss(prediction, Tensor.Zeros([3]), LossReduction.Mean))).Should().Throw<ShapeException>()
                .WithMessage("*: target should have shape (4,"
                    + " 3) because that is the prediction's shape and a target is never broadcast; got (3,). Hint:*");
        }
    }

    [Fact]
    public void Binary_cross_entropy_keeps_its_digits_far_out()
    {
        var losses = Loss.BinaryCrossEntropyWithLogits(Tensor.FromSpan([30f, -30f, 1000f, -1000f], [4]),
            Tensor.FromSpan([1f, 0f, 0f, 1f], [4]), LossReduction.None).Value.ToArray();
        losses[0].Should().BeApproximately(9.3576e-14f, 1e-18f);
        losses[1].Should().BeApproximately(9.3576e-14f, 1e-18f);
        losses[2].Should().Be(1000f);
        losses[3].Should().Be(1000f);
    }

    [Fact]
    public void Weights_multiply_and_divide_the_mean_and_leave_out_what_has_weight_0()
    {
        Tensor x = Tensor.FromSpan([0.3f, -1.2f, float.NaN, 2f], [2, 2]), y = Tensor.FromSpan([0.9f, 0.2f, 0.4f,
            float.PositiveInfinity], [2, 2]), weights = Tensor.FromSpan([3f, 0f], [2, 1]);
        foreach (var (name, (weigh, plain)) in Weighted)
        {
            var input = new Variable(x, requiresGradient: true);
            using var tape = new Tape();
            var mean = weigh(input, y, LossReduction.Mean, weights);
            var expected = plain(x.Slice(0, 0, 1).Contiguous(), y.Slice(0, 0, 1).Contiguous(), LossReduction.Mean).Value.Item();
            mean.Value.Item().Should().BeApproximately(expected, 1e-6f, name);
            weigh(x, y, LossReduction.Sum, weights).Value.Item().Should().BeApproximately(6f * expected, 1e-5f, name);
            weigh(x, y, LossReduction.None, weights).Value.ToArray()[2..].Should().Equal(0f, 0f);
            tape.Backward(mean);
            input.Gradient!.IsFinite().Should().BeTrue(name);
            input.Gradient.ToArray()[2..].Should().Equal(0f, 0f);
            ((Action)(() => weigh(x, y, LossReduction.Mean, Tensor.Zeros([2, 1])))).Should().Throw<ArgumentException>()
                .WithMessage("*: the mean is over no elements, because the weights add up to 0. Skip such a batch*");
            ((Action)(() => weigh(x, y, LossReduction.Mean, Tensor.Zeros([3, 1, 1])))).Should().Throw<ShapeException>()
                .WithMessage("*: weights should have shape that broadcasts to the prediction's (2, 2)*");
        }

        GradientCheck.Run(v => Loss.Huber(v[0], v[1], 0.25f, weights: Tensor.FromSpan([2f, 0.5f, 1f], [3])),
            [Tensor.FromSpan([0.3f, -1.2f, 2f], [3]), Tensor.FromSpan([0.9f, 0.2f, 0.4f], [3])]);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-1f)]
    [InlineData(float.PositiveInfinity)]
    public void Weights_that_give_no_mean_are_named(float weight)
    {
        Tensor x = Tensor.Ones([2, 2]), weights = Tensor.FromSpan([weight, 0.5f], [2]);
        foreach (var (name, (weigh, _)) in Weighted)
        {
            FluentActions.Invoking(() => weigh(x, x, LossReduction.Mean, weights)).Should().Throw<ArgumentException>(name)
                .WithMessage($"*: there is no mean, because the weights add up to {2 * (weight + 0.5f)}. Look for NaN,*");
        }

        using var targets = IndexTensor.FromSpan([0, 1], [2]);
        const string Message = "CrossEntropy: there is no mean, because the weights of the tokens that count do not add up to a"
            + " finite number above 0. Look for NaN, infinite or negative numbers in tokenWeights and classWeights*";
        FluentActions.Invoking(() => Loss.CrossEntropy(x, targets, tokenWeights: weights)).Should().Throw<ArgumentException>()
            .WithMessage(Message);
        FluentActions.Invoking(() => Loss.CrossEntropy(x, targets, classWeights: weights)).Should().Throw<ArgumentException>()
            .WithMessage(Message);
    }

    [Fact]
    public void A_mean_over_no_element_is_an_error_and_a_sum_is_0()
    {
        var nothing = new Variable(Tensor.Zeros([0, 3]));
        foreach (var (name, loss) in Losses)
        {
            FluentActions.Invoking(() => loss(nothing, nothing.Value, LossReduction.Mean)).Should().Throw<ArgumentException>(name)
                .WithMessage("*: the mean is over no elements, because the prediction has shape (0, 3). Skip such a batch*");
            loss(nothing, nothing.Value, LossReduction.Sum).Value.Item().Should().Be(0f, name);
        }
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(1.5f)]
    [InlineData(float.NaN)]
    public void Binary_cross_entropy_refuses_targets_outside_0_and_1_that_count(float target)
    {
        Tensor x = Tensor.Ones([2]), y = Tensor.FromSpan([1f, target], [2]);
        foreach (var reduction in Enum.GetValues<LossReduction>())
        {
            FluentActions.Invoking(() => Loss.BinaryCrossEntropyWithLogits(x, y, reduction)).Should().Throw<ArgumentException>()
                .WithMessage("BinaryCrossEntropyWithLogits: targets should be in [0, 1]; they range from *");
        }

        Loss.BinaryCrossEntropyWithLogits(x, y, weights: Tensor.FromSpan([1f, 0f], [2])).Value.IsFinite().Should().BeTrue();
    }

    [Fact]
    public void Cross_entropy_leaves_out_what_is_ignored_or_has_weight_0()
    {
        var logits = new Variable(Tensor.FromSpan([1f, 2f, float.NaN, 0f, float.PositiveInfinity, 1f], [3, 2]),
            requiresGradient: true);
        using var targets = IndexTensor.FromSpan([0, -100, 1], [3]);
        using var only = IndexTensor.FromSpan([0], [1]);
        using var tape = new Tape();
        var loss = Loss.CrossEntropy(logits, targets, tokenWeights: Tensor.FromSpan([0.5f, 1f, 0f], [3]), labelSmoothing: 0.1f);
        loss.Value.Item().Should().BeApproximately(
            Loss.CrossEntropy(Tensor.FromSpan([1f, 2f], [1, 2]), only, labelSmoothing: 0.1f).Value.Item(), 1e-6f);
        tape.Backward(loss);
        logits.Gradient!.ToArray()[2..].Should().Equal(0f, 0f, 0f, 0f);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cross_entropy_leaves_out_classes_of_weight_0(bool inRows)
    {
        var logits = new Variable(Tensor.FromSpan([1f, 2f, 3f, float.NaN, 0f, 1f], [2, 3]), requiresGradient: true);
        using IndexTensor targets = IndexTensor.FromSpan([0, 2], [2]), only = IndexTensor.FromSpan([0], [1]);
        using var tape = new Tape();
        var reduction = inRows ? LossReduction.None : LossReduction.Mean;
        var loss = Loss.CrossEntropy(logits, targets, reduction: reduction, classWeights: Tensor.FromSpan([2f, 1f, 0f], [3]));
        if (inRows)
            loss = loss.Slice(0, 0, 1) * 0.5f + loss.Slice(0, 1, 1);
        loss.Sum().Value.Item().Should().BeApproximately(
            Loss.CrossEntropy(Tensor.FromSpan([1f, 2f, 3f], [1, 3]), only).Value.Item(), 1e-6f);
        tape.Backward(loss.Sum());
        logits.Gradient!.ToArray()[..3].Should().AllSatisfy(x => Math.Abs(x).Should().BePositive());
        logits.Gradient.ToArray()[3..].Should().Equal(0f, 0f, 0f);
    }

    private static Dictionary<string, (Func<Variable, Variable, LossReduction, Tensor, Variable> Weigh,
        Func<Variable, Variable, LossReduction, Variable> Plain)> Weighted => new()
        {
            ["mean squared error"] = ((x, y, r, w) => Loss.MeanSquaredError(x, y, r, w), (x, y, r) =>
                Loss.MeanSquaredError(x, y, r)),
            ["l1"] = ((x, y, r, w) => Loss.L1(x, y, r, w), (x, y, r) => Loss.L1(x, y, r)),
            ["huber"] = ((x, y, r, w) => Loss.Huber(x, y, 0.7f, r, w), (x, y, r) => Loss.Huber(x, y, 0.7f, r)),
            ["binary cross-entropy"] = ((x, y, r, w) => Loss.BinaryCrossEntropyWithLogits(x, y, r, w), (x, y, r) =>
                Loss.BinaryCrossEntropyWithLogits(x, y, r)),
        };

    private static void Check(JsonElement golden, Variable x, LossReduction reduction, Func<Variable> loss)
    {
        var expected = golden.GetProperty(reduction.ToString().ToLowerInvariant());
        using var tape = new Tape();
        var value = loss();
        value.Value.ToArray().ShouldBeCloseTo(expected.GetProperty("loss").Floats(), 1e-6f, "loss");
        tape.Backward(reduction == LossReduction.None ? value.Sum() : value);
        x.Gradient!.ToArray().ShouldBeCloseTo(expected.GetProperty("gradient").Floats(), 1e-6f, "gradient");
    }
}
