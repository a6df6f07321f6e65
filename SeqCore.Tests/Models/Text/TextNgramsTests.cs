using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Text;

public sealed class TextNgramsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static readonly LabelledText[] texts =
        [new("not good", "bad"), new("good", "good"), new("good good", "good"), new("bad", "bad")];

    private static TextClassifier New(LabelledText[] training, int size = 2,
        Func<TextClassifierOptions, TextClassifierOptions>? change = null)
    {
        var words = new WordTokenizer(training.Select(t => t.Text));
        var options = new TextClassifierOptions
        {
            Labels = LabelledText.LabelsOf(training),
            NgramSize = size,
            Encoder = TextEncoderTests.Small(TextEncoderKind.Embedding),
            Dropout = 0f,
            TokenDropout = 0f,
        };
        options = change?.Invoke(options) ?? options;
        return new TextClassifier(words, options, new RandomGenerator(1),
            TextNgrams.Of(words, training, options.Labels, options.NgramSize));
    }

    [Fact]
    public void N_grams_include_the_start_and_the_end_and_count_once_in_a_text()
    {
        TextNgrams.In([7, 8, 7], 1).Should().Equal("7", "8");
        TextNgrams.In([7, 8, 7], 2).Should().Equal("7", "8", "< 7", "7 8", "8 7", "7 >");
        TextNgrams.In([7], 3).Should().Equal("7", "< 7", "7 >", "< 7 >");
        TextNgrams.In([7], 9).Should().HaveCount(4);
    }

    [Fact]
    public void Ratios_compare_the_share_of_a_label_with_and_without_an_n_gram()
    {
        var words = new WordTokenizer(texts.Select(t => t.Text));
        var ngrams = TextNgrams.Of(words, texts, ["bad", "good"], size: 1);
        (ngrams.Count, ngrams.Size).Should().Be((3, 1));
        ngrams.Labels.Should().Equal("bad", "good");
        Row("good").ShouldBeCloseTo([MathF.Log((1f + 1f) / (3f + 2f) / 0.5f), MathF.Log((2f + 1f) / (3f + 2f) / 0.5f)], 1e-6f,
            "good: one of the three texts with it is bad");
        Row("not").ShouldBeCloseTo([MathF.Log((1f + 1f) / (1f + 2f) / 0.5f), MathF.Log((0f + 1f) / (1f + 2f) / 0.5f)], 1e-6f,
            "not: the one text with it is bad");
        ngrams.Ratios[..(SpecialToken.Count * 2)].ToArray().Should().AllBeEquivalentTo(0f);
        TextNgrams.Of(words, texts, ["bad", "good"], size: 2, maximumCount: 4).Count.Should().Be(4);
        TextNgrams.Of(words, texts, ["bad", "good", "none"]).Ratios.ToArray().Should().OnlyContain(r => float.IsFinite(r));

        float[] Row(string word)
        {
            var ngram = ngrams.Vocabulary.Encode([.. TextNgrams.In(words.Encode(word), 1)])[0];
            return ngrams.Ratios.Slice(ngram * 2, 2).ToArray();
        }
    }

    [Fact]
    public void Word_order_that_a_bag_of_words_cannot_see_is_learned_with_pairs()
    {
        LabelledText[] training =
        [
            new("good not bad", "good"), new("bad not good", "bad"), new("it is good and not bad", "good"),
            new("it is bad and not good", "bad"),
        ];
        LabelledText[] unseen =
        [
            new("good and not bad", "good"), new("bad and not good", "bad"), new("it is not bad", "good"),
            new("it is not good", "bad"),
        ];
        Accuracy(2).Should().Be(1);
        Accuracy(1).Should().BeLessThan(1, "two of the texts have the same words");

        double Accuracy(int size)
        {
            using var model = New(training, size);
            TextClassifierTests.Train(model, training, 60);
            return model.Score(unseen).Accuracy;
        }
    }

    [Fact]
    public void A_saved_model_predicts_the_same_bits_and_continues_training()
    {
        using var model = New(TextClassifierTests.Reviews(60), change: o => o with { Members = 2 });
        TextClassifierTests.Train(model, TextClassifierTests.Reviews(60), 30);
        model.Save(folder.File("model.safetensors"));
        using var loaded = TextClassifier.Load(folder.File("model.safetensors"));
        string[] unseen = [.. TextClassifierTests.Reviews(20, seed: 2).Select(r => r.Text), "", "zyzzyva"];
        loaded.Predict(unseen).Select(p => p.Probabilities).Should()
            .BeEquivalentTo(model.Predict(unseen).Select(p => p.Probabilities), o => o.WithStrictOrdering());
        loaded.Train();
        TextClassifierTests.Train(loaded, TextClassifierTests.Reviews(60), 5).Accuracy.Should().BeGreaterThan(0.9);
    }

    [Fact]
    public void Logits_of_n_grams_are_added_and_follow_the_losses_gradient()
    {
        using var model = New(texts);
        using var scope = new TensorScope();
        using var batch = new PaddedBatch([.. texts.Select(t => model.Tokenizer.Encode(t.Text))]);
        var before = model.Forward(batch.Tokens, batch.Lengths).Value.ToArray();
        var bias = model.NamedParameters().Single(p => p.Key == "ngrams.bias").Value;
        bias.Value.CopyFrom(Tensor.FromArray([1f, -2f]));
        model.Forward(batch.Tokens, batch.Lengths).Value.ToArray()
            .ShouldBeCloseTo([.. before.Select((logit, i) => logit + (i % 2 == 0 ? 1f : -2f))], 1e-5f, "logits");

        using (var tape = new Tape())
            tape.Backward(model.Loss(texts));
        var (gradient, step) = (bias.Gradient!.ToArray()[0], 1e-2f);
        bias.Value.CopyFrom(Tensor.FromArray([1f + step, -2f]));
        var above = model.Loss(texts).Value.Item();
        bias.Value.CopyFrom(Tensor.FromArray([1f - step, -2f]));
        gradient.Should().BeApproximately((above - model.Loss(texts).Value.Item()) / (2f * step), 1e-3f);
    }

    [Fact]
    public void Steps_and_predictions_leave_no_memory_behind()
    {
        using var backend = new CpuBackend(1);
        using var model = New(TextClassifierTests.Reviews(60));
        model.To(backend);
        var some = TextClassifierTests.Reviews(16);
        long InUse()
        {
            using (var tape = new Tape())
                tape.Backward(model.Loss(some));
            model.ZeroGradients();
            model.Predict([.. some.Select(t => t.Text)]);
            model.Score(some);
            return backend.Memory.InUse;
        }

        var first = InUse();
        for (var i = 0; i < 10; i++)
            InUse().Should().BeLessThanOrEqualTo(first + 4096, "step {0}", i);
    }

    [Fact]
    public void N_grams_that_do_not_fit_are_refused()
    {
        var words = new WordTokenizer("good bad");
        var ngrams = TextNgrams.Of(words, texts, ["bad", "good"]);
        var options = new TextClassifierOptions { Labels = ["bad", "good"], NgramSize = 2 };
        Make(options, null).Should().Throw<ArgumentException>().WithMessage("*NgramSize is 2, but no n-grams*TextNgrams.Of*");
        Make(options with { NgramSize = 3 }, ngrams).Should().Throw<ArgumentException>()
            .WithMessage("*up to 2 tokens, but NgramSize is 3*");
        Make(options with { Labels = ["good", "bad"] }, ngrams).Should().Throw<ArgumentException>()
            .WithMessage("*counted for the labels bad, good, which are not those of the options*");
        Make(options with { NgramSize = -1 }, null).Should().Throw<ArgumentException>().WithMessage("*NgramSize*");
        FluentActions.Invoking(() => TextNgrams.Of(words, texts, ["bad"])).Should().Throw<ArgumentException>()
            .WithMessage("*text 1 has the label 'good', which is not listed*");
        FluentActions.Invoking(() => TextNgrams.Of(words, [], ["bad"])).Should().Throw<ArgumentException>()
            .WithMessage("*at least one text*");
        FluentActions.Invoking(() => TextNgrams.Of(words, texts, ["bad", "good"], size: 0)).Should().Throw<ArgumentException>();

        Action Make(TextClassifierOptions own, TextNgrams? given) =>
            () => new TextClassifier(words, own, new RandomGenerator(1), given).Dispose();
    }
}
