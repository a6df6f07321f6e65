using SeqCore.Models;

namespace SeqCore.Tests.Models.EncoderDecoder;

/// <summary>Models that translate strings: what they write depends on the text and the options alone.</summary>
public sealed class TranslationTests
{
    private static readonly string[] Texts = ["a dog", "", "the red dog runs", "cat", "a cat and a dog run", "a dog"];

    private static readonly string[] German = ["ein Hund läuft", "die rote Katze", "ein Hund und eine Katze"];

    public static TheoryData<string> Models => ["recurrent", "transformer"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Texts_side_by_side_are_translated_as_each_alone(string kind)
    {
        using var model = New(kind);
        var together = model.Translate(Texts);
        together.Should().HaveCount(Texts.Length);
        for (var i = 0; i < Texts.Length; i++)
        {
            var alone = model.Translate(Texts[i]);
            together[i].Tokens.Should().Equal(alone.Tokens);
            together[i].Text.Should().Be(alone.Text);

            // Rows of other lengths are summed in another order, at each token.
            together[i].LogProbability.Should().BeApproximately(alone.LogProbability, 5e-5 * (alone.Tokens.Count + 1));
            together[i].Source.Should().Equal(model.SourceTokenizer!.Encode(Texts[i]));
        }

        together[1].Should().BeEquivalentTo(new Translation("", [], [], 0, 0, IsComplete: true));
        together[0].Tokens.Should().NotBeEmpty();
        model.Translate(Array.Empty<string>()).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_translation_is_what_a_beam_search_finds(string kind)
    {
        using var model = New(kind);
        var options = new TranslationOptions { BeamWidth = 3, LengthPenalty = 0.8, MaximumLengthBeyond = 6 };
        var source = model.SourceTokenizer!.Encode(Texts[2]);
        using var tokens = IndexTensor.FromSpan(source, new Shape(1, source.Length));
        using var stream = model.NewStream(tokens, null, 3);
        var expected = new BeamSearch(stream, new BeamSearchOptions
        {
            MaximumLength = source.Length + 6,
            EndToken = SpecialToken.End,
            ForbiddenTokens = SpecialToken.NeverGenerated,
            LengthPenalty = 0.8,
            Results = 3,
        }).Search([SpecialToken.Start]);

        var found = model.TranslateToSeveral([Texts[2]], 3, options).Single();
        found.Select(t => t.Score).Should().BeInDescendingOrder();
        found.Select(t => (t.LogProbability, t.Score, t.IsComplete))
            .Should().Equal(expected.Select(e => (e.LogProbability, e.Score, e.IsComplete)));
        foreach (var (translation, hypothesis) in found.Zip(expected))
        {
            translation.Tokens.Should().Equal(hypothesis.Tokens.ToArray().Where(t => t != SpecialToken.End));
            translation.Text.Should().Be(model.TargetTokenizer!.Decode([.. translation.Tokens]).TrimStart(' '));
        }

        model.Translate(Texts[2], options).Should().BeEquivalentTo(found[0]);
        model.Translate(Texts[2], options).ToString().Should().Be(found[0].Text);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_mode_does_not_matter_and_training_continues_as_if_nothing_was_translated(string kind)
    {
        using var model = New(kind, dropout: 0.5f);
        model.Evaluate();
        var expected = model.Translate(Texts).Select(t => t.Text);
        model.Train();
        using (new Tape())
            model.Translate(Texts).Select(t => t.Text).Should().Equal(expected);
        model.IsTraining.Should().BeTrue();
    }

    [Fact]
    public void The_largest_length_depends_on_the_source()
    {
        using var model = New("recurrent");
        NeverEnds(model);
        var options = new TranslationOptions { MaximumLengthRatio = 1.5, MaximumLengthBeyond = 2, BeamWidth = 2 };
        foreach (var translation in model.Translate(Texts, options).Where(t => t.Source.Count > 0))
        {
            translation.IsComplete.Should().BeFalse();
            translation.Tokens.Should().HaveCount((int)(1.5 * translation.Source.Count) + 2);
        }

        using var limited = New("transformer", maximumLength: 7);
        NeverEnds(limited);
        limited.Translate("cat").Tokens.Should().HaveCountLessThanOrEqualTo(7);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Long_sources_are_cut_if_wanted(string kind)
    {
        const string Beginning = "a cat and", Whole = Beginning + " a dog and another cat run";
        using var model = New(kind, maximumLength: kind == "transformer" ? 12 : null);
        var tokens = model.SourceTokenizer!.Encode(Beginning);
        model.SourceTokenizer.Encode(Whole).Length.Should().BeGreaterThan(12);
        var found = model.Translate(["cat", Whole], new TranslationOptions { MaximumSourceLength = tokens.Length });
        found[0].Tokens.Should().Equal(model.Translate("cat").Tokens);
        found[1].Source.Should().Equal(tokens);
        found[1].Tokens.Should().Equal(model.Translate(Beginning).Tokens);
    }

    [Fact]
    public void Forbidden_tokens_are_never_written()
    {
        using var model = New("recurrent", level: "words");
        NeverEnds(model);
        Prefer(model, SpecialToken.Unknown);
        Options(allowsUnknown: true).Should().Contain(SpecialToken.Unknown);
        Options(allowsUnknown: false).Should().NotContain(SpecialToken.Unknown);
        Prefer(model, SpecialToken.Padding, SpecialToken.Start, SpecialToken.Mask);
        Options(allowsUnknown: true).Should().NotContain(SpecialToken.NeverGenerated);
        var first = Options(allowsUnknown: false)[0];
        Options(allowsUnknown: false, first).Should().NotContain(first);

        IReadOnlyList<int> Options(bool allowsUnknown, params int[] forbidden) => model.Translate("the dog",
            new TranslationOptions { AllowsUnknown = allowsUnknown, ForbiddenTokens = forbidden }).Tokens;
    }

    [Fact]
    public void Byte_pairs_lose_the_space_that_was_added_before_the_text()
    {
        using var model = New("recurrent");
        NeverEnds(model);
        var word = ((BytePairTokenizer)model.TargetTokenizer!).Encode("ein")[0];
        Prefer(model, word);
        var text = model.Translate("cat", new TranslationOptions { MaximumLengthBeyond = 1 }).Text;
        text.Should().StartWith("ein").And.Contain(" ein");
    }

    [Fact]
    public void A_saved_model_translates_bit_for_bit_the_same()
    {
        using var temporary = new TemporaryFolder();
        foreach (var kind in Models.Select(m => m.Data))
        {
            using var model = New(kind);
            model.Save(temporary.File($"{kind}.safetensors"));
            using var loaded = EncoderDecoderModel.Load(temporary.File($"{kind}.safetensors"));
            loaded.Translate(Texts).Should().BeEquivalentTo(model.Translate(Texts));
        }
    }

    [Fact]
    public void What_cannot_be_translated_is_refused()
    {
        using var model = New("transformer", maximumLength: 7);
        Refused<ArgumentException>(() => model.Translate(["cat", "a cat and a dog and another cat run"]),
            "Transformer: text 1 has * tokens, but the model can read only 7.*sentences one by one, or set MaximumSourceLength*");
        Refused<ArgumentException>(() => model.Translate(["cat", null!]), "*item 1 of texts is null*");
        Refused<ArgumentException>(() => model.Translate("half a pair: \uD800"), "*surrogate*");
        Refused<ArgumentException>(() => model.Translate("cat", new() { BeamWidth = 0 }), "*BeamWidth should be at least 1*");
        Refused<ArgumentException>(() => model.Translate("cat", new() { LengthPenalty = -1 }),
            "*LengthPenalty should be finite*");
        Refused<ArgumentException>(() => model.Translate("cat", new() { MaximumLengthRatio = double.NaN }),
            "*MaximumLengthRatio should be finite*");
        Refused<ArgumentException>(() => model.Translate("cat", new() { MaximumLengthBeyond = 0 }), "*MaximumLengthBeyond*");
        Refused<ArgumentException>(() => model.Translate("cat", new() { MaximumSourceLength = 0 }), "*MaximumSourceLength*");
        Refused<ArgumentException>(() => model.TranslateToSeveral(["cat"], 5), "*results should be at most 4*");
        Refused<ArgumentException>(() => model.Translate("cat", new() { ForbiddenTokens = [SpecialToken.End] }),
            "*ends a text and is also forbidden*");
        FluentActions.Invoking(() => model.Translate("cat", cancellation: new CancellationToken(canceled: true)))
            .Should().Throw<OperationCanceledException>();

        model.TargetTokenizer = BytePairTokenizer.Train(German, model.TargetVocabularySize, ["<|endoftext|>"], 1);
        Refused<InvalidOperationException>(() => model.Translate("cat"),
            "Transformer: translations are written with padding 0, start 2 and end 3, but these are missing, 0 and 0 in"
            + " TargetTokenizer. Hint: make it with SpecialToken.Names as its first tokens.");
        model.TargetTokenizer = null;
        Refused<InvalidOperationException>(() => model.Translate("cat"), "*without a TargetTokenizer cannot translate texts*");
        (model.TargetTokenizer, model.SourceTokenizer) = (Tokenizer(German, "bpe"), null);
        Refused<InvalidOperationException>(() => model.Translate("cat"), "*without a SourceTokenizer*");

        static void Refused<T>(Func<object> act, string message) where T : Exception =>
            FluentActions.Invoking(act).Should().Throw<T>().WithMessage(message);
    }

    private static Tokenizer Tokenizer(string[] texts, string level) => level == "words"
        ? new WordTokenizer(string.Join('\n', texts))
        : BytePairTokenizer.Train(texts, 261 + 8, SpecialToken.Names, 1,
            new BytePairOptions { AddsLeadingSpace = true, ReadsSpecialTokens = false });

    private static EncoderDecoderModel New(string kind, float dropout = 0f, int? maximumLength = null, string level = "bpe")
    {
        var (source, target) = (Tokenizer(Texts, level), Tokenizer(German, level));
        EncoderDecoderModel model = kind == "transformer"
            ? new SeqCore.Models.Transformer(new TransformerOptions
            {
                SourceVocabularySize = source.Count,
                TargetVocabularySize = target.Count,
                MaximumLength = maximumLength,
                EncoderLayers = 1,
                DecoderLayers = 2,
                Layer = new() { ModelSize = 16, HeadCount = 2, FeedForwardSize = 24, Dropout = dropout },
            }, new RandomGenerator(4))
            : new RecurrentEncoderDecoder(new RecurrentEncoderDecoderOptions
            {
                SourceVocabularySize = source.Count,
                TargetVocabularySize = target.Count,
                EmbeddingSize = 8,
                HiddenSize = 12,
                Dropout = dropout,
            }, new RandomGenerator(4));
        (model.SourceTokenizer, model.TargetTokenizer) = (source, target);

        // Beams of a model that has learnt nothing are all alike.
        foreach (var parameter in model.Parameters())
            parameter.Value.MultiplyInPlace(3f);

        return model;
    }

    private static void NeverEnds(EncoderDecoderModel model) => AddToBias(model, -1000f, SpecialToken.End);

    private static void Prefer(EncoderDecoderModel model, params int[] tokens) => AddToBias(model, 500f, tokens);

    private static void AddToBias(EncoderDecoderModel model, float value, params int[] tokens)
    {
        var (_, bias) = model.NamedParameters().Single(p => p.Key.EndsWith("head.bias", StringComparison.Ordinal));
        var values = bias.Value.ToArray();
        foreach (var token in tokens)
            values[token] += value;
        bias.Value.CopyFrom(values);
    }
}
