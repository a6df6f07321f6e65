using SeqCore.Models;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Models.Recurrent;

/// <summary>Custom layers of models on a GPU.</summary>
public class OwnLayerGpuTests
{
    [Fact]
    public void Streams_predict_what_they_predict_on_the_CPU()
    {
        using var scope = new TensorScope();
        using var text = new RecurrentLanguageModel(
            new() { VocabularySize = 5, EmbeddingSize = 3, HiddenSize = 4, NewLayer = FastWeights.NewLayer },
            new RandomGenerator(1));
        using var pair = new RecurrentEncoderDecoder(new()
        {
            SourceVocabularySize = 5,
            TargetVocabularySize = 5,
            EmbeddingSize = 3,
            HiddenSize = 4,
            NewLayer = FastWeights.NewLayer,
        }, new RandomGenerator(1));
        var (words, targets) = (Text(), Targets());
        text.To(TestGpu.Backend);
        pair.To(TestGpu.Backend);
        Text().Should().Equal(words, (a, b) => MathF.Abs(a - b) < 1e-5f);
        Targets().Should().Equal(targets, (a, b) => MathF.Abs(a - b) < 1e-5f);

        float[] Text()
        {
            using var stream = text.NewStream(2);
            return Write(stream);
        }

        float[] Targets()
        {
            using var source = IndexTensor.FromSpan([1, 2, 3], [1, 3], pair.Backend);
            using var stream = pair.NewStream(source, null, beams: 2);
            return Write(stream);
        }

        static float[] Write(TokenStream stream)
        {
            stream.Step([1, 2]);
            stream.Reorder([1, 0]);
            return stream.Step([3, 4]).ToArray();
        }
    }
}
