using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>The cells of OwnCell.cs and OwnFusedCell.cs in models that the library has.</summary>
public sealed class OwnCellInModelsTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [Fact]
    public void A_language_model_learns_with_a_cell_and_is_loaded_with_it_again()
    {
        var options = new RecurrentLanguageModelOptions
        {
            VocabularySize = 5,
            EmbeddingSize = 8,
            HiddenSize = 16,
            Layers = 2,
            Dropout = 0.1f,
            NewLayer = NewCoupledLayer,
        };
        using var model = new RecurrentLanguageModel(options, new RandomGenerator(1));
        int[] cycle = [0, 1, 2, 1, 3, 4, 0, 1, 2, 1, 3, 4, 0];
        using IndexTensor tokens = IndexTensor.FromSpan(cycle.AsSpan(0, 12), [1, 12]),
            targets = IndexTensor.FromSpan(cycle.AsSpan(1), [1, 12]);
        Train(model, 100, () => model.Predict(tokens).CrossEntropy(targets));
        model.Save(path);

        // The file holds the weights and the options, but no code: the program names the layers again.
        using var loaded = RecurrentLanguageModel.Load(path, o => o with { NewLayer = NewCoupledLayer });
        using var stream = loaded.NewStream();
        var written = new TextGenerator(stream, Sampler.Greedy()).Generate(cycle.AsSpan(0, 2), new() { MaximumLength = 10 });
        written[0].Tokens.ToArray().Should().Equal(cycle[2..12]);
    }

    [Fact]
    public void An_encoder_decoder_takes_a_kernel_of_ones_own_in_both_halves()
    {
        var options = new RecurrentEncoderDecoderOptions
        {
            SourceVocabularySize = 7,
            TargetVocabularySize = 7,
            EmbeddingSize = 8,
            HiddenSize = 16,
            Bidirectional = true,
            NewLayer = (inputSize, hiddenSize, random, form) => new MinimalGatedLayer(inputSize, hiddenSize, random, form),
        };
        using var model = new RecurrentEncoderDecoder(options, new RandomGenerator(1));
        using IndexTensor source = IndexTensor.FromSpan([1, 2, 3, 4, 5, 0], [2, 3]), lengths = IndexTensor.FromSpan([3, 2], [2]),
            input = IndexTensor.FromSpan([6, 3, 2, 6, 5, 4], [2, 3]), target = IndexTensor.FromSpan([3, 2, 1, 5, 4, 0], [2, 3]);
        Train(model, 100, () => model.Forward(source, lengths, input).CrossEntropy(target));
        using var stream = model.NewStream(source, lengths);
        for (var (step, next) = (0, new[] { 6, 6 }); step < 3; step++)
        {
            next = stream.Step(next).ArgMax(-1).ToArray();
            next.Should().Equal(target.ToArray()[step], target.ToArray()[3 + step]);
        }
    }

    public void Dispose() => File.Delete(path);

    private static RecurrentLayer NewCoupledLayer(int inputSize, int hiddenSize, RandomGenerator random,
        RecurrentLayerOptions options) =>
        new CellLayer(inputSize, hiddenSize, width => new CoupledLstmCell(width, hiddenSize, random), random, options);

    private static void Train(Module model, int steps, Func<Variable> loss)
    {
        using var optimizer = new Adam(model.Parameters(), 0.02f);
        for (var step = 0; step < steps; step++)
        {
            using var tape = new Tape();
            tape.Backward(loss());
            optimizer.Step();
            optimizer.ZeroGradients();
        }
    }
}
