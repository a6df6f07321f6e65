using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.MaskedLanguageModel.Commands;

/// <summary>Options for <see cref="TrainingSettings"/>.</summary>
/// <param name="defaults">What is taken where an option is left out.</param>
internal sealed class TrainingOptions(TrainingSettings defaults)
{
    private const int Most = 65_536;
    private readonly Option<string> level = OptionKinds.Choice("--level", "What is hidden and guessed.", defaults.Level, "words", "characters");
    private readonly Option<int> vocabulary = OptionKinds.Whole("--vocabulary", "The most words that are known; the frequent ones stay.", defaults.Vocabulary, 1, 1_000_000);
    private readonly Option<bool> cased = new("--cased") { Description = "Tell capitals from small letters in words." };
    private readonly Option<bool> wholeWords = new("--whole-words") { Description = "Hide the characters of a word together." };
    private readonly Option<float> maskShare = OptionKinds.Real("--mask-share", "Share of the tokens that are to be guessed.", defaults.MaskShare, "above 0, at most 1", p => p is > 0 and <= 1);
    private readonly Option<int> hidden = OptionKinds.Whole("--hidden", "Width of the model.", defaults.Hidden, 1, Most);
    private readonly Option<int> layers = OptionKinds.Whole("--layers", "Transformer layers.", defaults.Layers, 1, 64);
    private readonly Option<int> heads = OptionKinds.Whole("--heads", "Attention heads; they divide --hidden.", defaults.Heads, 1, 1024);
    private readonly Option<float> dropout = OptionKinds.Real("--dropout", "Probability of dropout.", defaults.Dropout, "from 0, below 1", p => p is >= 0 and < 1);
    private readonly Option<int> sequence = OptionKinds.Whole("--sequence", "The most tokens of a sequence, [CLS] and [SEP] included; whole lines as far as they fit.", defaults.Sequence, 3, Most);
    private readonly Option<string?> attention = AttentionPage.NewOption("what each token of the first example attends to, in each layer and head");
    private readonly RunOptions run = new(defaults.Run, "Sequences");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [level, vocabulary, cased, wholeWords, maskShare, hidden, layers, heads, dropout, sequence, attention];
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
            Hidden = result.GetValue(hidden),
            Layers = result.GetValue(layers),
            Heads = result.GetValue(heads),
            Dropout = result.GetValue(dropout),
            Sequence = result.GetValue(sequence),
            Attention = result.GetValue(attention),
            Run = run.Read(result),
        };
        if (settings.Hidden % settings.Heads != 0)
            throw new UserException($"--heads should divide --hidden; got {settings.Heads} heads and a width of {settings.Hidden}.", isUsage: true);
        return settings;
    }
}
