using System.CommandLine;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>How to train, and what.</summary>
internal sealed record TrainingSettings
{
    /// <summary>
    /// What is taken for a gpt where an option is left out: the setting that nanoGPT proposes for a processor, four blocks of 128
    /// channels trained for 2,000 steps.
    /// </summary>
    public static TrainingSettings Gpt { get; } = new()
    {
        Model = ModelForm.Gpt,
        Embedding = 128,
        Heads = 4,
        Layers = 4,
        Iterations = 2000,
        Batch = 12,
        Sequence = 64,
        LearningRate = 0.001f,
        Schedule = "cosine",
        Warmup = 100,
        WeightDecay = 0.1f,
        Beta2 = 0.99f,
    };

    /// <summary>rnn, lstm, gru or gpt.</summary>
    public string Model { get; init; } = "lstm";

    /// <summary>Width of the embedding; of a gpt, its channels.</summary>
    public int Embedding { get; init; } = 128;

    /// <summary>Units of each recurrent layer.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>Recurrent layers, or blocks of a gpt.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Attention heads of each block of a gpt.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Probability of dropout.</summary>
    public float Dropout { get; init; }

    /// <summary>Training steps.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Windows in a batch.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Characters in a window.</summary>
    public int Sequence { get; init; } = 128;

    /// <summary>random or stream.</summary>
    public string Windows { get; init; } = "random";

    /// <summary>Of Adam.</summary>
    public float LearningRate { get; init; } = 0.002f;

    /// <summary>constant or cosine.</summary>
    public string Schedule { get; init; } = "constant";

    /// <summary>Steps during which the learning rate rises.</summary>
    public int Warmup { get; init; }

    /// <summary>Share of each matrix taken off per unit of learning rate; 0 for none.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Decay of Adam's mean of squared gradients.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Global norm that gradients are clipped to; 0 for none.</summary>
    public float Clip { get; init; } = 1;

    /// <summary>Decides weights, batches and samples.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Steps between evaluations; 0 for a tenth of the iterations.</summary>
    public int EvalEvery { get; init; }

    /// <summary>Steps between checkpoints; 0 for a tenth of the iterations.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Steps between records of every layer's gradient and update; 0 for none.</summary>
    public int LogLayers { get; init; }

    /// <summary>Where checkpoints, metrics and the loss curve go; null for a new folder under runs.</summary>
    public string? Out { get; init; }

    /// <summary>Whether to go on from the newest checkpoint.</summary>
    public bool Resume { get; init; }
}

/// <summary>Options for <see cref="TrainingSettings"/>.</summary>
/// <param name="defaults">What is taken where an option is left out.</param>
internal sealed class TrainingOptions(TrainingSettings defaults)
{
    private const int Most = 65_536;
    private readonly Option<string> model = OptionKinds.Choice("--model", "Kind of model: recurrent layers, or a Transformer (gpt), whose defaults are nanoGPT's for a processor: " + GptDefaults, defaults.Model, ModelForm.Kinds);
    private readonly Option<int> embedding = OptionKinds.Whole("--embedding", "Width of the embedding; of a gpt, its channels.", defaults.Embedding, 1, Most);
    private readonly Option<int> hidden = OptionKinds.Whole("--hidden", "Units of each recurrent layer.", defaults.Hidden, 1, Most);
    private readonly Option<int> layers = OptionKinds.Whole("--layers", "Recurrent layers, or blocks of a gpt.", defaults.Layers, 1, 64);
    private readonly Option<int> heads = OptionKinds.Whole("--heads", "Attention heads in each block of a gpt.", defaults.Heads, 1, Most);
    private readonly Option<float> dropout = OptionKinds.Real("--dropout", "Probability of dropout.", defaults.Dropout, "from 0, below 1", p => p is >= 0 and < 1);
    private readonly Option<int> iterations = OptionKinds.Whole("--iterations", "Training steps.", defaults.Iterations, 1, 1_000_000_000);
    private readonly Option<int> batch = OptionKinds.Whole("--batch", "Windows in a batch.", defaults.Batch, 1, Most);
    private readonly Option<int> sequence = OptionKinds.Whole("--sequence", "Characters in a window; a gpt can look back on no more.", defaults.Sequence, 1, Most);
    private readonly Option<string> windows = OptionKinds.Choice("--windows", "Windows from anywhere, or streams that carry the state on.", defaults.Windows, "random", "stream");
    private readonly Option<float> learningRate = OptionKinds.Real("--learning-rate", "Step size of Adam.", defaults.LearningRate, "above 0, at most 10", r => r is > 0 and <= 10);
    private readonly Option<string> schedule = OptionKinds.Choice("--schedule", "What becomes of the learning rate: nothing, or a tenth along a cosine.", defaults.Schedule, "constant", "cosine");
    private readonly Option<int> warmup = OptionKinds.Whole("--warmup", "Steps during which the learning rate rises.", defaults.Warmup, 0, 1_000_000_000);
    private readonly Option<float> weightDecay = OptionKinds.Real("--weight-decay", "Share of each matrix taken off per unit of learning rate (AdamW).", defaults.WeightDecay, "of at least 0", d => d >= 0 && float.IsFinite(d));
    private readonly Option<float> beta2 = OptionKinds.Real("--beta2", "Decay of Adam's mean of squared gradients.", defaults.Beta2, "from 0, below 1", b => b is >= 0 and < 1);
    private readonly Option<float> clip = OptionKinds.Real("--clip", "Global norm that gradients are clipped to; 0 for none.", defaults.Clip, "of at least 0", c => c >= 0 && float.IsFinite(c));
    private readonly Option<ulong> seed = OptionKinds.Seed("--seed", "Decides everything random: the same command gives the same bits.", defaults.Seed);
    private readonly Option<int> evalEvery = OptionKinds.Whole("--eval-every", "Steps between evaluations; 0 for a tenth of the iterations.", defaults.EvalEvery, 0, 1_000_000_000);
    private readonly Option<int> checkpointEvery = OptionKinds.Whole("--checkpoint-every", "Steps between checkpoints; 0 for a tenth of the iterations.", defaults.CheckpointEvery, 0, 1_000_000_000);
    private readonly Option<int> logLayers = OptionKinds.Whole("--log-layers", "Steps between records of every layer's gradient norm and update-to-weight ratio in metrics.jsonl; 0 for none.", defaults.LogLayers, 0, 1_000_000_000);
    private readonly Option<string?> outFolder = OptionKinds.Text("--out", "Folder for checkpoints, metrics and the loss curve. [default: a folder under runs]", "DIR");
    private readonly Option<bool> resume = new("--resume") { Description = "Go on from the newest checkpoint as if never stopped." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [model, embedding, hidden, layers, heads, dropout, iterations, batch, sequence, windows, learningRate, schedule, warmup,
            weightDecay, beta2, clip, seed, evalEvery, checkpointEvery, logLayers, outFolder, resume];
        foreach (var option in all)
            command.Options.Add(option);
    }

    private static string GptDefaults
    {
        get
        {
            var d = TrainingSettings.Gpt;
            return FormattableString.Invariant($"{d.Layers} layers, {d.Heads} heads, {d.Embedding} channels, {d.Iterations} iterations of {d.Batch} x {d.Sequence} characters, learning rate {d.LearningRate} ({d.Schedule}, warm-up {d.Warmup}), weight decay {d.WeightDecay}, beta2 {d.Beta2}.");
        }
    }

    /// <summary>The values given, or the defaults of the kind of model.</summary>
    /// <exception cref="UserException">An option that this kind does not have, or sizes that do not fit one another.</exception>
    public TrainingSettings Read(ParseResult result)
    {
        var kind = result.GetValue(model)!;
        var own = kind == ModelForm.Gpt ? TrainingSettings.Gpt : defaults;
        var settings = new TrainingSettings
        {
            Model = kind,
            Embedding = Value(embedding, own.Embedding),
            Hidden = Value(hidden, own.Hidden),
            Layers = Value(layers, own.Layers),
            Heads = Value(heads, own.Heads),
            Dropout = Value(dropout, own.Dropout),
            Iterations = Value(iterations, own.Iterations),
            Batch = Value(batch, own.Batch),
            Sequence = Value(sequence, own.Sequence),
            Windows = Value(windows, own.Windows),
            LearningRate = Value(learningRate, own.LearningRate),
            Schedule = Value(schedule, own.Schedule),
            Warmup = Value(warmup, own.Warmup),
            WeightDecay = Value(weightDecay, own.WeightDecay),
            Beta2 = Value(beta2, own.Beta2),
            Clip = Value(clip, own.Clip),
            Seed = Value(seed, own.Seed),
            EvalEvery = Value(evalEvery, own.EvalEvery),
            CheckpointEvery = Value(checkpointEvery, own.CheckpointEvery),
            LogLayers = Value(logLayers, own.LogLayers),
            Out = result.GetValue(outFolder),
            Resume = result.GetValue(resume),
        };
        if (kind == ModelForm.Gpt)
            CheckGpt(settings, result);
        else if (OptionKinds.IsGiven(result, heads))
            throw new UserException($"--heads: {(kind == "gru" ? "a" : "an")} {kind} has no attention heads; leave it out, or choose --model gpt.", isUsage: true);
        return settings;

        T Value<T>(Option<T> option, T otherwise) => OptionKinds.IsGiven(result, option) ? result.GetValue(option)! : otherwise;
    }

    private void CheckGpt(TrainingSettings settings, ParseResult result)
    {
        if (OptionKinds.IsGiven(result, hidden))
            throw new UserException("--hidden: a gpt has no recurrent units; --embedding sets its channels.", isUsage: true);
        if (settings.Windows == "stream")
            throw new UserException("--windows stream: a gpt has no state to carry from one window to the next; leave it out.", isUsage: true);
        if (settings.Embedding % settings.Heads != 0)
            throw new UserException($"--heads should divide --embedding; got {settings.Heads} heads and {settings.Embedding} channels.", isUsage: true);
    }
}
