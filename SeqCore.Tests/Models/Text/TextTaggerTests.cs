using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Text;

public sealed class TextTaggerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>
    /// Sentences in which a name is "Mr" or "Mrs" and the next token, or a token that ends in "burg".
    /// </summary>
    internal static TaggedText[] Sentences(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var (tokens, tags) = (new List<string>(), new List<string>());
            for (var i = random.Next(2, 8); i > 0; i--)
            {
                if (random.Next(4) == 0)
                {
                    tokens.AddRange([random.Next(2) == 0 ? "Mr" : "Mrs", $"x{random.Next(30)}"]);
                    tags.AddRange(["B-PER", "I-PER"]);
                }
                else if (random.Next(4) == 0)
                {
                    tokens.Add($"{(char)('a' + random.Next(26))}{(char)('a' + random.Next(26))}burg");
                    tags.Add("B-LOC");
                }
                else
                {
                    tokens.Add($"x{random.Next(30)}");
                    tags.Add("O");
                }
            }

            return new TaggedText(tokens, tags);
        })];
    }

    internal static TextTagger New(Func<TextTaggerOptions, TextTaggerOptions>? change = null)
    {
        var options = new TextTaggerOptions
        {
            Tags = ["B-LOC", "B-PER", "I-PER", "O"],
            Encoder = TextEncoderTests.Small(TextEncoderKind.Lstm) with { Layers = 1 },
            CharacterFeatures = 8,
        };
        return new TextTagger(new TokenVocabulary(Sentences(150).Select(s => s.Tokens), minimumFrequency: 2),
            change?.Invoke(options) ?? options, new RandomGenerator(1));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Context_and_characters_are_learned_and_saved(bool hasCrf, bool isBio)
    {
        using var model = New(o => o with { HasCrf = hasCrf, IsBio = isBio });
        var unseen = Sentences(60, seed: 2);
        using (var task = new TextTaggerTask(model, Sentences(150), unseen, batchSize: 16, seed: 1) { EvaluatesAccuracy = true })
        using (var optimizer = new Adam(model.Parameters(), learningRate: 0.01f))
        {
            new Trainer(task, optimizer, new TrainerOptions { Steps = 150 }).Run();
            task.LastScore!.Value.SpanF1.Should().BeGreaterThan(0.95);
            task.Score().Should().Be(model.Score(unseen));
        }

        var predictions = model.Predict([.. unseen.Select(s => s.Tokens)]);
        var right = predictions.Zip(unseen).Sum(p => p.First.Zip(p.Second.Tags).Count(t => t.First == t.Second));
        model.Score(unseen).Accuracy.Should().Be((double)right / unseen.Sum(s => s.Tokens.Count));
        model.Predict(["x3", "Mrs", "x5", "zzburg"]).Should().Equal("O", "B-PER", "I-PER", "B-LOC");
        model.Save(folder.File("model.safetensors"));
        using var loaded = TextTagger.Load(folder.File("model.safetensors"));
        loaded.Predict([.. unseen.Select(s => s.Tokens)]).Should().BeEquivalentTo(predictions, o => o.WithStrictOrdering());
        loaded.Score(unseen).Should().Be(model.Score(unseen));
        using var file = ModelFile.Open(folder.File("model.safetensors"));
        using var opened = TextTagger.Load(file);
        opened.Score(unseen).Should().Be(model.Score(unseen));
        opened.IsTraining.Should().BeFalse();
    }

    [Fact]
    public void Every_parameter_gets_the_gradient_of_differences()
    {
        // Without characters: the largest value of a feature has corners, which differences see.
        using var model = New(o => o with { HasCrf = true, TokenDropout = 0f, Dropout = 0f, CharacterFeatures = 0 });
        ParameterCheck.Enliven(model, new RandomGenerator(2));
        var sentences = Sentences(3, seed: 5);
        foreach (var (name, parameter) in model.NamedParameters())
            ParameterCheck.Run(model, parameter, () => model.Loss(sentences), name);
    }

    [Fact]
    public void The_loss_is_the_mean_over_tokens_or_sentences_whatever_the_padding()
    {
        var sentences = Sentences(5, seed: 5);
        foreach (var hasCrf in (bool[])[false, true])
        {
            using var model = New(o => o with { HasCrf = hasCrf, TokenDropout = 0f, Dropout = 0f });
            using var scope = new TensorScope();
            var weights = sentences.Select(s => hasCrf ? 1.0 : s.Tokens.Count).ToArray();
            var alone = sentences.Zip(weights, (s, w) => w * model.Loss([s]).Value.Item()).Sum() / weights.Sum();
            model.Loss(sentences).Value.Item().Should().BeApproximately((float)alone, 1e-4f);
            model.Score(sentences).Loss.Should().BeApproximately(alone, 1e-4);
        }
    }

    [Fact]
    public void Tags_of_BIO_are_never_out_of_order()
    {
        using var model = New(o => o with { HasCrf = true, IsBio = true });
        foreach (var tags in model.Predict([.. Sentences(200, seed: 9).Select(s => s.Tokens)]))
        {
            for (var i = 0; i < tags.Count; i++)
                (tags[i] != "I-PER" || (i > 0 && tags[i - 1] is "B-PER" or "I-PER")).Should().BeTrue();
        }
    }

    [Fact]
    public void A_resumed_run_ends_with_the_bits_of_one_that_never_stopped()
    {
        float[] Run(string name, params int[] stops)
        {
            var trained = Array.Empty<float>();
            foreach (var stop in stops)
            {
                using var model = New(o => o with { HasCrf = true });
                using var task = new TextTaggerTask(model, Sentences(40), Sentences(10, seed: 2), 8, 1);
                using var optimizer = new Adam(model.Parameters());
                var options = new TrainerOptions { Steps = stop, Folder = folder.File(name), CheckpointEvery = 5 };
                var trainer = new Trainer(task, optimizer, options);
                trainer.Resume().Should().Be(stop != stops[0]);
                trainer.Run();
                trained = [.. model.Parameters().SelectMany(p => p.Value.ToArray())];
            }

            return trained;
        }

        Run("stopped", 4, 9, 15).Should().Equal(Run("whole", 15));
    }

    [Fact]
    public void Steps_and_predictions_leave_no_memory_behind()
    {
        using var backend = new CpuBackend(1);
        using var model = New(o => o with { HasCrf = true });
        model.To(backend);
        var sentences = Sentences(16);
        long InUse()
        {
            using (var tape = new Tape())
            {
                // Two losses of one step, as where gradients are accumulated.
                tape.Backward(model.Loss(sentences) + model.Loss(Sentences(16, seed: 2)));
            }

            model.ZeroGradients();
            model.Predict([.. sentences.Select(s => s.Tokens)]);
            model.Score(sentences);
            return backend.Memory.InUse;
        }

        var first = InUse();
        for (var i = 0; i < 10; i++)
            InUse().Should().BeLessThanOrEqualTo(first + 4096, "step {0}", i);
    }

    [Fact]
    public void Rare_tokens_are_dropped_with_their_probability_in_training_alone()
    {
        // x2 is once in the training sentences and x1 99 times, so with strength 99 they are dropped in 99 and 50 of 100 cases.
        TaggedText[] sentences = [.. Enumerable.Repeat(new TaggedText(["x1"], ["O"]), 98), new(["x1", "x2"], ["O", "B-LOC"])];
        using var model = New(o => o with { CharacterFeatures = 0, TokenDropout = 0f, Dropout = 0f, RareTokenDropout = 99f });
        using var task = new TextTaggerTask(model, sentences, sentences, batchSize: 99, seed: 1);
        var encoded = model.EncodeForTraining(sentences);
        encoded[^1].Rarity.Should().Equal(0.5f, 0.99f);
        model.Encode(sentences)[^1].Rarity.Should().BeNull();
        using var scope = new TensorScope();
        var losses = Enumerable.Range(0, 20).Select(_ => task.NextLoss().Value.Item()).Distinct();
        losses.Should().HaveCountGreaterThan(10);
        model.Evaluate();
        model.LossOf(encoded).Value.Item().Should().Be(model.Loss(sentences).Value.Item());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_penalty_of_O_lets_predictions_find_more_names_and_keeps_the_loss(bool hasCrf)
    {
        var sentences = Sentences(60, seed: 2);
        using var model = New(o => o with { HasCrf = hasCrf, IsBio = hasCrf });
        Train(model);
        var names = new List<int>();
        foreach (var penalty in (float[])[0f, 1f, 1000f])
        {
            using var other = New(o => o with { HasCrf = hasCrf, IsBio = hasCrf, OutsidePenalty = penalty });
            other.LoadStateDictionary(model.StateDictionary());
            other.Evaluate();
            names.Add(other.Predict([.. sentences.Select(s => s.Tokens)]).Sum(t => t.Count(tag => tag != "O")));
            other.Score(sentences).Loss.Should().Be(model.Score(sentences).Loss);
            other.Save(folder.File("penalty.safetensors"));
            using var loaded = TextTagger.Load(folder.File("penalty.safetensors"));
            loaded.Options.OutsidePenalty.Should().Be(penalty);
            loaded.Score(sentences).Should().Be(other.Score(sentences));
        }

        names.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        names[^1].Should().Be(sentences.Sum(s => s.Tokens.Count));

        void Train(TextTagger tagger)
        {
            using var task = new TextTaggerTask(tagger, Sentences(150), sentences, batchSize: 16, seed: 1);
            using var optimizer = new Adam(tagger.Parameters(), learningRate: 0.01f);
            new Trainer(task, optimizer, new TrainerOptions { Steps = 20 }).Run();
            tagger.Evaluate();
        }
    }

    [Fact]
    public void Characters_have_features_of_each_width()
    {
        using var model = New(o => o with { CharacterKernelSizes = [2, 3, 4] });
        model.NamedParameters().Where(p => p.Key.StartsWith("characters.convolutions", StringComparison.Ordinal)
            && p.Value.Shape.Rank == 3).Select(p => p.Value.Shape[2]).Should().Equal(2, 3, 4);
        using var scope = new TensorScope();
        model.Loss(Sentences(3)).Value.Item().Should().BePositive();
        model.Save(folder.File("widths.safetensors"));
        using var loaded = TextTagger.Load(folder.File("widths.safetensors"));
        loaded.Options.CharacterKernelSizes.Should().Equal(2, 3, 4);
        loaded.Score(Sentences(5)).Should().Be(model.Score(Sentences(5)));
    }

    [Fact]
    public void Odd_tokens_are_read()
    {
        using var model = New();
        model.Predict(["[PAD]", "😀", new string('q', 5000), "\u0301"]).Should().HaveCount(4);
        New(o => o with { CharacterFeatures = 0 }).Characters.Should().BeNull();
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refused(() => New(o => o with { Tags = ["O"] }), "*at least 2 different tags; got 1 tag.*");
        Refused(() => New(o => o with { Tags = ["O", "O"] }), "*'O' is listed twice*");
        Refused(() => New(o => o with { Tags = ["O", ""] }), "*tag 1 is empty*");
        Refused(() => New(o => o with { IsBio = true }), "*IsBio needs HasCrf*");
        Refused(() => New(o => o with { MaximumCharacters = 0 }), "*MaximumCharacters*");
        Refused(() => New(o => o with { CharacterKernelSizes = [] }), "*CharacterKernelSizes should be at least one width*");
        Refused(() => New(o => o with { CharacterKernelSizes = [3, 0] }), "*CharacterKernelSizes*");
        Refused(() => New(o => o with { RareTokenDropout = -1f }), "*RareTokenDropout should be a number of at least 0*");
        Refused(() => New(o => o with { OutsidePenalty = -1f }), "*OutsidePenalty should be a number of at least 0*");
        Refused(() => New(o => o with { OutsidePenalty = 1f, Tags = ["A", "B"] }), "*OutsidePenalty needs the tag O,*");
        using var model = New(o => o with { HasCrf = true, IsBio = true });
        Refused(() => model.Loss([]), "*at least one sentence*");
        Refused(() => model.Loss([new(["a"], ["X"])]), "*sentence 0 has the tag 'X', which is none of the model's: B-LOC,*");
        Refused(() => model.Loss([new(["a", "b"], ["O"])]), "*sentence 0 has 2 tokens and 1 tag*");
        Refused(() => model.Loss([new([], [])]), "*sentence 0 has no tokens*");
        Refused(() => model.Loss([new(["a", "b"], ["O", "I-PER"])]), "*token 1 of sentence 0 has the tag 'I-PER' after 'O'*");
        Refused(() => model.Loss([new(["a"], ["I-PER"])]), "*'I-PER' after the beginning*");
        Refused(() => model.Predict([["a"], ["b", ""]]), "*sentence 1 cannot be read*token 1 is empty*");
        Refused(() => model.Predict(Array.Empty<string>()), "*has no tokens*");

        static void Refused(Action action, string message) =>
            action.Should().Throw<ArgumentException>().WithMessage(message);
    }
}
