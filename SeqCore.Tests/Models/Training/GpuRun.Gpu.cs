using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>A small model with its task and optimizer on the default device, made with the same seeds each time.</summary>
internal sealed class GpuRun : IDisposable
{
    private const int Batch = 4, Length = 16;
    private static readonly TextCorpus Corpus = new(
        string.Concat(Enumerable.Repeat("the cat sat on the mat, and the dog sat by the door.\n", 40)), "text");
    private static readonly Dictionary<string, Func<(Module, TrainingTask)>> Makers = new()
    {
        ["RNN"] = static () => Recurrent(RecurrentKind.Rnn),
        ["LSTM"] = static () => Recurrent(RecurrentKind.Lstm),
        ["GRU"] = static () => Recurrent(RecurrentKind.Gru),
        ["GPT"] = static () => Language(new Gpt(NewGptOptions(), new RandomGenerator(1)), streams: false, new RandomGenerator(1)),
        ["BERT"] = static () => Masked(),
        ["encoder-decoder"] = static () => Pairs(hard: null),
        ["hard attention"] = static () => Pairs(HardAttentionEstimator.StraightThrough),
        ["Transformer"] = static () => WholeTransformer(),
    };

    private readonly Module model;
    private readonly TrainingTask task;
    private readonly Adam optimizer;

    internal GpuRun(string name)
    {
        (model, task) = Makers[name]();
        optimizer = new Adam(model.Parameters(), 0.003f);
    }

    internal static IEnumerable<string> Names => Makers.Keys;

    /// <summary>Trains, and reads nothing.</summary>
    /// <returns>The loss of each step, on the device.</returns>
    internal List<Tensor> Train(int steps)
    {
        var losses = new List<Tensor>();
        for (var step = 0; step < steps; step++)
        {
            using var tape = new Tape();
            var loss = task.NextLoss();
            tape.Backward(loss);
            optimizer.Step();
            optimizer.ZeroGradients();
            losses.Add(tape.Keep(loss.Value));
        }

        return losses;
    }

    internal float[] Weights() => [.. model.Parameters().SelectMany(p => p.Value.ToArray())];

    public void Dispose()
    {
        optimizer.Dispose();
        task.Dispose();
        model.Dispose();
    }

    private static (Module, TrainingTask) Recurrent(RecurrentKind kind)
    {
        var random = new RandomGenerator(1);
        return Language(new RecurrentLanguageModel(new()
        {
            VocabularySize = Corpus.Tokenizer.Count,
            Kind = kind,
            EmbeddingSize = 16,
            HiddenSize = 32,
            Layers = 2,
            Dropout = 0.1f,
        }, random), streams: true, random);
    }

    private static (Module, TrainingTask) Language(LanguageModel model, bool streams, RandomGenerator random)
    {
        TokenBatchSource batches = streams
            ? new ContiguousStreams(Corpus.Training, Batch, Length)
            : new RandomWindows(Corpus.Training, Batch, Length, new RandomGenerator(2));
        return (model, new LanguageModelTask(model, batches, new TokenWindows(Corpus.Validation, Length), random));
    }

    private static GptOptions NewGptOptions() => new()
    {
        VocabularySize = Corpus.Tokenizer.Count,
        MaximumLength = Length,
        Layers = 2,
        HeadCount = 2,
        ModelSize = 32,
        Dropout = 0.1f,
    };

    private static (Module, TrainingTask) Masked()
    {
        const string line = "one two three four five six seven.";
        var vocabulary = new MarkedCharacterTokenizer(line);
        int[][] lines = [.. Enumerable.Range(0, 20).Select(i => vocabulary.Encode(line)[(i % 9)..(12 + i)])];
        var random = new RandomGenerator(1);
        var options = new BertOptions
        {
            VocabularySize = vocabulary.Count,
            MaximumLength = 36,
            Layers = 1,
            HeadCount = 2,
            ModelSize = 16,
            Dropout = 0.1f,
        };
        var model = new Bert(options, random);
        return (model, new MaskedLanguageModelTask(model, lines, lines, Batch, 36, new RandomGenerator(2),
            new TokenMasking(vocabulary, new RandomGenerator(3)), random));
    }

    private static (Module, TrainingTask) Pairs(HardAttentionEstimator? hard)
    {
        var random = new RandomGenerator(1);
        var options = new RecurrentEncoderDecoderOptions
        {
            SourceVocabularySize = Tokens,
            TargetVocabularySize = Tokens,
            EmbeddingSize = 12,
            HiddenSize = 16,
            Attention = AttentionScore.Additive,
            Wiring = AttentionWiring.InputFeeding,
            Bidirectional = true,
            Dropout = 0.1f,
            Hard = hard,
        };
        return Reversed(new RecurrentEncoderDecoder(options, random), random);
    }

    private static (Module, TrainingTask) WholeTransformer()
    {
        var random = new RandomGenerator(1);
        var options = new TransformerOptions
        {
            SourceVocabularySize = Tokens,
            TargetVocabularySize = Tokens,
            EncoderLayers = 1,
            DecoderLayers = 1,
            Layer = new TransformerBlockOptions { HeadCount = 2, ModelSize = 16, FeedForwardSize = 32, Dropout = 0.1f },
        };
        return Reversed(new SeqCore.Models.Transformer(options, random), random);
    }

    private static int Tokens => SpecialToken.Count + 6;

    private static (Module, TrainingTask) Reversed(EncoderDecoderModel model, RandomGenerator random)
    {
        var numbers = new RandomGenerator(4);
        var sources = Enumerable.Range(0, 24).Select(_ => Enumerable.Range(0, 1 + numbers.NextInt32(6))
            .Select(_ => SpecialToken.Count + numbers.NextInt32(6)).ToArray());
        var pairs = new SequencePairs(sources.Select(s => (s, s.Reverse().ToArray())));
        return (model, new SequencePairTask(model, new SequencePairBatches(pairs, 12, seed: 1), pairs, random));
    }
}
