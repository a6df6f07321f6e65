using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Samples.LstmVsTransformer.Contenders;
using SeqCore.Samples.LstmVsTransformer.Forms;
using SeqCore.Samples.LstmVsTransformer.Results;

namespace SeqCore.Samples.LstmVsTransformer.Speed;

/// <summary>The models whose speed and memory are measured: language models of two layers with as many parameters each.</summary>
internal sealed class Sized
{
    private readonly SpeedForm form;
    private readonly ulong seed;
    private readonly Dictionary<string, int> units = [];

    internal Sized(SpeedForm form, ulong seed)
    {
        (this.form, this.seed) = (form, seed);
        var layers = form.Transformer.Layers;
        Contenders =
        [
            Contender.Rnn(layers), Contender.Lstm(layers), Contender.Gru(layers),
            Contender.Transformer(Contender.WholeMatrixName, form.Transformer with { WholeMatrix = true }),
            Contender.Transformer(Contender.TiledName, form.Transformer),
            Contender.Transformer(Contender.WindowName, form.Transformer with { Window = form.Window }),
        ];
        var wanted = Count(Contenders[^1], form.Transformer.ModelSize);
        foreach (var contender in Contenders)
        {
            units[contender.Name] = IsRecurrent(contender)
                ? Sizing.Nearest(wanted, h => Count(contender, h))
                : form.Transformer.ModelSize;
        }
    }

    /// <summary>Who is measured.</summary>
    internal IReadOnlyList<Contender> Contenders { get; }

    /// <summary>Their sizes.</summary>
    internal IReadOnlyList<ModelSize> Sizes =>
        [.. Contenders.Select(c => new ModelSize(c.Name, units[c.Name], Count(c, units[c.Name])))];

    /// <summary>The model that runs whole sequences.</summary>
    internal SequenceModel Model(Contender contender) => Model(contender, units[contender.Name]);

    /// <summary>
    /// The library's language model that runs token by token; null for the T x T attention, which is of no use there.
    /// </summary>
    internal LanguageModel? Streaming(Contender contender)
    {
        var random = new RandomGenerator(seed);
        var (width, layers, h) = (form.Transformer.ModelSize, form.Transformer.Layers, units[contender.Name]);
        return contender.Name switch
        {
            Contender.RnnName => new RecurrentLanguageModel(new()
            {
                VocabularySize = form.Vocabulary,
                Kind = RecurrentKind.Rnn,
                EmbeddingSize = width,
                HiddenSize = h,
                Layers = layers,
            }, random),
            Contender.LstmName => new RecurrentLanguageModel(
                new() { VocabularySize = form.Vocabulary, EmbeddingSize = width, HiddenSize = h, Layers = layers }, random),
            Contender.GruName => new RecurrentLanguageModel(new()
            {
                VocabularySize = form.Vocabulary,
                Kind = RecurrentKind.Gru,
                EmbeddingSize = width,
                HiddenSize = h,
                Layers = layers,
            }, random),
            Contender.TiledName => Gpt(0),
            Contender.WindowName => Gpt(form.Window),
            _ => null,
        };

        Gpt Gpt(int window) => new(
            new GptOptions
            {
                VocabularySize = form.Vocabulary,
                MaximumLength = null,
                Positions = PositionKind.Sinusoidal,
                Layers = layers,
                HeadCount = form.Transformer.Heads,
                ModelSize = width,
                Window = window,
                TieWeights = false,
            },
            random);
    }

    /// <summary>
    /// Whether a length fits into memory and patience: the T x T attention holds several matrices of N T^2 for each layer that it
    /// trains, and should take no more than a third of what there is.
    /// </summary>
    internal bool IsAffordable(Contender contender, int length, bool training)
    {
        if (contender.Name != Contender.WholeMatrixName)
            return true;
        var matrices = training ? 8.0 * form.Transformer.Layers : 6.0;
        return matrices * form.Transformer.Heads * length * length * sizeof(float) < Machine.AvailableMemory / 3.0;
    }

    private static bool IsRecurrent(Contender contender) =>
        contender.Name is Contender.RnnName or Contender.LstmName or Contender.GruName;

    private SequenceModel Model(Contender contender, int count)
    {
        var random = new RandomGenerator(seed);
        return new SequenceModel(form.Vocabulary, form.Transformer.ModelSize,
            contender.Create(form.Transformer.ModelSize, count, random), form.Vocabulary, random);
    }

    private long Count(Contender contender, int count)
    {
        using var model = Model(contender, count);
        return model.ParameterCount;
    }
}
