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
    private readonly Option<int> iterations = OptionKinds.Whole("--iterations", "Training steps.", defaults.Iterations, 1, 1_000_000_000);
    private readonly Option<int> batch = OptionKinds.Whole("--batch", "Sequences in a batch.", defaults.Batch, 1, Most);
    private readonly Option<int> sequence = OptionKinds.Whole("--sequence", "The most tokens of a sequence, [CLS] and [SEP] included; whole lines as far as they fit.", defaults.Sequence, 3, Most);
    private readonly Option<float> learningRate = OptionKinds.Real("--learning-rate", "Step size of AdamW.", defaults.LearningRate, "above 0, at most 10", r => r is > 0 and <= 10);
    private readonly Option<string> schedule = OptionKinds.Choice("--schedule", "What becomes of the learning rate: nothing, or a tenth along a line or a cosine.", defaults.Schedule, "constant", "linear", "cosine");
    private readonly Option<int> warmup = OptionKinds.Whole("--warmup", "Steps during which the learning rate rises.", defaults.Warmup, 0, 1_000_000_000);
    private readonly Option<float> weightDecay = OptionKinds.Real("--weight-decay", "Share of the matrices taken off per unit of learning rate.", defaults.WeightDecay, "of at least 0", c => c >= 0 && float.IsFinite(c));
    private readonly Option<float> clip = OptionKinds.Real("--clip", "Global norm that gradients are clipped to; 0 for none.", defaults.Clip, "of at least 0", c => c >= 0 && float.IsFinite(c));
    private readonly Option<ulong> seed = OptionKinds.Seed("--seed", "Decides everything random: the same command gives the same bits.", defaults.Seed);
    private readonly Option<int> evalEvery = OptionKinds.Whole("--eval-every", "Steps between evaluations; 0 for a tenth of the iterations.", defaults.EvalEvery, 0, 1_000_000_000);
    private readonly Option<int> checkpointEvery = OptionKinds.Whole("--checkpoint-every", "Steps between checkpoints; 0 for a tenth of the iterations.", defaults.CheckpointEvery, 0, 1_000_000_000);
    private readonly Option<string?> outFolder = OptionKinds.Text("--out", "Folder for checkpoints, metrics and the loss curve. [default: a folder under runs]", "DIR");
    private readonly Option<bool> resume = new("--resume") { Description = "Go on from the newest checkpoint as if never stopped." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [level, vocabulary, cased, wholeWords, maskShare, hidden, layers, heads, dropout, iterations, batch, sequence, learningRate,
            schedule, warmup, weightDecay, clip, seed, evalEvery, checkpointEvery, outFolder, resume];
        foreach (var option in all)
            command.Options.Add(option);
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
            Iterations = result.GetValue(iterations),
            Batch = result.GetValue(batch),
            Sequence = result.GetValue(sequence),
            LearningRate = result.GetValue(learningRate),
            Schedule = result.GetValue(schedule)!,
            Warmup = result.GetValue(warmup),
            WeightDecay = result.GetValue(weightDecay),
            Clip = result.GetValue(clip),
            Seed = result.GetValue(seed),
            EvalEvery = result.GetValue(evalEvery),
            CheckpointEvery = result.GetValue(checkpointEvery),
            Out = result.GetValue(outFolder),
            Resume = result.GetValue(resume),
        };
        if (settings.Hidden % settings.Heads != 0)
            throw new UserException($"--heads should divide --hidden; got {settings.Heads} heads and a width of {settings.Hidden}.", isUsage: true);
        return settings;
    }
}
