using System.Text.Json;
using System.Text.Json.Serialization;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Saving;

/// <summary>Options and tokenizers that a model of a program's own saves, or forgot to save.</summary>
public sealed partial class OwnOptionsTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Options_are_read_without_defaults_if_the_file_has_them_all()
    {
        var options = new Settings(3, 0.5f, new Part(2, "x"), null);
        using var file = Saved(JsonSerializer.Serialize(options, Json.Default.Settings));
        file.ReadOptions(Json.Default.Settings).Should().Be(options);
    }

    [Theory]
    [InlineData("""{"Size":3,"Part":{"Depth":2,"Name":"x"},"Note":null}""", "'Rate'")]
    [InlineData("""{"Rate":1,"Part":{"Depth":2},"Note":null}""", "'Size', 'Part.Name'")]
    [InlineData("""{}""", "'Size', 'Rate', 'Part', 'Note'")]
    public void Options_that_the_file_lacks_are_named_unless_there_are_defaults(string json, string missing)
    {
        using var file = Saved(json);
        file.Invoking(f => f.ReadOptions(Json.Default.Settings)).Should().Throw<CheckpointException>()
            .WithMessage($"Model file *: its options lack {missing} of Settings. Hint:*defaults*");
        var read = file.ReadOptions(Json.Default.Settings, new Settings(7, 7, new Part(7, "seven"), "seven"));
        read.Size.Should().Be(json.Contains("Size", StringComparison.Ordinal) ? 3 : 7);
        read.Part.Name.Should().Be(json.Contains("Name", StringComparison.Ordinal) ? "x" : "seven");
    }

    [Fact]
    public void What_is_computed_or_may_be_left_out_is_not_missing()
    {
        var sparse = new Sparse { Size = 4 };
        var json = JsonSerializer.Serialize(sparse, Json.Default.Sparse);
        json.Should().Be("""{"Size":4,"Twice":8}""");
        using var file = Saved(json);
        file.ReadOptions(Json.Default.Sparse).Should().Be(sparse);
        using var shorter = Saved("""{"Size":4}""");
        shorter.ReadOptions(Json.Default.Sparse).Should().Be(sparse);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"Size":"three","Rate":1,"Part":{"Depth":2,"Name":"x"},"Note":null}""")]
    public void Options_of_another_kind_do_not_fit(string json)
    {
        using var file = Saved(json);
        file.Invoking(f => f.ReadOptions(Json.Default.Settings)).Should().Throw<CheckpointException>()
            .WithMessage("Model file *: its options do not fit Settings: *");
    }

    [Fact]
    public void Single_options_come_back_bit_for_bit()
    {
        var path = temporary.File("forecaster.safetensors");
        using var model = new Documentation.Examples.Forecaster(size: 12, mean: 280.3f, deviation: 119.97f);
        model.Save(path);
        using var loaded = ModelFile.Load(path, "Forecaster", file => new Documentation.Examples.Forecaster(
            file.ReadOption<int>("size"), file.ReadOption<float>("mean"), file.ReadOption<float>("deviation")));
        loaded.OptionsJson.Should().Be(model.OptionsJson).And.Be("""{"size":12,"mean":280.3,"deviation":119.97}""");
        using var scope = new TensorScope();
        var x = Tensor.Full([1, 12], 300f);
        loaded.Forward(x).Value.ToArray().Should().Equal(model.Forward(x).Value.ToArray());

        using var other = Saved("""{"on":true,"name":"x","big":9007199254740993}""");
        other.ReadOption<bool>("on").Should().BeTrue();
        other.ReadOption<string>("name").Should().Be("x");
        other.ReadOption<long>("big").Should().Be(9007199254740993);
    }

    [Theory]
    [InlineData("{}", "*: its options lack 'size'; they are {}. Hint: override OptionsJson *")]
    [InlineData("""{"size":null}""", "*: its options lack 'size'; *")]
    [InlineData("""{"size":"three"}""", "*: its options have no Int32 'size': *")]
    [InlineData("""{"size":2.5}""", "*: its options have no Int32 'size': *")]
    [InlineData("""{"size":[2]}""", "*: its options have no Int32 'size': *")]
    [InlineData("[]", "*: its options have no Int32 'size': *")]
    [InlineData("null", "*: its options have no Int32 'size': *")]
    public void A_single_option_that_is_missing_or_no_such_value_is_named(string json, string message)
    {
        using var file = Saved(json);
        file.Invoking(f => f.ReadOption<int>("size")).Should().Throw<CheckpointException>().WithMessage("Model file " + message);
    }

    [Fact]
    public void A_tokenizer_that_was_not_saved_is_an_error_that_says_how_to_save_it()
    {
        using var file = Saved("{}");
        file.ReadTokenizer().Should().BeNull();
        file.Invoking(f => f.RequireTokenizer()).Should().Throw<CheckpointException>()
            .WithMessage("*: it has no tokenizer 'tokenizer'. Hint: *Tokenizers => [new(\"tokenizer\", words)]; override*");
        file.Invoking(f => f.RequireTokenizer("source")).Should().Throw<CheckpointException>().WithMessage("*'source'*");
        file.Invoking(f => f.ReadTokenizer(null!)).Should().Throw<ArgumentNullException>().WithParameterName("name");

        using var withWords = Saved("{}", new WordTokenizer("a b"));
        withWords.RequireTokenizer().Encode("b").Should().Equal(new WordTokenizer("a b").Encode("b"));
    }

    private ModelFile Saved(string options, Tokenizer? tokenizer = null)
    {
        using var model = new OwnModel(options, tokenizer);
        var path = temporary.File(Guid.NewGuid().ToString("N") + ".safetensors");
        model.Save(path);
        return ModelFile.Open(path);
    }

    private sealed class OwnModel : Model
    {
        private readonly string options;
        private readonly Tokenizer? tokenizer;

        internal OwnModel(string options, Tokenizer? tokenizer)
        {
            (this.options, this.tokenizer) = (options, tokenizer);
            Register("layer", new Linear(2, 2, new RandomGenerator(1)));
        }

        protected internal override string OptionsJson => options;

        protected internal override IEnumerable<KeyValuePair<string, Tokenizer>> Tokenizers =>
            tokenizer is null ? [] : [new("tokenizer", tokenizer)];
    }

    internal sealed record Settings(int Size, float Rate, Part Part, string? Note);

    internal sealed record Part(int Depth, string Name);

    internal sealed record Sparse
    {
        public int Size { get; init; }

        public int Twice => 2 * Size;

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Note { get; init; }

        [JsonIgnore]
        public int Hidden { get; init; }
    }

    [JsonSerializable(typeof(Settings))]
    [JsonSerializable(typeof(Sparse))]
    internal sealed partial class Json : JsonSerializerContext;
}
