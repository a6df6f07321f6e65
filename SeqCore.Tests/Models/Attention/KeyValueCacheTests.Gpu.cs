using SeqCore.Models;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Models.Attention;

/// <summary>A cache with padding, on the GPU against the CPU.</summary>
[Collection(GpuCollection.Name)]
public class KeyValueCacheGpuTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Padding_is_hidden_as_on_the_CPU(bool modified)
    {
        using var scope = new TensorScope();
        var random = new RandomGenerator(1);
        Tensor[] draws = [.. Enumerable.Range(0, 3).Select(_ => Tensor.RandomNormal([2, 2, 6, 4], random))];
        var expected = Run(draws);
        expected.Should().NotContain(y => !float.IsFinite(y));
        Run(Array.ConvertAll(draws, x => x.To(TestGpu.Backend))).ShouldBeCloseTo(expected, 1e-5f, "results");

        float[] Run(Tensor[] x)
        {
            var backend = x[0].Backend;
            using var cache = new KeyValueCache(2, 2, 4, firstCapacity: 2, backend: backend);
            cache.SetPadding([3, 0]);
            var options = AttentionOptions.Causal with
            {
                Slopes = Tensor.FromSpan([0.5f, 0.25f], [2], backend),
                ScoreModification = modified ? (scores, at) => scores * at.Keys.Clamp(1, 9).ToTensor() : null,
            };
            List<float> results = [];
            for (var start = 0; start < 6; start += 2)
            {
                cache.Append(x[1].Slice(2, start, 2), x[2].Slice(2, start, 2));
                results.AddRange(cache.Attend(x[0].Slice(2, start, 2), options).ToArray());
                cache.Reorder([1, 0]);
            }

            return [.. results];
        }
    }
}
