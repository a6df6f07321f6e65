using SeqCore.Models;

namespace SeqCore.Tests.Models;

/// <summary>What has been disposed says so, instead of going on with less than it had.</summary>
public class DisposedTests
{
    private static readonly TextCorpus Corpus = new(string.Concat(Enumerable.Repeat("abcabd ", 30)), "text");

    [Fact]
    public void A_cache_is_refused()
    {
        var x = Tensor.Ones([1, 1, 2, 4]);
        var cache = new KeyValueCache(1, 1, 4);
        cache.Append(x, x);
        cache.Dispose();
        cache.Dispose();
        Refused(nameof(KeyValueCache), () => cache.Attend(x, AttentionOptions.Causal), () => cache.Append(x, x),
            () => cache.Reorder([0]), () => cache.SetPadding([0]), cache.Reset);
        cache.Length.Should().Be(0);
    }

    [Theory]
    [InlineData(nameof(LanguageModelStream), 0)]
    [InlineData(nameof(LanguageModelStream), 3)]
    [InlineData(nameof(GptStream), 0)]
    [InlineData(nameof(TransformerStream), 0)]
    [InlineData("RecurrentEncoderDecoderStream", 0)]
    public void A_stream_is_refused(string kind, int projection)
    {
        var random = new RandomGenerator(1);
        using var source = IndexTensor.FromSpan([1, 2], [1, 2]);
        using Module model = kind switch
        {
            nameof(LanguageModelStream) => new RecurrentLanguageModel(
                new() { VocabularySize = 5, HiddenSize = 4, ProjectionSize = projection }, random),
            nameof(GptStream) => new Gpt(
                new() { VocabularySize = 5, MaximumLength = 6, ModelSize = 4, HeadCount = 2, Layers = 1 }, random),
            nameof(TransformerStream) => new SeqCore.Models.Transformer(new()
            {
                SourceVocabularySize = 5,
                TargetVocabularySize = 5,
                EncoderLayers = 1,
                DecoderLayers = 1,
                Layer = new() { ModelSize = 4, HeadCount = 2, FeedForwardSize = 4 },
            }, random),
            _ => new RecurrentEncoderDecoder(new()
            {
                SourceVocabularySize = 5,
                TargetVocabularySize = 5,
                EmbeddingSize = 4,
                HiddenSize = 4,
            }, random),
        };
        TokenStream stream = model is LanguageModel language
            ? language.NewStream()
            : ((EncoderDecoderModel)model).NewStream(source, null);
        stream.Read([1, 2]);
        stream.Dispose();
        stream.Dispose();
        var generator = new TextGenerator(stream, Sampler.Greedy());
        Refused(kind, () => stream.Step([1]), () => stream.Read([1, 2]), () => stream.ReadEach([[1]]),
            () => stream.Reorder([0]), stream.Reset, () => generator.Generate([1], new() { MaximumLength = 1 }));
        if (stream is LanguageModelStream recurrent)
            Refused(kind, () => recurrent.CopyState());
        FluentActions.Invoking(() => stream.Logits.ToArray()).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void A_source_of_batches_and_an_optimizer_are_refused()
    {
        var batches = new LabelledBatches([new([1], 0), new([2, 3], 1)], batchSize: 1, seed: 1);
        batches.Next();
        batches.Dispose();
        Refused(nameof(LabelledBatches), () => batches.Next());

        var sgd = new Sgd([new Parameter(Tensor.Ones([2]))], 0.1f);
        var state = sgd.StateDictionary();
        sgd.Dispose();
        Refused(nameof(Sgd), () => sgd.Step(), () => sgd.StepClipped(1f), () => sgd.StateDictionary(),
            () => sgd.LoadStateDictionary(state));
    }

    [Fact]
    public void A_task_is_refused_by_itself_and_by_a_trainer()
    {
        using var model = new RecurrentLanguageModel(new() { VocabularySize = Corpus.Tokenizer.Count, HiddenSize = 4 },
            new RandomGenerator(1));
        using var adam = new Adam(model.Parameters(), 0.01f);
        using var folder = new TemporaryFolder();
        var options = new TrainerOptions { Steps = 1, Folder = folder.File("run") };
        var task = new LanguageModelTask(model, new ContiguousStreams(Corpus.Training, 2, 5),
            new TokenWindows(Corpus.Validation, 5));
        new Trainer(task, adam, options).Run();
        task.Dispose();
        Refused(nameof(TrainingTask), () => task.NextLoss(), () => task.Evaluate(default), () => task.Save(new CheckpointData()),
            () => new Trainer(task, adam, options).Resume(), () => new Trainer(task, adam, options).Run());

        var own = TrainingTask.Of(model, new ShuffledBatches<int>([1], 1, 1), _ => model.Parameters().First().Sum(), _ => 0);
        own.Dispose();
        Refused(nameof(TrainingTask), () => own.NextLoss(), () => own.Evaluate(default), () => new Trainer(own, adam,
            new TrainerOptions { Steps = 1 }).Run());
    }

    private static void Refused(string name, params IEnumerable<Action> uses)
    {
        foreach (var (i, use) in uses.Index())
        {
            use.Should().Throw<ObjectDisposedException>($"{name}, use {i}").Which.Message.Should().Contain(name)
                .And.Contain("disposed");
        }
    }
}
