using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Text;

public sealed class TextTaggerTransferTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Words_characters_and_layers_are_copied_and_what_belongs_to_tags_is_not()
    {
        using var other = New(["the", "Hope", "sails", "q"], ["NOUN", "VERB", "DET"], seed: 1, o => o with { HasCrf = true });
        using var model = New(["z", "sails", "hope", "the"], ["B-SHIP", "O"], seed: 2, o => o with { HasCrf = true });
        var before = Values(model);
        var others = Values(other);
        var transfer = model.StartFrom(other);
        var after = Values(model);
        Values(other).Should().BeEquivalentTo(others, o => o.WithStrictOrdering());

        transfer.Tokens.Should().Be(2, "hope is not Hope");
        Row(model, "the").Should().Equal(Row(other, "the")).And.NotEqual(Row(other, "sails"));
        Row(model, "sails").Should().Equal(Row(other, "sails"));
        foreach (var fresh in (string[])["z", "hope"])
            Row(model, fresh).Should().Equal(RowOf(before, "encoder.embedding.weight", Token(model, fresh), 6));
        RowOf(after, "encoder.embedding.weight", SpecialToken.Unknown, 6)
            .Should().Equal(RowOf(others, "encoder.embedding.weight", SpecialToken.Unknown, 6));

        transfer.Characters.Should().Be("aehilopst".Length, "z is no character of the other model");
        Letter(model, after, "p").Should().Equal(Letter(other, others, "p"));
        Letter(model, after, "z").Should().Equal(Letter(model, before, "z"));

        string[] ofTags = [.. after.Keys.Where(n => n.StartsWith("head.", StringComparison.Ordinal)
            || n.StartsWith("crf.", StringComparison.Ordinal))];
        ofTags.Should().HaveCount(5);
        transfer.Left.Should().Equal(ofTags);
        transfer.Copied.Should().Equal(after.Keys.Except(ofTags));
        foreach (var name in ofTags)
            after[name].Should().Equal(before[name]);
        foreach (var name in transfer.Copied.Where(n => !n.EndsWith("embedding.weight", StringComparison.Ordinal)))
            after[name].Should().Equal(others[name]).And.NotEqual(before[name], name);
    }

    [Fact]
    public void A_tagger_in_lower_case_gives_its_words_to_those_with_capitals()
    {
        using var other = New(["the"], ["A", "B"], seed: 1, isLowercase: true);
        using var model = New(["The", "the"], ["A", "B"], seed: 2);
        model.StartFrom(other).Tokens.Should().Be(2);
        Row(model, "The").Should().Equal(Row(other, "the")).And.Equal(Row(model, "the"));
    }

    [Fact]
    public void Parts_of_other_sizes_keep_their_values_and_are_reported()
    {
        using var other = New(["a", "b"], ["A", "B"], seed: 1);
        using var plain = New(["a"], ["A", "B"], seed: 2, o => o with { CharacterFeatures = 0 });
        var transfer = plain.StartFrom(other);
        transfer.Copied.Should().Equal("encoder.embedding.weight");
        transfer.Left.Should().Contain("encoder.lstm.weight_hh_l0", "the whole layer has other inputs");
        transfer.Characters.Should().Be(0);

        using var wide = New(["a"], ["A", "B"], seed: 2, o => o with { Encoder = o.Encoder with { EmbeddingSize = 7 } });
        transfer = wide.StartFrom(other);
        transfer.Tokens.Should().Be(0);
        transfer.Copied.Should().OnlyContain(n => n.StartsWith("characters.", StringComparison.Ordinal)).And.HaveCount(3);
        transfer.Characters.Should().Be(1);

        using var foreign = New(["a"], ["A", "B"], seed: 2, o => o with
        {
            CharacterFeatures = 3,
            Encoder = o.Encoder with { EmbeddingSize = 7, HiddenSize = 9 },
        });
        var before = Values(foreign);
        foreign.Invoking(m => m.StartFrom(other)).Should().Throw<ArgumentException>()
            .WithMessage("TextTagger: nothing can be copied*no part has the same sizes in both. Hint: give Encoder*");
        foreign.Invoking(m => m.StartFrom(foreign)).Should().Throw<ArgumentException>().WithMessage("*another model*");
        Values(foreign).Should().BeEquivalentTo(before, o => o.WithStrictOrdering());
    }

    [Fact]
    public void What_was_copied_is_trained_further_and_saved()
    {
        using var other = TextTaggerTests.New(o => o with { Tags = ["NAME", "OTHER"] });
        using var model = TextTaggerTests.New(o => o with { HasCrf = true, IsBio = true });
        model.StartFrom(other);
        var sentences = TextTaggerTests.Sentences(40);
        using (var task = new TextTaggerTask(model, sentences, sentences, batchSize: 8, seed: 1))
        using (var optimizer = new Adam(model.Parameters(), learningRate: 0.01f))
            new Trainer(task, optimizer, new TrainerOptions { Steps = 5 }).Run();
        Values(model)["encoder.lstm.weight_hh_l0"].Should().NotEqual(Values(other)["encoder.lstm.weight_hh_l0"]);
        model.Save(folder.File("model.safetensors"));
        using var loaded = TextTagger.Load(folder.File("model.safetensors"));
        loaded.Score(sentences).Should().Be(model.Score(sentences));
    }

    [Fact]
    public void Weights_are_copied_from_one_backend_to_another()
    {
        using var backend = new CpuBackend(1);
        using var other = New(["a", "b"], ["A", "B"], seed: 1);
        using var model = New(["b"], ["A", "B"], seed: 2);
        model.To(backend);
        model.StartFrom(other).Tokens.Should().Be(1);
        model.Parameters().Should().OnlyContain(p => p.Value.Backend == backend);
        Row(model, "b").Should().Equal(Row(other, "b"));
    }

    private static TextTagger New(string[] words, string[] tags, ulong seed,
        Func<TextTaggerOptions, TextTaggerOptions>? change = null, bool isLowercase = false)
    {
        var options = new TextTaggerOptions
        {
            Tags = tags,
            Encoder = TextEncoderTests.Small(TextEncoderKind.Lstm) with { Layers = 1 },
            CharacterFeatures = 8,
        };
        return new TextTagger(new TokenVocabulary([words], isLowercase: isLowercase), change?.Invoke(options) ?? options,
            new RandomGenerator(seed));
    }

    private static Dictionary<string, float[]> Values(TextTagger model) =>
        model.NamedParameters().ToDictionary(p => p.Key, p => p.Value.Value.ToArray());

    private static int Token(TextTagger model, string word) => model.Vocabulary.Encode([word])[0];

    private static float[] Row(TextTagger model, string word) =>
        RowOf(Values(model), "encoder.embedding.weight", Token(model, word), model.Options.Encoder.EmbeddingSize);

    private static float[] Letter(TextTagger model, Dictionary<string, float[]> values, string letter) =>
        RowOf(values, "characters.embedding.weight", model.Characters!.Encode(letter)[0], model.Options.CharacterEmbeddingSize);

    private static float[] RowOf(Dictionary<string, float[]> values, string name, int row, int width) =>
        values[name][(row * width)..((row + 1) * width)];
}
