using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Models;

namespace SeqCore.Tests.Autograd.Functions;

/// <summary>Attention with modified scores, on the GPU against the CPU.</summary>
[Collection(GpuCollection.Name)]
public class ScoreModificationGpuTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Results_and_gradients_are_those_of_the_CPU(bool hides)
    {
        Tensor q = Samples.Of(1, 2, 2, 3, 4), k = Samples.Of(2, 2, 1, 5, 4), v = Samples.Of(3, 2, 1, 5, 3),
            table = Samples.Of(5, 7, 2), dY = Samples.Of(4, 2, 2, 3, 3);
        var expected = Run(q, k, v, table, dY);
        var gpu = TestGpu.Backend;
        var actual = Run(q.To(gpu), k.To(gpu), v.To(gpu), table.To(gpu), dY.To(gpu));
        for (var i = 0; i < expected.Length; i++)
            actual[i].ShouldBeCloseTo(expected[i], 1e-5f, $"result {i}");

        float[][] Run(Tensor query, Tensor key, Tensor value, Tensor bias, Tensor gradient)
        {
            var backend = query.Backend;
            using var lengths = IndexTensor.FromSpan([5, 2], [2], backend);
            var options = new AttentionOptions { IsCausal = true, KeyLengths = lengths, Softcap = 0.9f };
            return ScoreModificationTests.Gradients(x => Variable.Attention(x[0], x[1], x[2], options with
            {
                ScoreModification = (scores, at) =>
                {
                    var result = (scores * 2f) + ScoreModificationTests.RelativeBias(x[3], at);
                    return hides ? result.MaskedFill(at.Queries.EqualTo(3), float.NegativeInfinity) : result;
                },
            }), gradient, query, key, value, bias);
        }
    }
}
