using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Text;

public sealed class TextClassifierTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Texts whose label is the one of "fine" and "dull" that is in them, among words that mean nothing.</summary>
    internal static LabelledText[] Reviews(int count, int seed = 1)
    {
        var random = new Random(seed);
        string[] others = ["a", "film", "of", "the", "year", "story", "actors"];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var words = random.GetItems(others, 3 + i % 5).Append(i % 2 == 0 ? "fine" : "dull").ToArray();
            random.Shuffle(words);
            return new LabelledText(string.Join(' ', words), i % 2 == 0 ? "good" : "bad");
        })];
    }

    internal static TextClassifier New(Func<TextClassifierOptions, TextClassifierOptions>? change = null)
    {
        var encoder = TextEncoderTests.Small(TextEncoderKind.Gru);
        var options = new TextClassifierOptions { Labels = ["bad", "good"], Encoder = encoder };
        var words = new WordTokenizer(string.Join(' ', Reviews(60).Select(r => r.Text)));
        return new TextClassifier(words, change?.Invoke(options) ?? options, new RandomGenerator(1));
    }

    [Theory]
    [MemberData(nameof(TextEncoderTests.Kinds), MemberType = typeof(TextEncoderTests))]
    public void Every_kind_learns_and_a_saved_one_predicts_the_same_bits(TextEncoderKind kind)
    {
        using var model = New(o => o with { Encoder = TextEncoderTests.Small(kind), TokenDropout = 0.05f });
        Train(model, Reviews(60), 80);
        string[] unseen = [.. Reviews(40, seed: 2).Select(r => r.Text), "", "zyzzyva"];
        var predictions = model.Predict(unseen);
        predictions.Take(40).Select(p => p.Label).Should().Equal(Reviews(40, seed: 2).Select(r => r.Labels[0]));
        model.Save(folder.File("model.safetensors"));
        using var loaded = TextClassifier.Load(folder.File("model.safetensors"));
        loaded.Predict(unseen).Select(p => p.Probabilities).Should()
            .BeEquivalentTo(predictions.Select(p => p.Probabilities), o => o.WithStrictOrdering());
        loaded.Options.Labels.Should().Equal("bad", "good");
        using var file = ModelFile.Open(folder.File("model.safetensors"));
        using var opened = TextClassifier.Load(file);
        opened.Predict(unseen)[0].Probabilities.Should().Equal(predictions[0].Probabilities);
        opened.IsTraining.Should().BeFalse();
        FluentActions.Invoking(() => TextTagger.Load(file)).Should().Throw<CheckpointException>()
            .WithMessage("*'text-classifier'*");
    }

    [Fact]
    public void A_prediction_says_all_that_is_known_of_it()
    {
        using var model = New();
        var prediction = model.Predict("a fine film");
        prediction.Probabilities.Sum().Should().BeApproximately(1f, 1e-6f);
        prediction.Probability.Should().Be(prediction.Probabilities.Max());
        prediction.Labels.Should().Equal(prediction.Label);
        prediction.Tokens.Should().Equal(model.Tokenizer.Encode("a fine film"));
        prediction.Weights!.Count.Should().Be(3);
        prediction.Weights.Sum().Should().BeApproximately(1f, 1e-6f);
        New(o => o with { Pooling = TimePoolingKind.Max }).Predict("a fine film").Weights.Should().BeNull();
    }

    [Fact]
    public void Predictions_ignore_the_mode_the_tape_and_the_texts_beside()
    {
        using var model = New(o => o with { Dropout = 0.5f });
        model.Evaluate();
        var alone = model.Predict("a fine film");
        model.Train();
        using var tape = new Tape();
        var among = model.Predict(["dull", "a fine film", "the story of the year of the actors"])[1];
        among.Probabilities.ToArray().ShouldBeCloseTo([.. alone.Probabilities], 1e-6f, "probabilities");
        model.IsTraining.Should().BeTrue();
        model.Predict("").Tokens.Should().Equal(model.Tokenizer.Special.Unknown!.Value);
        New(o => o with { MaximumLength = 2 }).Predict("a fine film").Tokens.Should().HaveCount(2);
    }

    [Fact]
    public void Lists_of_the_options_are_copied()
    {
        List<string> labels = ["bad", "good"];
        float[] weights = [1f, 2f];
        int[] sizes = [2, 3];
        var encoder = TextEncoderTests.Small(TextEncoderKind.Convolution) with { KernelSizes = sizes };
        using var model = New(o => o with { Labels = labels, LabelWeights = weights, Encoder = encoder });
        labels.Reverse();
        weights[0] = 9f;
        sizes[0] = 7;
        model.Options.Encoder.KernelSizes.Should().Equal(2, 3);
        model.Options.Labels.Should().Equal("bad", "good");
        model.Options.LabelWeights.Should().Equal(1f, 2f);
        model.Predict("a fine film").ToString().Should().MatchRegex(@"^(bad|good) \(\d+ %\)$");
    }

    [Fact]
    public void One_long_text_does_not_make_the_others_long()
    {
        using var model = New(o => o with
        {
            MaximumLength = 50_000,
            Encoder = TextEncoderTests.Small(TextEncoderKind.Transformer) with { Layers = 1 },
        });
        using var backend = new CpuBackend(1);
        model.To(backend);
        var text = string.Join(' ', Enumerable.Repeat("fine film", 1500));
        string[] texts = [.. Enumerable.Repeat("a dull film", 100), text];
        var before = backend.Memory.Reserved;
        model.Predict(texts)[^1].Tokens.Should().HaveCount(3000);
        (backend.Memory.Reserved - before).Should().BeLessThan(100L << 20);
    }

    [Fact]
    public void Steps_and_predictions_leave_no_memory_behind()
    {
        using var backend = new CpuBackend(1);
        using var model = New();
        model.To(backend);
        var texts = Reviews(16);
        long InUse()
        {
            using (var tape = new Tape())
                tape.Backward(model.Loss(texts) + model.Loss(Reviews(16, seed: 2)));
            model.ZeroGradients();
            model.Predict([.. texts.Select(t => t.Text)]);
            model.Score(texts);
            return backend.Memory.InUse;
        }

        var first = InUse();
        for (var i = 0; i < 10; i++)
            InUse().Should().BeLessThanOrEqualTo(first + 4096, "step {0}", i);
    }

    [Fact]
    public void A_tokenizer_without_an_unknown_token_drops_none()
    {
        LabelledText[] texts = [new("aab", "a"), new("bba", "b")];
        var characters = new CharacterTokenizer("ab");
        using var model = new TextClassifier(characters, new TextClassifierOptions { Labels = ["a", "b"], TokenDropout = 0.9f },
            new RandomGenerator(1));
        model.Loss(texts).Value.Item().Should().BeGreaterThan(0f);
    }

    [Fact]
    public void Several_labels_are_learned_each_on_its_own()
    {
        var random = new Random(1);
        LabelledText[] texts = [.. Enumerable.Range(0, 120).Select(i =>
        {
            string[] own = [.. new[] { "sport", "money", "art" }.Where((_, l) => (i >> l) % 2 == 1)];
            var words = own.Concat(random.GetItems(new[] { "the", "news", "of" }, 2)).ToArray();
            random.Shuffle(words);
            return new LabelledText(string.Join(' ', words), own);
        })];
        var options = new TextClassifierOptions
        {
            Labels = LabelledText.LabelsOf(texts), IsMultiLabel = true, Dropout = 0f, TokenDropout = 0f,
            Encoder = TextEncoderTests.Small(TextEncoderKind.Gru),
        };
        var words = new WordTokenizer(string.Join(' ', texts.Select(t => t.Text)));
        using var model = new TextClassifier(words, options, new RandomGenerator(1));
        model.Options.Labels.Should().Equal("art", "money", "sport");
        Train(model, texts, 150).Accuracy.Should().Be(1);
        model.Predict("sport and art").Labels.Should().BeEquivalentTo("sport", "art");
        model.Predict("the news").Labels.Should().BeEmpty();
    }

    [Fact]
    public void The_loss_weighs_and_smooths_labels_as_cross_entropy_does()
    {
        var texts = Reviews(4);
        using var plain = New(o => o with { Dropout = 0f, TokenDropout = 0f });
        using var weighted = New(o => o with
        {
            Dropout = 0f,
            TokenDropout = 0f,
            LabelWeights = [1f, 3f],
            LabelSmoothing = 0.2f,
        });
        using var scope = new TensorScope();
        using var batch = new PaddedBatch([.. texts.Select(t => plain.Tokenizer.Encode(t.Text))]);
        var logits = plain.Forward(batch.Tokens, batch.Lengths);
        var labels = IndexTensor.FromArray([1, 0, 1, 0]);
        plain.Loss(texts).Value.Item().Should().Be(logits.CrossEntropy(labels).Value.Item());
        weighted.Loss(texts).Value.Item().Should().BeApproximately(logits.CrossEntropy(labels, labelSmoothing: 0.2f,
            classWeights: Tensor.FromArray([1f, 3f])).Value.Item(), 1e-6f);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Make(o => o with { Labels = ["one"] }).Should().Throw<ArgumentException>()
            .WithMessage("*at least 2 different labels*1 label*");
        Make(o => o with { Labels = ["a", "a"] }).Should().Throw<ArgumentException>().WithMessage("*'a' is listed twice*");
        Make(o => o with { Labels = ["a", ""] }).Should().Throw<ArgumentException>().WithMessage("*label 1 is empty or null*");
        Make(o => o with { LabelWeights = [1f] }).Should().Throw<ArgumentException>()
            .WithMessage("*each of the 2 labels; got 1*");
        Make(o => o with { LabelWeights = [1f, 0f] }).Should().Throw<ArgumentException>().WithMessage("*LabelWeights*");
        Make(o => o with { Threshold = 1f }).Should().Throw<ArgumentException>().WithMessage("*Threshold should be in (0, 1)*");
        Make(o => o with { Pooling = (TimePoolingKind)9 }).Should().Throw<ArgumentException>().WithMessage("*Pooling*9*");
        Make(o => o with { Labels = ["a", "b\ud800"] }).Should().Throw<ArgumentException>().WithMessage("*label 1*surrogate*");
        using var model = New();
        model.Invoking(m => m.Loss([new("a film", "ugly")])).Should().Throw<ArgumentException>()
            .WithMessage("*text 0 has the label 'ugly', which is none of the model's: bad, good.*");
        model.Invoking(m => m.Loss([new("a film", "good", "bad")])).Should().Throw<ArgumentException>()
            .WithMessage("*text 0 has 2 labels; each should have exactly one*IsMultiLabel*");
        model.Invoking(m => m.Loss([])).Should().Throw<ArgumentException>().WithMessage("*at least one text*");
        model.Invoking(m => m.Loss([default])).Should().Throw<ArgumentException>().WithMessage("*text 0 is null*");
        model.Invoking(m => m.Predict(["a", "a \ud800 b"])).Should().Throw<ArgumentException>()
            .WithMessage("*text 1 cannot be read*surrogate*");
        model.Invoking(m => m.Score([])).Should().Throw<ArgumentException>().WithMessage("*at least one text*");
        LabelledText.LabelsOf([default, new("a", "x")]).Should().Equal("x");

        static Action Make(Func<TextClassifierOptions, TextClassifierOptions> change) => () => New(change);
    }

    internal static ClassificationScore Train(TextClassifier model, LabelledText[] texts, int steps)
    {
        using var task = new TextClassifierTask(model, texts, texts, batchSize: 16, seed: 1);
        using var optimizer = new Adam(model.Parameters(), learningRate: 0.02f);
        new Trainer(task, optimizer, new TrainerOptions { Steps = steps }).Run();
        return task.LastScore!.Value;
    }
}
