using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Models.Recurrent;

/// <summary>An LSTM with a projection on a GPU.</summary>
public class ProjectedLstmGpuTests
{
    private const int B = 2, T = 3, I = 3;

    public static TheoryData<int, int, bool> Sizes => new() { { 5, 2, true }, { 8, 4, false } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Results_and_gradients_are_those_of_the_CPU(int hiddenSize, int projection, bool regularised)
    {
        using var cpu = new CpuBackend();
        RecurrentLayerOptions options = new()
        {
            ProjectionSize = projection,
            Bidirectional = regularised,
            ZoneoutHidden = regularised ? 0.2f : 0f,
            ZoneoutCell = regularised ? 0.1f : 0f,
        };
        float[][] expected = Run(cpu), actual = Run(TestGpu.Backend);
        actual.Should().HaveSameCount(expected);
        for (var i = 0; i < expected.Length; i++)
            actual[i].Should().Equal(expected[i], (a, b) => MathF.Abs(a - b) < 1e-5f, $"tensor {i}");

        float[][] Run(Backend backend)
        {
            using var layer = new Lstm(I, hiddenSize, new RandomGenerator(1), options);
            layer.To(backend);
            layer.Evaluate();
            using var tape = new Tape();
            using var lengths = regularised ? IndexTensor.FromSpan([3, 1], [B], backend) : null;
            var values = Tensor.RandomNormal([B, T, I], new RandomGenerator(2), backend: backend);
            var x = new Variable(values, requiresGradient: true);
            var (y, state) = layer.Forward(x, lengths: lengths);
            tape.Backward(y.Square().Sum() + state.Cell[0].Square().Sum());
            return [y.Value.ToArray(), state.Hidden[^1].Value.ToArray(), state.Cell[^1].Value.ToArray(), x.Gradient!.ToArray(),
                .. layer.Parameters().Select(p => p.Gradient!.ToArray())];
        }
    }

    [Fact]
    public void A_stream_predicts_what_it_predicts_on_the_CPU()
    {
        using var scope = new TensorScope();
        using var model = new RecurrentLanguageModel(
            new() { VocabularySize = 5, EmbeddingSize = 3, HiddenSize = 4, ProjectionSize = 2 }, new RandomGenerator(1));
        var expected = Write();
        model.To(TestGpu.Backend);
        Write().Should().Equal(expected, (a, b) => MathF.Abs(a - b) < 1e-5f);

        float[] Write()
        {
            using var stream = model.NewStream(2);
            stream.Step([1, 2]);
            stream.Reorder([1, 0]);
            return stream.Step([3, 4]).ToArray();
        }
    }
}
