using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The models whose speed and memory are measured: language models of two layers with as many parameters each.</summary>
internal sealed class SizedModels
{
    private static readonly TransformerSettings transformer = SpeedSettings.Transformer;
    private readonly ulong seed;
    private readonly Dictionary<Contender, int> units = [];

    internal SizedModels(ulong seed)
    {
        this.seed = seed;
        var wanted = Count(Contender.TransformerWindow, 0);
        foreach (var contender in Contenders)
        {
            units[contender] = contender.IsRecurrent()
                ? Sizing.Nearest(wanted, h => Count(contender, h))
                : transformer.ModelSize;
        }
    }

    /// <summary>The models that are measured.</summary>
    internal static IReadOnlyList<Contender> Contenders { get; } =
    [
        Contender.Rnn, Contender.Lstm, Contender.Gru, Contender.TransformerWholeMatrix, Contender.TransformerTiled,
        Contender.TransformerWindow,
    ];

    /// <summary>The sizes of the models.</summary>
    internal IReadOnlyList<ModelSize> Sizes =>
        [.. Contenders.Select(c => new ModelSize(c, units[c], Count(c, units[c])))];

    /// <summary>The model that runs whole sequences.</summary>
    internal SequenceModel Model(Contender contender) => Model(contender, units[contender]);

    /// <summary>
    /// The library's language model that runs token by token; null for the T x T attention, which is of no use there.
    /// </summary>
    internal LanguageModel? Streaming(Contender contender)
    {
        var random = new RandomGenerator(seed);
        return contender switch
        {
            Contender.Rnn => Recurrent(RecurrentKind.Rnn),
            Contender.Lstm => Recurrent(RecurrentKind.Lstm),
            Contender.Gru => Recurrent(RecurrentKind.Gru),
            Contender.TransformerTiled => Gpt(0),
            Contender.TransformerWindow => Gpt(SpeedSettings.Window),
            _ => null,
        };

        RecurrentLanguageModel Recurrent(RecurrentKind kind) => new(
            new RecurrentLanguageModelOptions
            {
                VocabularySize = SpeedSettings.Vocabulary,
                Kind = kind,
                EmbeddingSize = transformer.ModelSize,
                HiddenSize = units[contender],
                Layers = transformer.Layers,
            }, random);

        Gpt Gpt(int window) => new(
            new GptOptions
            {
                VocabularySize = SpeedSettings.Vocabulary,
                MaximumLength = null,
                Positions = PositionKind.Sinusoidal,
                Layers = transformer.Layers,
                HeadCount = transformer.Heads,
                ModelSize = transformer.ModelSize,
                Window = window,
                TieWeights = false,
            }, random);
    }

    /// <summary>
    /// Whether a length is practical: the T x T attention holds several matrices of N T^2 for each layer that it
    /// trains, and should take no more than a third of what there is.
    /// </summary>
    internal static bool IsAffordable(Contender contender, int length, bool training)
    {
        if (contender != Contender.TransformerWholeMatrix)
            return true;
        var matrices = training ? 8.0 * transformer.Layers : 6.0;
        return matrices * transformer.Heads * length * length * sizeof(float) < Machine.AvailableMemory / 3.0;
    }

    private SequenceModel Model(Contender contender, int count)
    {
        var random = new RandomGenerator(seed);
        return new SequenceModel(SpeedSettings.Vocabulary, transformer.ModelSize,
            contender.Create(transformer.ModelSize, count, random, transformer, transformer.Layers), SpeedSettings.Vocabulary,
            random);
    }

    private long Count(Contender contender, int count)
    {
        using var model = Model(contender, count);
        return model.ParameterCount;
    }
}

/// <summary>Runs one sequence of random tokens through a model and waits for the device.</summary>
internal static class WholeSequences
{
    /// <summary>Random tokens, shape (1, T).</summary>
    internal static IndexTensor Tokens(int length, int vocabulary)
    {
        var random = new RandomGenerator(1);
        return IndexTensor.FromSpan([.. Enumerable.Range(0, length).Select(_ => random.NextInt32(vocabulary))], [1, length]);
    }

    /// <summary>Runs inference, with an output at every step.</summary>
    internal static void Infer(SequenceModel model, IndexTensor tokens)
    {
        using var scope = new TensorScope("inference");
        model.Predict(tokens);
        Backend.Default.Synchronize();
    }

    /// <summary>Runs forward and backward of a language model's loss; the parameters keep the gradients.</summary>
    internal static void Train(SequenceModel model, IndexTensor tokens)
    {
        model.ZeroGradients();
        using var tape = new Tape();
        tape.Backward(model.Predict(tokens).CrossEntropy(tokens));
        Backend.Default.Synchronize();
    }
}
