using SeqCore.Models;

namespace SeqCore.Tests.Models.Saving;

public sealed class TransformerFileTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Rotary_positions_keep_their_base_scale_and_pairs()
    {
        using var rotary = new RotaryPositions(4, 2, 500, 0.5, RotaryPairs.Interleaved);
        using var model = new SeqCore.Models.Transformer(
            new()
            {
                SourceVocabularySize = 5,
                TargetVocabularySize = 5,
                EncoderLayers = 1,
                DecoderLayers = 1,
                Layer = new() { ModelSize = 8, HeadCount = 2, FeedForwardSize = 8, Dropout = 0f, Rotary = rotary },
                Positions = PositionKind.Rotary,
            },
            new RandomGenerator(1));
        var path = temporary.File("model.safetensors");
        model.Save(path);
        using var again = SeqCore.Models.Transformer.Load(path);
        var read = again.Options.Layer.Rotary!;
        (read.HeadSize, read.RotarySize, read.FrequencyBase, read.PositionScale, read.Pairs)
            .Should().Be((4, 2, 500.0, 0.5, RotaryPairs.Interleaved));
        using var tokens = IndexTensor.FromSpan([1, 2, 3, 4], [1, 4]);
        using var scope = new TensorScope();
        again.Forward(tokens, null, tokens).Value.ToArray().Should().Equal(model.Forward(tokens, null, tokens).Value.ToArray());
    }

    [Fact]
    public void Rotary_scale_and_pairs_of_a_Gpt_are_saved_and_older_files_have_the_defaults()
    {
        var options = new GptOptions
        {
            VocabularySize = 5,
            Layers = 1,
            HeadCount = 1,
            ModelSize = 4,
            Positions = PositionKind.Rotary,
            RotaryScale = -1,
            RotaryPairs = RotaryPairs.Interleaved,
        };
        using var model = new Gpt(options, new RandomGenerator(1));
        var path = temporary.File("model.safetensors");
        model.Save(path);
        using var again = Gpt.Load(path);
        again.Options.Should().Be(options);
        using var tokens = IndexTensor.FromSpan([1, 2, 3, 4], [1, 4]);
        using var scope = new TensorScope();
        var expected = model.Predict(tokens).Value.ToArray();
        again.Predict(tokens).Value.ToArray().Should().Equal(expected);
        GptOptions[] others = [options with { RotaryScale = 1 }, options with { RotaryPairs = RotaryPairs.HalfSplit }];
        foreach (var other in others)
        {
            using var different = new Gpt(other, new RandomGenerator(1));
            different.Predict(tokens).Value.ToArray().Should().NotEqual(expected);
        }

        Dictionary<string, string> metadata;
        using (var file = SafetensorsFile.Open(path))
            metadata = new(file.Metadata);
        foreach (var (name, value) in metadata.Where(m => m.Value.Contains("rotary_scale")).ToList())
        {
            var json = System.Text.Json.Nodes.JsonNode.Parse(value)!.AsObject();
            json.Remove("rotary_scale");
            json.Remove("rotary_pairs");
            metadata[name] = json.ToJsonString();
        }

        metadata.Values.Should().NotContain(v => v.Contains("rotary_scale"));
        SafetensorsFile.Write(path, model.StateDictionary(), metadata);
        using var older = Gpt.Load(path);
        (older.Options.RotaryScale, older.Options.RotaryPairs).Should().Be((1.0, RotaryPairs.HalfSplit));
    }

    [Fact]
    public void The_last_norms_of_a_Transformer_are_saved()
    {
        var options = new TransformerOptions
        {
            SourceVocabularySize = 5,
            TargetVocabularySize = 5,
            EncoderLayers = 1,
            DecoderLayers = 1,
            Layer = new() { ModelSize = 8, HeadCount = 2, FeedForwardSize = 8, Dropout = 0f, Bias = false },
            FinalNorm = new() { Epsilon = 1e-3f },
        };
        using var model = new SeqCore.Models.Transformer(options, new RandomGenerator(1));
        var path = temporary.File("model.safetensors");
        model.Save(path);
        using var again = SeqCore.Models.Transformer.Load(path);
        again.Options.Should().Be(options);
        again.StateDictionary().Keys.Should().Contain("encoder.norm.bias").And.NotContain("encoder.layers.0.norm1.bias");
    }
}
