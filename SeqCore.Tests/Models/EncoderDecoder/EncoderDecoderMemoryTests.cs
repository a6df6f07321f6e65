using SeqCore.Models;
using SeqCore.Tests.Models.Language;
using SeqCore.Tests.Models.Transformer;

namespace SeqCore.Tests.Models.EncoderDecoder;

/// <summary>Runs when no other test does, because it watches the memory of the backend that all share.</summary>
[Collection(nameof(TrainingMemoryTests))]
public class EncoderDecoderMemoryTests
{
    public static TheoryData<string> Variants =>
        ["transformer", "none", "additive", "input feeding", "before step", "hard", "multi-head"];

    [Theory, MemberData(nameof(Variants))]
    public void Training_and_beams_take_no_new_memory_after_the_first_ones(string variant)
    {
        using var model = New(variant);
        using IndexTensor source = IndexTensor.FromSpan([1, 2, 3, 4, 5, 0], [2, 3]), lengths = IndexTensor.FromSpan([3, 2], [2]);
        using IndexTensor input = IndexTensor.FromSpan([1, 2, 3, 4], [2, 2]),
            targets = IndexTensor.FromSpan([2, 3, 4, 5], [2, 2]);
        using var optimizer = new AdamW(model.Parameters(), 0.01f);
        GptMemoryTests.TakesNoMemory(() =>
        {
            using var tape = new Tape();
            tape.Backward(model.Forward(source, lengths, input).CrossEntropy(targets));
            optimizer.Step();
            optimizer.ZeroGradients();
        });
        GptMemoryTests.TakesNoMemory(() =>
        {
            using var stream = model.NewStream(source, lengths, beams: 2);
            stream.KeepsAttention = true;
            new BeamSearch(stream, new BeamSearchOptions { MaximumLength = 3, Width = 2 }).SearchAll([1]);
        });
    }

    [Fact]
    public void Training_BERT_takes_no_new_memory_after_the_first_steps()
    {
        using var model = new Bert(new BertOptions
        {
            VocabularySize = 7,
            MaximumLength = 4,
            Layers = 2,
            HeadCount = 2,
            ModelSize = 8,
            ClassCount = 2,
        }, new RandomGenerator(1));
        using IndexTensor tokens = IndexTensor.FromSpan([1, 2, 3, 4, 5, 0], [2, 3]), lengths = IndexTensor.FromSpan([3, 2], [2]),
            classes = IndexTensor.FromSpan([0, 1], [2]);
        using var optimizer = new AdamW(model.Parameters(), 0.01f);
        GptMemoryTests.TakesNoMemory(() =>
        {
            using var tape = new Tape();
            var hidden = model.Encode(tokens, lengths);
            tape.Backward(model.PredictTokens(hidden).CrossEntropy(tokens) + model.Classify(hidden).CrossEntropy(classes));
            optimizer.Step();
            optimizer.ZeroGradients();
        });
    }

    private static EncoderDecoderModel New(string variant)
    {
        var random = new RandomGenerator(1);
        var options = new RecurrentEncoderDecoderOptions
        {
            SourceVocabularySize = 7,
            TargetVocabularySize = 7,
            EmbeddingSize = 4,
            HiddenSize = 6,
            Layers = 2,
            Dropout = 0.1f,
            Bidirectional = true,
        };
        return variant switch
        {
            "transformer" => new SeqCore.Models.Transformer(new TransformerOptions
            {
                SourceVocabularySize = 7,
                TargetVocabularySize = 7,
                EncoderLayers = 2,
                DecoderLayers = 2,
                Layer = new TransformerBlockOptions { ModelSize = 8, HeadCount = 2, FeedForwardSize = 8 },
            }, random),
            "none" => Recurrent(options with { Attention = AttentionScore.None }),
            "additive" => Recurrent(options with { Attention = AttentionScore.Additive }),
            "hard" => Recurrent(options with { Hard = HardAttentionEstimator.StraightThrough }),
            "multi-head" => Recurrent(options with { Attention = AttentionScore.MultiHead, HeadCount = 2, KeyHeadCount = 1 }),
            "input feeding" => Recurrent(options with { Wiring = AttentionWiring.InputFeeding }),
            _ => Recurrent(options with { Wiring = AttentionWiring.BeforeStep, Attention = AttentionScore.Concat }),
        };

        RecurrentEncoderDecoder Recurrent(RecurrentEncoderDecoderOptions variant) => new(variant, random);
    }
}
