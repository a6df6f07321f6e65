using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>Options for <see cref="TrainingSettings"/>.</summary>
/// <param name="defaults">What is taken where an option is left out.</param>
internal sealed class TrainingOptions(TrainingSettings defaults)
{
    private const int Most = 65_536;
    private readonly Option<string> level = OptionKinds.Choice("--level", "What is hidden and guessed.", defaults.Level,
        "words", "characters");
    private readonly Option<int> vocabulary = OptionKinds.Whole("--vocabulary",
        "The most words that are known; the frequent ones stay.", defaults.Vocabulary, 1, 1_000_000);
    private readonly Option<bool> cased = new("--cased") { Description = "Tell capitals from small letters in words." };
    private readonly Option<bool> wholeWords = new("--whole-words") { Description = "Hide the characters of a word together." };
    private readonly Option<float> maskShare = OptionKinds.Real("--mask-share", "Share of the tokens that are to be guessed.",
        defaults.MaskShare, "above 0, at most 1", p => p is > 0 and <= 1);
    private readonly Option<int> hidden = OptionKinds.Whole("--hidden", "Width of the model.", defaults.Bert.ModelSize, 1, Most);
    private readonly Option<int> layers = OptionKinds.Whole("--layers", "Transformer layers.", defaults.Bert.Layers, 1, 64);
    private readonly Option<int> heads = OptionKinds.Whole("--heads", "Attention heads; they divide --hidden.",
        defaults.Bert.HeadCount, 1, 1024);
    private readonly Option<float> dropout = OptionKinds.Real("--dropout", "Probability of dropout.", defaults.Bert.Dropout,
        "from 0, below 1", p => p is >= 0 and < 1);
    private readonly Option<int> sequence = OptionKinds.Whole("--sequence", "The most tokens of a sequence,"
        + " [CLS] and [SEP] included; whole lines as far as they fit.", defaults.Bert.MaximumLength, 3, Most);
    private readonly Option<string?> attention = AttentionPage.NewOption(
        "what each token of the first example attends to, in each layer and head");
    private readonly Option<string?> from = OptionKinds.Path("--from",
        "A model's file, checkpoint or folder: training starts from its weights, with its sizes and words.", "MODEL");
    private readonly RunOptions run = new(defaults.Run, "Sequences");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [level, vocabulary, cased, wholeWords, maskShare, hidden, layers, heads, dropout, sequence,
            attention, from];
        foreach (var option in all)
            command.Options.Add(option);
        run.AddTo(command);
    }

    /// <summary>The values given, or the defaults.</summary>
    /// <exception cref="UserException">The heads do not divide the width.</exception>
    public TrainingSettings Read(ParseResult result)
    {
        var settings = new TrainingSettings
        {
            Level = result.GetValue(level)!,
            Vocabulary = result.GetValue(vocabulary),
            Cased = result.GetValue(cased),
            WholeWords = result.GetValue(wholeWords),
            MaskShare = result.GetValue(maskShare),
            Bert = defaults.Bert with
            {
                ModelSize = result.GetValue(hidden),
                Layers = result.GetValue(layers),
                HeadCount = result.GetValue(heads),
                Dropout = result.GetValue(dropout),
                MaximumLength = result.GetValue(sequence),
            },
            From = result.GetValue(from),
            Attention = result.GetValue(attention),
            Run = run.Read(result),
        };
        if (settings.From is not null)
        {
            OptionKinds.Refuse(result, "--from", "the sizes and words are those of the model", level, vocabulary, cased, hidden,
                layers, heads, dropout, sequence);
        }

        if (settings.Bert.ModelSize % settings.Bert.HeadCount != 0)
        {
            throw new UserException("--heads should divide --hidden;"
                + $" got {settings.Bert.HeadCount} heads and a width of {settings.Bert.ModelSize}.", isUsage: true);
        }

        return settings;
    }
}
