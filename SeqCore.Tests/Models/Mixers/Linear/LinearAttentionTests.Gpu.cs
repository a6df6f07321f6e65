using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Models.Mixers.Linear;

/// <summary>Linear attention on the GPU against the CPU, whole and as a stream.</summary>
[Collection(GpuCollection.Name)]
public class LinearAttentionGpuTests
{
    [Theory]
    [InlineData("elu", true)]
    [InlineData("random", false)]
    public void Devices_agree(string features, bool isCausal)
    {
        var expected = Run(null);
        Run(TestGpu.Backend).ShouldBeCloseTo(expected, 1e-4f, "results and gradients");

        float[] Run(Backend? backend)
        {
            var layer = LinearAttentionTests.Layer(features);
            var values = SeqCore.Tests.Autograd.Samples.Of(1, 1, 70, 12);
            if (backend is not null)
            {
                layer.To(backend);
                values = values.To(backend);
            }

            var x = new Variable(values, requiresGradient: true);
            var options = new AttentionOptions { IsCausal = isCausal };
            using var tape = new Tape();
            var y = layer.Forward(x, new MixerPass { Options = options });
            tape.Backward(y.Square().Sum());
            List<float> results = [.. y.Value.ToArray(), .. x.Gradient!.ToArray()];
            if (isCausal)
            {
                using var pause = tape.Pause();
                using var inference = InferenceScope.Open();
                using var state = layer.NewState(1, options);
                foreach (var (start, length) in (ReadOnlySpan<(int, int)>)[(0, 40), (40, 1), (41, 29)])
                {
                    results.AddRange(layer.Forward(values.Slice(1, start, length),
                        new MixerPass { Options = options, Position = start, State = state }).Value.ToArray());
                }
            }

            return [.. results];
        }
    }
}
