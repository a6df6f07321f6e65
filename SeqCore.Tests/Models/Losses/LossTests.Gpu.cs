using SeqCore.Models;
using SeqCore.Tests.Kernels.Gpu;
using Draws = SeqCore.Tests.Autograd.Samples;

namespace SeqCore.Tests.Models.Losses;

/// <summary>Losses, norms and sums that are composed of kernels, on the GPU against the CPU.</summary>
[Collection(GpuCollection.Name)]
public class LossGpuTests
{
    [Fact]
    public void Losses_of_classes_and_their_gradients_are_those_of_the_CPU()
    {
        Check(x => Loss.NegativeLogLikelihood(x.LogSoftmax(), Targets(x)));
        Check(x => Loss.Focal(x, Targets(x), 1.5f));
        Check(x => Loss.BinaryFocalWithLogits(x, (x * 0.5f).Sigmoid(), gamma: 0.5f));
        Check(x => Loss.KullbackLeiblerDivergence(x.LogSoftmax(), (x * 0.5f).Relu()));
        Check(x => Loss.CrossEntropy(x, x.LogSoftmax().Exp().Detach(), labelSmoothing: 0.1f));
        Check(x => Loss.KullbackLeiblerDivergence(x.LogSoftmax(), (x * 0.5f).LogSoftmax(), logTarget: true));
        Check(x => Loss.Pinball(x, x.Value.Slice(1, 2, 1).Reshape(3) * 0.5f, [0.1, 0.9, 0.3, 0.5, 0.6]));

        static IndexTensor Targets(Variable x) => IndexTensor.FromArray([2, -100, 0], x.Value.Backend);
    }

    [Fact]
    public void Norms_and_Einstein_sums_and_their_gradients_are_those_of_the_CPU()
    {
        Check(x => x.BatchNorm().Sigmoid().Square().Sum());
        Check(x => (x.Reshape(3, 5, 1) * x.Reshape(3, 1, 5)).GroupNorm(5, epsilon: 0.1f).Sigmoid().Square().Sum());
        Check(x => x.LayerNorm(2).Sigmoid().Square().Sum());
        Check(x => Variable.Einsum("ij,kj,kl->il", x, x, x).Square().Sum());
    }

    [Fact]
    public void A_target_out_of_range_is_reported_at_the_next_read()
    {
        var gpu = TestGpu.Backend;
        using var targets = IndexTensor.FromArray([5, 0], gpu);
        FluentActions.Invoking(() => Loss.NegativeLogLikelihood(Tensor.Zeros([2, 5], gpu), targets).Value.Item()).Should()
            .Throw<ArgumentException>().WithMessage("*5*");
    }

    private static void Check(Func<Variable, Variable> loss)
    {
        var values = Draws.Of(1, 3, 5);
        var (expected, slope) = Run(values);
        var (actual, gradient) = Run(values.To(TestGpu.Backend));
        actual.ShouldBeCloseTo(expected, 2e-5f, "loss");
        gradient.ShouldBeCloseTo(slope, 5e-5f, "gradient");

        (float[] Loss, float[] Gradient) Run(Tensor at)
        {
            var x = new Variable(at, requiresGradient: true);
            using var tape = new Tape();
            var result = loss(x);
            tape.Backward(result);
            return (result.Value.ToArray(), x.Gradient!.ToArray());
        }
    }
}
