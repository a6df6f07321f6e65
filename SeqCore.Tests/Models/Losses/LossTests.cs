using System.Text.Json;
using SeqCore.Functions;
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
    public void Cross_entropy_and_its_gradient_are_those_of_PyTorch(string name, float smoothing, LossReduction reduction)
    {
        var golden = Golden.Read("losses.json").GetProperty(name);
        var x = new Variable(Tensor.FromSpan(golden.GetProperty("x").Floats(), [4, 5]), requiresGradient: true);
        using var y = IndexTensor.FromSpan(golden.GetProperty("y").Integers(), [4]);
        Check(golden, x, reduction, () => Loss.CrossEntropy(x, y, reduction, labelSmoothing: smoothing));
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
