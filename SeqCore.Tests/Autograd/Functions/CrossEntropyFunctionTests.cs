using SeqCore.Kernels;

namespace SeqCore.Tests.Autograd.Functions;

public class CrossEntropyFunctionTests
{
    private const int Classes = 5;
    private readonly Tensor logitValues = Samples.Uniform(1, -2, 2, 2, 3, Classes);
    private static readonly int[] Classed = [4, 0, -100, 2, 2, 1];
    private readonly IndexTensor targets = IndexTensor.FromSpan(Classed, new Shape(2, 3));
    private static readonly float[] TokenWeights = [1f, 0.5f, 3f, 2f, 0f, 0.25f];
    private static readonly GradientCheckOptions Tight = new() { RelativeTolerance = 2e-5, AbsoluteTolerance = 2e-6 };

    private static readonly float[] ClassWeights = [0.5f, 2f, 0.75f, 0f, 3f];

    private static double[] Losses(double[] logits, LossReduction reduction, float smoothing, float[]? weights,
        float[]? classWeights)
    {
        var ofClasses = classWeights is null ? null : Array.ConvertAll(classWeights, w => (double)w);
        var losses = logits.Chunk(Classes).Select((x, r) => Definition.CrossEntropy(x, Classed[r],
            new CrossEntropyOptions(LabelSmoothing: smoothing), weights?[r] ?? 1, ofClasses).Loss).ToArray();
        var count = Classed.Select((c, r) => c < 0 ? 0 : (weights?[r] ?? 1) * (ofClasses?[c] ?? 1)).Sum();
        return reduction switch
        {
            LossReduction.None => losses,
            LossReduction.Sum => [losses.Sum()],
            _ => [losses.Sum() / count],
        };
    }

    public static TheoryData<LossReduction, float, bool, bool> Options
    {
        get
        {
            var data = new TheoryData<LossReduction, float, bool, bool>();
            foreach (var reduction in Enum.GetValues<LossReduction>())
            {
                foreach (var smoothing in (float[])[0f, 0.125f])
                {
                    foreach (var byClass in (bool[])[false, true])
                    {
                        data.Add(reduction, smoothing, false, byClass);
                        data.Add(reduction, smoothing, true, byClass);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Loss_and_gradient_match_the_definition_in_double(LossReduction reduction, float smoothing, bool weighted,
        bool byClass)
    {
        var weights = weighted ? TokenWeights : null;
        var tensor = weighted ? Tensor.FromSpan(TokenWeights, new Shape(2, 3)) : null;
        var classWeights = byClass ? ClassWeights : null;
        var classTensor = byClass ? Tensor.FromSpan(ClassWeights, new Shape(Classes)) : null;
        GradientCheck.Run(x => x[0].CrossEntropy(targets, reduction, labelSmoothing: smoothing, tokenWeights: tensor,
            classWeights: classTensor), x => Losses(x[0], reduction, smoothing, weights, classWeights), [logitValues], Tight);
    }

    /// <summary>Numbers that Goldens/cross_entropy.py printed.</summary>
    public static TheoryData<LossReduction, int, float, float[], float[]> Goldens => new()
    {
        { LossReduction.Mean, -100, 0f, [1.580948f],
          [0.175828487f, 0.0237957947f, -0.1996243f, 0.0285487995f, -0.0390513241f, 0.0105025163f, -0.227750659f, 0.0997145921f,
              0.128036082f, 0.218900144f, -0.220375091f, 0.00147493742f] },
        { LossReduction.Mean, 1, 0f, [2.0105505f],
          [0.351656973f, 0.0475915894f, -0.3992486f, 0f, 0f, 0f, -0.455501318f, 0.199429184f, 0.256072164f, 0f, 0f, 0f] },
        { LossReduction.Sum, -100, 0.2f, [6.47379255f],
          [0.636647284f, 0.0285165086f, -0.665163875f, 0.0475285277f, -0.0228719711f, -0.024656605f, -0.777669311f, 0.332191706f,
              0.445477664f, 0.808933914f, -0.748167038f, -0.0607669204f] },
        { LossReduction.Mean, 0, 0.1f, [1.36265874f],
          [0.223326862f, 0.0206166133f, -0.243943498f, 0.0269539524f, -0.0298462082f, 0.00289224274f, 0f, 0f, 0f, 0.280755728f,
              -0.271611214f, -0.00914452784f] },
        { LossReduction.None, 0, 0.1f, [1.58528531f, 0.336512715f, 0f, 2.16617846f],
          [0.669980586f, 0.0618498437f, -0.731830537f, 0.0808618665f, -0.0895386338f, 0.0086767301f, 0f, 0f, 0f, 0.842267215f,
              -0.814833641f, -0.0274335854f] },
    };

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Loss_and_gradient_are_those_of_PyTorch(LossReduction reduction, int ignoreIndex, float smoothing,
        float[] loss, float[] gradient)
    {
        var logits = new Variable(Tensor.FromSpan([1.5f, -0.5f, 0.25f, 0f, 2f, -1f, -1f, 0.5f, 0.75f, 3f, 1f, -2f],
            new Shape(4, 3)), requiresGradient: true);
        using var tape = new Tape();
        var result = logits.CrossEntropy(IndexTensor.FromSpan([2, 1, 0, 1], new Shape(4)), reduction, ignoreIndex, smoothing);
        tape.Backward(result.Sum());
        result.Value.ToArray().Zip(loss).Should().AllSatisfy(p => p.First.Should().BeApproximately(p.Second, 1e-6f));
        logits.Gradient!.ToArray().Zip(gradient).Should().AllSatisfy(p => p.First.Should().BeApproximately(p.Second, 1e-6f));
    }

    [Theory]
    [InlineData(LossReduction.Mean)]
    [InlineData(LossReduction.Sum)]
    [InlineData(LossReduction.None)]
    public void The_loss_is_the_same_with_and_without_a_tape(LossReduction reduction)
    {
        var logits = new Variable(logitValues, requiresGradient: true);
        var without = logits.CrossEntropy(targets, reduction).Value.ToArray();
        using var tape = new Tape();
        logits.CrossEntropy(targets, reduction).Value.ToArray().Should().Equal(without);
    }

    [Fact]
    public void A_mean_over_nothing_is_an_error_and_a_sum_is_zero()
    {
        var ignored = IndexTensor.FromSpan([7, 7, 7, 7, 7, 7], new Shape(2, 3));
        Variable logits = logitValues;
        logits.Invoking(x => x.CrossEntropy(ignored, ignoreIndex: 7).Value.Item())
            .Should().Throw<ArgumentException>().WithMessage("CrossEntropy: there is no mean*7*");
        logits.CrossEntropy(ignored, LossReduction.Sum, ignoreIndex: 7).Value.ToArray().Should().Equal(0f);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Variable logits = logitValues;
        logits.Invoking(x => x.CrossEntropy(IndexTensor.FromSpan([1, 2], new Shape(2)))).Should().Throw<ShapeException>()
            .WithMessage("CrossEntropy: targets should have shape (...) = (2, 3) because logits (..., V) is (2, 3, 5);"
                + " got (2,).");
        logits.Invoking(x => x.CrossEntropy(IndexTensor.FromArray(new int[2, 5]))).Should().Throw<ShapeException>()
            .WithMessage("*got (2, 5). Hint: the classes are the last axis here, not axis 1:*");
        logits.Invoking(x => x.CrossEntropy(targets, tokenWeights: Samples.Of(1, 6)))
            .Should().Throw<ShapeException>().WithMessage("CrossEntropy: tokenWeights*(2, 3)*(6,)*");
        logits.Invoking(x => x.CrossEntropy(targets, tokenWeights: Samples.Of(1, Classes))).Should().Throw<ShapeException>()
            .WithMessage("CrossEntropy: tokenWeights*(2, 3)*(5,)* Hint: pass weights of classes as classWeights*");
        logits.Invoking(x => x.CrossEntropy(targets, classWeights: Samples.Of(1, 2, 3))).Should().Throw<ShapeException>()
            .WithMessage("CrossEntropy: classWeights*(V,) = (5,)*(2, 3)* Hint: pass weights of tokens as tokenWeights*");
        logits.Invoking(x => x.CrossEntropy(targets, labelSmoothing: 1f))
            .Should().Throw<ArgumentException>().WithMessage("*[0, 1)*");
        logits.Invoking(x => x.CrossEntropy(IndexTensor.FromSpan([0, 1, 5, 0, 1, 2], new Shape(2, 3))).Value.Item())
            .Should().Throw<ArgumentException>().WithMessage("*5*");
    }
}
