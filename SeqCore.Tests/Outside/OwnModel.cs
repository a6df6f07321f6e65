using System.Text.Json.Serialization;
using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>The options of a <see cref="TextClassifier"/>.</summary>
public sealed record TextClassifierOptions
{
    public required int VocabularySize { get; init; }

    public int HiddenSize { get; init; } = 16;

    public int ClassCount { get; init; } = 2;
}

/// <summary>Reads and writes the options without reflection, so that the program may be trimmed.</summary>
[JsonSerializable(typeof(TextClassifierOptions))]
public sealed partial class ClassifierJson : JsonSerializerContext;

/// <summary>A model of one's own that saves and loads itself as those of the library do.</summary>
public sealed class TextClassifier : Model
{
    private readonly Embedding embedding;
    private readonly Lstm lstm;
    private readonly Linear head;

    public TextClassifier(TextClassifierOptions options, RandomGenerator random)
    {
        Options = options;
        embedding = Register("embedding", new Embedding(options.VocabularySize, options.HiddenSize, random));
        lstm = Register("lstm", new Lstm(options.HiddenSize, options.HiddenSize, random));
        head = Register("head", new Linear(options.HiddenSize, options.ClassCount, random));
    }

    public TextClassifierOptions Options { get; }

    public required Tokenizer Tokenizer { get; init; }

    public override string FileKind => "text-classifier";

    protected override string OptionsJson =>
        System.Text.Json.JsonSerializer.Serialize(Options, ClassifierJson.Default.TextClassifierOptions);

    protected override IEnumerable<KeyValuePair<string, Tokenizer>> Tokenizers => [KeyValuePair.Create("tokenizer", Tokenizer)];

    public Variable Forward(IndexTensor tokens, IndexTensor? lengths = null) =>
        head.Forward(lstm.Forward(embedding.Forward(tokens), state: null, lengths).State.Hidden[0]);

    public static TextClassifier Load(string path) => ModelFile.Load(path, "text-classifier", file => new TextClassifier(
        file.ReadOptions(ClassifierJson.Default.TextClassifierOptions, new() { VocabularySize = 0 }), new RandomGenerator(0))
    {
        Tokenizer = file.RequireTokenizer(),
    });
}

public class OwnModelTests
{
    [Fact]
    public void It_comes_back_from_its_file_bit_for_bit()
    {
        var words = new WordTokenizer("good film , bad film");
        using var model =
            new TextClassifier(new() { VocabularySize = words.Count }, new RandomGenerator(3)) { Tokenizer = words };
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            model.Save(folder);
            using var loaded = TextClassifier.Load(folder);
            loaded.Options.Should().Be(model.Options);
            using var tokens = IndexTensor.FromSpan(loaded.Tokenizer.Encode("good film"), [1, 2]);
            using var scope = new TensorScope();
            loaded.Forward(tokens).Value.ToArray().Should().Equal(model.Forward(tokens).Value.ToArray());
            FluentActions.Invoking(() => Gpt.Load(folder))
                .Should().Throw<CheckpointException>().WithMessage("*'text-classifier', not 'gpt'*");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
