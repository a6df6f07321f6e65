using SeqCore.Models;
using SeqCore.Tests.Kernels.Gpu;
using Draws = SeqCore.Tests.Autograd.Samples;

namespace SeqCore.Tests.Models.Pooling;

[Collection(GpuCollection.Name)]
public class TimePoolingGpuTests
{
    [Fact]
    public void Results_and_gradients_are_those_of_the_CPU()
    {
        foreach (var kind in Enum.GetValues<TimePoolingKind>())
        {
            using var pooling = TimePoolingTests.New(kind);
            var expected = Run(pooling, SeqCore.Kernels.Backend.Default);
            pooling.To(TestGpu.Backend);
            Run(pooling, TestGpu.Backend).ShouldBeCloseTo(expected, 1e-5f, kind.ToString());
        }
    }

    private static float[] Run(TimePooling pooling, SeqCore.Kernels.Backend backend)
    {
        using var tape = new Tape();
        var x = new Variable(Draws.Of(1, 3, 5, 4).To(backend), requiresGradient: true);
        var y = pooling.Forward(x, IndexTensor.FromArray([5, 1, 3], backend));
        tape.Backward(y.Square().Sum());
        return [.. y.Value.ToArray(), .. x.Gradient!.ToArray()];
    }
}
