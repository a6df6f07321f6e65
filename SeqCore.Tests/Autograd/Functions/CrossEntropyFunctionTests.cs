using SeqCore.Autograd;
using SeqCore.Autograd.Functions;
using SeqCore.Tensors;

namespace SeqCore.Tests.Autograd.Functions;

public class CrossEntropyFunctionTests
{
    private const int Classes = 5;
    private static readonly Tensor Logits = Samples.Uniform(1, -2, 2, 2, 3, Classes);
    private static readonly int[] Classed = [4, 0, -100, 2, 2, 1];
    private static readonly IndexTensor Targets = IndexTensor.FromSpan(Classed, new Shape(2, 3));
    private static readonly float[] TokenWeights = [1f, 0.5f, 3f, 2f, 0f, 0.25f];
    private static readonly GradientCheckOptions Tight = new() { RelativeTolerance = 2e-5, AbsoluteTolerance = 2e-6 };

    private static double[] Definition(double[] logits, LossReduction reduction, double smoothing, float[]? weights)
    {
        var losses = logits.Chunk(Classes).Select((x, r) =>
        {
            if (Classed[r] < 0)
                return 0.0;
            var logSumExp = Math.Log(x.Sum(Math.Exp));
            return (weights?[r] ?? 1) * ((1 - smoothing) * (logSumExp - x[Classed[r]]) + smoothing * (logSumExp - x.Average()));
        }).ToArray();
        var count = Classed.Select((c, r) => c < 0 ? 0 : weights?[r] ?? 1).Sum();
        return reduction switch
        {
            LossReduction.None => losses,
            LossReduction.Sum => [losses.Sum()],
            _ => [losses.Sum() / count],
        };
    }

    public static TheoryData<LossReduction, float, bool> Options
    {
        get
        {
            var data = new TheoryData<LossReduction, float, bool>();
            foreach (var reduction in Enum.GetValues<LossReduction>())
            {
                foreach (var smoothing in (float[])[0f, 0.125f])
                {
                    data.Add(reduction, smoothing, false);
                    data.Add(reduction, smoothing, true);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Loss_and_gradient_match_the_definition_in_double(LossReduction reduction, float smoothing, bool weighted)
    {
        var weights = weighted ? TokenWeights : null;
        var tensor = weighted ? Tensor.FromSpan(TokenWeights, new Shape(2, 3)) : null;
        GradientCheck.Run(x => x[0].CrossEntropy(Targets, reduction, labelSmoothing: smoothing, weights: tensor),
            x => Definition(x[0], reduction, smoothing, weights), [Logits], Tight);
    }

    [Theory]
    [InlineData(LossReduction.Mean)]
    [InlineData(LossReduction.Sum)]
    [InlineData(LossReduction.None)]
    public void The_loss_is_the_same_with_and_without_a_tape(LossReduction reduction)
    {
        var logits = new Variable(Logits, requiresGradient: true);
        var without = logits.CrossEntropy(Targets, reduction).Value.ToArray();
        using var tape = new Tape();
        logits.CrossEntropy(Targets, reduction).Value.ToArray().Should().Equal(without);
    }

    [Fact]
    public void A_mean_over_nothing_is_an_error_and_a_sum_is_zero()
    {
        var ignored = IndexTensor.FromSpan([7, 7, 7, 7, 7, 7], new Shape(2, 3));
        Variable logits = Logits;
        logits.Invoking(x => x.CrossEntropy(ignored, ignoreIndex: 7)).Should().Throw<ArgumentException>().WithMessage("CrossEntropy: the mean is over no token*7*");
        logits.CrossEntropy(ignored, LossReduction.Sum, ignoreIndex: 7).Value.ToArray().Should().Equal(0f);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Variable logits = Logits;
        logits.Invoking(x => x.CrossEntropy(IndexTensor.FromSpan([1, 2], new Shape(2)))).Should().Throw<ShapeException>()
            .WithMessage("CrossEntropy: targets should have shape (...) = (2, 3) because logits (..., V) is (2, 3, 5); got (2,).");
        logits.Invoking(x => x.CrossEntropy(Targets, weights: Samples.Of(1, 6))).Should().Throw<ShapeException>().WithMessage("CrossEntropy: weights*(2, 3)*(6,)*");
        logits.Invoking(x => x.CrossEntropy(Targets, labelSmoothing: 1f)).Should().Throw<ArgumentException>().WithMessage("*[0, 1)*");
        logits.Invoking(x => x.CrossEntropy(IndexTensor.FromSpan([0, 1, 5, 0, 1, 2], new Shape(2, 3)))).Should().Throw<ArgumentException>().WithMessage("*5*");
    }
}
