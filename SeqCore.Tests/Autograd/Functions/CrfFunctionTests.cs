using SeqCore.Kernels;

namespace SeqCore.Tests.Autograd.Functions;

public class CrfFunctionTests
{
    private static readonly int[,] Targets = { { 0, 2, 1, 1 }, { 3, 0, -100, -100 }, { 0, 0, 0, 0 } };

    private static readonly int[] Ends = [4, 2, 0];

    private static Tensor[] Inputs => [Samples.Of(1, 3, 4, 4), Samples.Of(2, 4, 4), Samples.Of(3, 4), Samples.Of(4, 4)];

    [Theory]
    [InlineData(LossReduction.Mean)]
    [InlineData(LossReduction.Sum)]
    [InlineData(LossReduction.None)]
    public void Result_and_gradient_match_the_definition_in_double(LossReduction reduction) =>
        GradientCheck.Run(
            v => v[0].Crf(v[1], v[2], v[3], IndexTensor.FromArray(Targets), IndexTensor.FromArray(Ends), reduction),
            v => Losses(v, reduction), Inputs, new GradientCheckOptions { RelativeTolerance = 1e-5, AbsoluteTolerance = 1e-5 });

    [Fact]
    public void Gradient_of_a_part_of_a_loss_and_through_views_matches_finite_differences()
    {
        int[,] targets = { { 0, 2, 1 }, { 3, 0, 1 } };
        GradientCheck.Run(
            v => 3f * v[0].Transpose(1, 2).Crf(v[1].Transpose(), v[2], v[3], IndexTensor.FromArray(targets)) + v[0].Sum(),
            [Samples.Of(1, 2, 4, 3), .. Inputs[1..]]);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Variable e = Samples.Of(1, 2, 3, 4), transitions = Samples.Of(2, 4, 4), ends = Samples.Of(3, 4);
        var y = IndexTensor.FromArray(new[,] { { 0, 1, 2 }, { 3, 0, 1 } });
        e[0].Invoking(v => v.Crf(transitions, ends, ends, y)).Should().Throw<ShapeException>()
            .WithMessage("Crf: emissions should have shape (B, T, K)*; got (3, 4). Hint: *Unsqueeze(0)*");
        e.Invoking(v => v.Crf(Samples.Of(1, 4, 3), ends, ends, y)).Should().Throw<ShapeException>()
            .WithMessage("Crf: transitions should have shape (K, K) = (4, 4) because emissions*(2, 3, 4); got (4, 3).");
        e.Invoking(v => v.Crf(transitions, Samples.Of(1, 3), ends, y)).Should().Throw<ShapeException>()
            .WithMessage("Crf: start*");
        e.Invoking(v => v.Crf(transitions, ends, Samples.Of(1, 3), y)).Should().Throw<ShapeException>().WithMessage("Crf: end*");
        e.Invoking(v => v.Crf(transitions, ends, ends, y.Transpose())).Should().Throw<ShapeException>()
            .WithMessage("Crf: targets should have shape (B, T) = (2, 3)*; got (3, 2).");
        e.Invoking(v => v.Crf(transitions, ends, ends, y, IndexTensor.FromArray([1]))).Should().Throw<ShapeException>()
            .WithMessage("Crf: lengths*(2,)*(1,).");
        e.Invoking(v => v.Crf(transitions, ends, ends, y, reduction: (LossReduction)9)).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("Crf: there is no such reduction*");
        e.Invoking(v => v.CrfDecode(transitions, ends, Samples.Of(1, 3))).Should().Throw<ShapeException>()
            .WithMessage("CrfDecode: end*");
        e.Invoking(v => v.CrfMarginals(ends, ends, ends)).Should().Throw<ShapeException>()
            .WithMessage("CrfMarginals: transitions*");
        new Variable(Tensor.Zeros([0, 3, 4])).Invoking(v => v.Crf(transitions, ends, ends, IndexTensor.FromArray(new int[0, 3])))
            .Should().Throw<ArgumentException>().WithMessage("Crf: there is no mean*");
    }

    private static double[] Losses(double[][] v, LossReduction reduction)
    {
        var losses = Enumerable.Range(0, 3).Select(b =>
        {
            var e = v[0][(b * 16)..(b * 16 + Ends[b] * 4)];
            int[] y = [.. Enumerable.Range(0, Ends[b]).Select(t => Targets[b, t])];
            return Definition.Crf(e, v[1], v[2], v[3]).LogZ - Definition.CrfScore(e, v[1], v[2], v[3], y);
        }).ToArray();
        return reduction switch
        {
            LossReduction.Mean => [losses.Average()],
            LossReduction.Sum => [losses.Sum()],
            _ => losses,
        };
    }
}
