using System.Text;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Saving;

public sealed class ModelFileTests : IDisposable
{
    private static readonly CharacterTokenizer characters = new("abcdefg");
    private static readonly WordTokenizer words = new("the cat sat on a mat");
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    public static TheoryData<string> Kinds => [.. Makers.Keys];

    private static Dictionary<string, (Func<Model> Make, Func<string, Model> Load)> Makers { get; } = new()
    {
        ["lstm"] = (() => new RecurrentLanguageModel(
            new()
            {
                VocabularySize = 7,
                EmbeddingSize = 5,
                HiddenSize = 5,
                Layers = 2,
                Dropout = 0.1f,
                LockedDropout = true,
                WeightDropout = 0.2f,
                ZoneoutHidden = 0.1f,
                ZoneoutCell = 0.05f,
                ForgetGateBias = 1f,
                TieWeights = true,
            },
            new RandomGenerator(1))
        { Tokenizer = characters }, p => RecurrentLanguageModel.Load(p)),
        ["lstm with a projection"] = (() => new RecurrentLanguageModel(
            new() { VocabularySize = 7, EmbeddingSize = 3, HiddenSize = 5, Layers = 2, ProjectionSize = 3, TieWeights = true },
            new RandomGenerator(1)), p => LanguageModel.Load(p)),
        ["rnn"] = (() => new RecurrentLanguageModel(new()
        {
            VocabularySize = 7,
            Kind = RecurrentKind.Rnn,
            Nonlinearity = RecurrentActivation.Relu,
            Bias = false,
        }, new RandomGenerator(1)),
            p => LanguageModel.Load(p)),
        ["gpt"] = (() => new Gpt(
            new()
            {
                VocabularySize = 7,
                MaximumLength = null,
                Layers = 2,
                HeadCount = 4,
                KeyHeadCount = 2,
                ModelSize = 16,
                FeedForwardSize = 24,
                Activation = FeedForwardActivation.SwiGlu,
                Norm = NormKind.RmsNorm,
                Epsilon = 1e-6f,
                Positions = PositionKind.Rotary,
                RotarySize = 2,
                RotaryBase = 5000.5,
                Window = 3,
                ValueHeadSize = 5,
                Softcap = 50f,
                Dropout = 0.1f,
                Bias = false,
                TieWeights = false,
            },
            new RandomGenerator(1))
        { Tokenizer = characters }, p => LanguageModel.Load(p)),
        ["bert"] = (() => new Bert(new()
        {
            VocabularySize = words.Count,
            ModelSize = 8,
            HeadCount = 2,
            Layers = 1,
            MaximumLength = 12,
            ClassCount = 3,
        }, new RandomGenerator(1))
        {
            Tokenizer = words,
        }, p => Bert.Load(p)),
        ["transformer"] = (() => new SeqCore.Models.Transformer(
            new()
            {
                SourceVocabularySize = 7,
                TargetVocabularySize = words.Count,
                MaximumLength = 9,
                EncoderLayers = 1,
                DecoderLayers = 2,
                Layer = new() { ModelSize = 8, HeadCount = 2, FeedForwardSize = 12, NormFirst = true, Dropout = 0f },
                Positions = PositionKind.Learned,
            },
            new RandomGenerator(1))
        { SourceTokenizer = characters, TargetTokenizer = words }, p => EncoderDecoderModel.Load(p)),
        ["recurrent encoder-decoder"] = (() => new RecurrentEncoderDecoder(
            new()
            {
                SourceVocabularySize = 7,
                TargetVocabularySize = words.Count,
                Kind = RecurrentKind.Gru,
                EmbeddingSize = 4,
                HiddenSize = 6,
                Bidirectional = true,
                Attention = AttentionScore.Additive,
                AttentionSize = 3,
                Wiring = AttentionWiring.InputFeeding,
                Hard = HardAttentionEstimator.StraightThrough,
            },
            new RandomGenerator(1))
        { SourceTokenizer = characters, TargetTokenizer = words }, p => EncoderDecoderModel.Load(p)),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_brings_options_tokenizers_and_weights_back_bit_for_bit(string kind)
    {
        var (make, load) = Makers[kind];
        using var model = make();
        var path = temporary.File("model.safetensors");
        model.Save(path);

        using var again = load(path);

        again.Should().BeOfType(model.GetType());
        again.OptionsJson.Should().Be(model.OptionsJson);
        again.Tokenizers.Select(t => (t.Key, t.Value.ToJson()))
            .Should().Equal(model.Tokenizers.Select(t => (t.Key, t.Value.ToJson())));
        again.IsTraining.Should().BeFalse("it was loaded to be used");
        foreach (var (name, value) in model.StateDictionary())
            again.StateDictionary()[name].ToArray().Should().Equal(value.ToArray(), name);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_option_is_in_the_file(string kind)
    {
        using var model = Makers[kind].Make();
        var options = model.GetType().GetProperty("Options")!.GetValue(model)!;
        using var json = System.Text.Json.JsonDocument.Parse(model.OptionsJson);
        var names = json.RootElement.EnumerateObject().Select(p => p.Name.Replace("_", "", StringComparison.Ordinal));
        var properties = options.GetType().GetProperties()
            .Where(p => !p.PropertyType.IsAssignableTo(typeof(Delegate))).Select(p => p.Name.ToLowerInvariant());
        names.Should().BeEquivalentTo(properties);
    }

    [Fact]
    public void Damage_to_any_byte_of_the_weights_is_refused_by_the_file_s_name()
    {
        var path = temporary.File("model.safetensors");
        using (var model = SmallRnn())
            model.Save(path);
        var whole = File.ReadAllBytes(path);
        for (var place = whole.Length - 1; place > whole.Length - 100; place--)
        {
            byte[] altered = [.. whole];
            altered[place] ^= 1;
            File.WriteAllBytes(path, altered);
            FluentActions.Invoking(() => ModelFile.Open(path)).Should().Throw<CheckpointException>()
                .WithMessage($"'{path}' is truncated or altered: its CRC-32C is *");
        }

        File.WriteAllText(path, Encoding.Latin1.GetString(whole).Replace("seqcore-model 1", "seqcore-modem 1"), Encoding.Latin1);
        FluentActions.Invoking(() => ModelFile.Open(path)).Should().Throw<CheckpointException>()
            .WithMessage($"'{path}' is truncated or altered: its CRC-32C is *");
    }

    [Fact]
    public void A_file_without_a_checksum_loads_as_other_programs_write_them()
    {
        var path = temporary.File("model.safetensors");
        using var model = SmallRnn();
        model.Save(path);
        Dictionary<string, Tensor> weights;
        IReadOnlyDictionary<string, string> metadata;
        using (var file = SafetensorsFile.Open(path))
            (weights, metadata) = (file.ReadAll(), file.Metadata);
        SafetensorsFile.Write(path, weights, metadata);

        using var loaded = LanguageModel.Load(path);

        loaded.StateDictionary().Keys.Should().Equal(weights.Keys);
    }

    private static RecurrentLanguageModel SmallRnn() =>
        new(new() { VocabularySize = 3, EmbeddingSize = 4, HiddenSize = 4, Layers = 1 }, new RandomGenerator(1));

    [Fact]
    public void A_folder_holds_a_model_too()
    {
        using var model = Makers["gpt"].Make();
        model.Save(temporary.File("folder"));
        File.Exists(temporary.File("folder/model.safetensors")).Should().BeTrue();
        using var again = Gpt.Load(temporary.File("folder"));
        again.Options.Should().Be(((Gpt)model).Options);
    }

    [Fact]
    public void A_model_of_another_kind_is_refused_by_name()
    {
        using var model = Makers["bert"].Make();
        var path = temporary.File("model.safetensors");
        model.Save(path);
        FluentActions.Invoking(() => Gpt.Load(path)).Should().Throw<CheckpointException>()
            .WithMessage($"Model file '{path}': it holds a model of the kind 'bert', not 'gpt'."
                + " Load it with Bert.Load(path).");
    }

    [Fact]
    public void A_file_that_is_no_model_is_an_error()
    {
        var path = temporary.File("plain.safetensors");
        using var tensor = Tensor.Zeros([2]);
        SafetensorsFile.Write(path, [KeyValuePair.Create("weight", tensor)]);
        Refused(path, $"'{path}' is not a checkpoint of SeqCore, but a safetensors file of another program. Hint: *");
        Refused(temporary.File("missing.safetensors"),
            "The model '*missing.safetensors' does not exist. Train first, or check the path.");
        Refused(temporary.Write("short.safetensors", [1, 2, 3]),
            "'*short.safetensors' is truncated or altered: it ends *");
        Refused(temporary.Write("text.safetensors", [.. "To be, or not to be"u8]),
            "'*text.safetensors' is not a model's file: it is not a safetensors file: *. It seems to be a text file.");
        Directory.CreateDirectory(temporary.File("empty"));
        Refused(temporary.File("empty"),
            "The folder '*empty' contains no model: neither model.safetensors nor a checkpoint. Train first, or check the path.");

        static void Refused(string path, string message) =>
            FluentActions.Invoking(() => LanguageModel.Load(path)).Should().Throw<CheckpointException>().WithMessage(message);
    }

    [Theory]
    [InlineData("model.options", """{"vocabulary_size":7,"hidden":3}""",
        "*its options do not fit RecurrentLanguageModelOptions: *")]
    [InlineData("model.options", """{"vocabulary_size":0}""",
        "*it does not hold the model that it describes: RecurrentLanguageModel: VocabularySize should be at least 1*")]
    [InlineData("model.options", """{"vocabulary_size":7}""",
        "*it does not hold the model that it describes: RecurrentLanguageModel: the state dictionary does not fit*")]
    [InlineData("model.options", "null", "*its options do not fit RecurrentLanguageModelOptions: They are null.")]
    [InlineData("model.options", """{"vocabulary_size":7,"vocabulary_size":8}""", "*its options do not fit *")]
    [InlineData("model.options", "[]", "*its options do not fit RecurrentLanguageModelOptions: *")]
    [InlineData("model.tokenizer", """{"kind":"syllables"}""", "*the kind 'syllables' is not registered*")]
    [InlineData("model.tokenizer", """{"kind":"characters","characters":"ab"}""", "*it does not hold the model that it describes:"
        + " RecurrentLanguageModel: Tokenizer should have as many tokens as the model, 7; got 2.*")]
    [InlineData("model.kind", null, "*it does not describe a model: it has no 'model.kind'. Hint: *")]
    [InlineData("format", "seqcore-checkpoint 1", "*was written by SeqCore 0.1 (format 'seqcore-checkpoint 1');"
        + " this version reads 'seqcore-checkpoint 2'. Train again, or read it with SeqCore 0.1.")]
    public void What_does_not_fit_is_named(string name, string? value, string message)
    {
        using var model = Makers["lstm"].Make();
        var path = temporary.File("model.safetensors");
        model.Save(path);
        Dictionary<string, string> metadata;
        using (var file = SafetensorsFile.Open(path))
            metadata = new(file.Metadata);
        metadata.Remove(name);
        if (value is not null)
            metadata[name] = value;
        SafetensorsFile.Write(path, model.StateDictionary(), metadata);
        FluentActions.Invoking(() => LanguageModel.Load(path)).Should().Throw<CheckpointException>().WithMessage(message);
    }

    [Theory]
    [InlineData("lstm", "layers", 50_000)]
    [InlineData("lstm", "layers", 2_000_000_000)]
    [InlineData("lstm", "hidden_size", 40_000)]
    [InlineData("lstm", "hidden_size", 2_000_000_000)]
    [InlineData("lstm", "vocabulary_size", 2_000_000_000)]
    [InlineData("gpt", "layers", 50_000)]
    [InlineData("gpt", "layers", 2_000_000_000)]
    [InlineData("gpt", "model_size", 40_000)]
    [InlineData("gpt", "feed_forward_size", 2_000_000_000)]
    [InlineData("bert", "maximum_length", 2_000_000_000)]
    [InlineData("bert", "layers", 2_000_000_000)]
    [InlineData("bert", "class_count", 2_000_000_000)]
    [InlineData("transformer", "encoder_layers", 2_000_000_000)]
    [InlineData("transformer", "decoder_layers", 50_000)]
    [InlineData("recurrent encoder-decoder", "layers", 2_000_000_000)]
    [InlineData("recurrent encoder-decoder", "hidden_size", 2_000_000_000)]
    public void Options_far_beyond_the_weights_take_no_memory(string maker, string option, int size)
    {
        using var model = Makers[maker].Make();
        var path = temporary.File("model.safetensors");
        model.Save(path);
        Dictionary<string, string> metadata;
        using (var file = SafetensorsFile.Open(path))
            metadata = new(file.Metadata);
        var options = System.Text.Json.Nodes.JsonNode.Parse(metadata["model.options"])!;
        options.AsObject().Should().ContainKey(option);
        options[option] = size;
        metadata["model.options"] = options.ToJsonString();
        SafetensorsFile.Write(path, model.StateDictionary(), metadata);

        var before = GC.GetAllocatedBytesForCurrentThread();
        FluentActions.Invoking(() => Makers[maker].Load(path)).Should().Throw<CheckpointException>()
            .WithMessage($"Model file '{path}': it does not hold the model that it describes: *");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(20_000_000);
    }

    [Fact]
    public void A_custom_attention_is_passed_to_Load_again()
    {
        Func<int, RandomGenerator, AttentionLayer> additive = (size, random) => new AdditiveAttention(size, size, 3, random);
        using var model = new RecurrentEncoderDecoder(
            new()
            {
                SourceVocabularySize = 5,
                TargetVocabularySize = 5,
                EmbeddingSize = 4,
                HiddenSize = 4,
                NewAttention = additive,
            },
            new RandomGenerator(1));
        var path = temporary.File("model.safetensors");
        model.Save(path);
        FluentActions.Invoking(() => RecurrentEncoderDecoder.Load(path))
            .Should().Throw<CheckpointException>().WithMessage("*with an attention of its own*");
        using var again = RecurrentEncoderDecoder.Load(path, additive);
        foreach (var (name, value) in model.StateDictionary())
            again.StateDictionary()[name].ToArray().Should().Equal(value.ToArray(), name);
    }

    [Fact]
    public void Options_that_are_no_finite_numbers_are_saved_too()
    {
        using var model = new RecurrentLanguageModel(
            new() { VocabularySize = 3, EmbeddingSize = 2, HiddenSize = 2, ForgetGateBias = float.PositiveInfinity },
            new RandomGenerator(1));
        var path = temporary.File("model.safetensors");
        model.Save(path);
        using var again = RecurrentLanguageModel.Load(path);
        again.Options.Should().Be(model.Options);
    }

    [Fact]
    public void Options_that_a_file_lacks_have_their_defaults()
    {
        using var model = Makers["rnn"].Make();
        var path = temporary.File("model.safetensors");
        SafetensorsFile.Write(path, model.StateDictionary(), new Dictionary<string, string>
        {
            ["format"] = "seqcore-model 1",
            ["model.kind"] = RecurrentLanguageModel.KindName,
            ["model.options"] = """{"vocabulary_size":7,"kind":"Rnn","bias":false}""",
        });
        using var again = RecurrentLanguageModel.Load(path);
        again.Options.Should().Be(
            ((RecurrentLanguageModel)model).Options with { Nonlinearity = RecurrentActivation.Tanh });
    }

    [Fact]
    public void A_loaded_model_writes_the_text_that_the_saved_one_wrote()
    {
        using var model = (RecurrentLanguageModel)Makers["lstm"].Make();
        var path = temporary.File("model.safetensors");
        model.Save(path);
        using var again = LanguageModel.Load(path);
        var text = again.Generate("abc", 40, new Sampler(new RandomGenerator(3)));
        text.Should().HaveLength(40).And.Be(model.Generate("abc", 40, new Sampler(new RandomGenerator(3))));
        again.Invoking(m => m.Generate("", 1))
            .Should().Throw<ArgumentException>().WithMessage("*the prompt should have at least one token*");
        model.Tokenizer = null;
        model.Invoking(m => m.Generate("a", 1)).Should().Throw<InvalidOperationException>().WithMessage("*has no tokenizer*");
    }
}
