using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence.Commands;

/// <summary>Options for <see cref="TrainingSettings"/>.</summary>
/// <param name="defaults">What is taken where an option is left out.</param>
internal sealed class TrainingOptions(TrainingSettings defaults)
{
    private const int Most = 65_536;
    private readonly Option<string> model = OptionKinds.Choice("--model", "Kind of encoder and decoder.",
        defaults.Model, ModelText.Names);
    private readonly Option<string> attentionKind = OptionKinds.Choice("--attention-kind",
        "How a recurrent decoder looks at the source; grouped-query has two heads for each of keys, and the hard ones draw one"
            + " position by additive scores.", ModelText.AttentionOf(defaults.Recurrent), ModelText.Attentions);
    private readonly Option<int> embedding = OptionKinds.Whole("--embedding", "Width of the embeddings of recurrent models.",
        defaults.Recurrent.EmbeddingSize, 1, Most);
    private readonly Option<int> hidden = OptionKinds.Whole("--hidden",
        "Units of each layer, an even number; the width of a Transformer.", defaults.Recurrent.HiddenSize, 2, Most);
    private readonly Option<int> layers = OptionKinds.Whole("--layers", "Layers of the encoder, and of the decoder.",
        defaults.Recurrent.Layers, 1, 64);
    private readonly Option<int> heads = OptionKinds.Whole("--heads", "Heads of a Transformer,"
        + " or of multi-head and grouped-query attention; they divide --hidden.", defaults.Recurrent.HeadCount, 1, 1024);
    private readonly Option<float> dropout = OptionKinds.Real("--dropout", "Probability of dropout.", defaults.Recurrent.Dropout,
        "from 0, below 1", p => p is >= 0 and < 1);
    private readonly Option<string> level = OptionKinds.Choice("--level", "What tokens are; auto takes what suits the data.",
        defaults.Level, "auto", "words", "characters");
    private readonly Option<int> vocabulary = OptionKinds.Whole("--vocabulary",
        "The most words that are known on either side; the frequent ones stay.", defaults.Vocabulary, 1, 1_000_000);
    private readonly Option<int> sequence = OptionKinds.Whole("--sequence",
        "Tokens of a source or target at most; longer pairs are left out.", defaults.Sequence, 2, Most);
    private readonly Option<float> labelSmoothing = OptionKinds.Real("--label-smoothing",
        "Share of each token's probability that training spreads over all.", defaults.LabelSmoothing, "from 0, below 1",
        p => p is >= 0 and < 1);
    private readonly Option<string?> attention = AttentionPage.NewOption("what the model looks at",
        "attention.html in the run's folder");
    private readonly Option<string?> from = OptionKinds.Path("--from",
        "A model's file, checkpoint or folder: training starts from its weights, with its sizes and tokens.", "MODEL");
    private readonly RunOptions run = new(defaults.Run, "Pairs");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [model, attentionKind, embedding, hidden, layers, heads, dropout, level, vocabulary, sequence,
            labelSmoothing, attention, from];
        foreach (var option in all)
            command.Options.Add(option);
        run.AddTo(command);
    }

    /// <summary>The values given, or the defaults.</summary>
    /// <exception cref="UserException">They do not go together.</exception>
    public TrainingSettings Read(ParseResult result)
    {
        if (result.GetValue(model) == ModelText.Transformer && OptionKinds.Given(result, attentionKind, "none") != "none")
        {
            throw new UserException("--attention-kind: a transformer attends with its heads;"
                + " leave it out, or choose a recurrent --model.", isUsage: true);
        }

        if (result.GetValue(from) is not null)
        {
            OptionKinds.Refuse(result, "--from", "the sizes and tokens are those of the model", model, attentionKind, embedding,
                hidden, layers, heads, dropout, level, vocabulary);
        }

        var (width, depth, headCount, dropped) = (result.GetValue(hidden), result.GetValue(layers), result.GetValue(heads),
            result.GetValue(dropout));
        var isTransformer = result.GetValue(model) == ModelText.Transformer;
        var recurrent = defaults.Recurrent with
        {
            Kind = result.GetValue(model) switch
            {
                "rnn" => RecurrentKind.Rnn,
                "lstm" => RecurrentKind.Lstm,
                _ => RecurrentKind.Gru,
            },
            EmbeddingSize = result.GetValue(embedding),
            HiddenSize = width,
            Layers = depth,
            HeadCount = headCount,
            Dropout = dropped,
        };
        var settings = new TrainingSettings
        {
            Recurrent = ModelText.WithAttention(recurrent, result.GetValue(attentionKind)!),
            Transformer = !isTransformer ? null : new TransformerOptions
            {
                SourceVocabularySize = 0,
                TargetVocabularySize = 0,
                EncoderLayers = depth,
                DecoderLayers = depth,
                Layer = new TransformerLayerOptions
                {
                    ModelSize = width,
                    HeadCount = headCount,
                    FeedForwardSize = 4 * width,
                    NormFirst = true,
                    Dropout = dropped,
                },
            },
            Level = result.GetValue(level)!,
            Vocabulary = result.GetValue(vocabulary),
            Sequence = result.GetValue(sequence),
            LabelSmoothing = result.GetValue(labelSmoothing),
            Attention = result.GetValue(attention),
            From = result.GetValue(from),
            Run = run.Read(result),
        };
        if (width % 2 != 0)
        {
            throw new UserException($"--hidden should be even, since the encoder reads in both directions; got {width}.",
                isUsage: true);
        }

        if ((isTransformer || settings.Recurrent.Attention == AttentionScore.MultiHead) && width % headCount != 0)
        {
            throw new UserException($"--heads should divide --hidden; got {headCount} heads and a width of {width}.",
                isUsage: true);
        }

        return settings;
    }
}
