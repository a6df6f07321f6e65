using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Options for <see cref="TrainingSettings"/>.</summary>
/// <param name="defaults">What is taken where an option is left out.</param>
internal sealed class TrainingOptions(TrainingSettings defaults)
{
    private const int Most = 65_536;
    private readonly Option<string> model = OptionKinds.Choice("--model",
        "Kind of model: recurrent layers, or a Transformer (gpt), whose defaults are nanoGPT's for a processor: " + GptDefaults,
        defaults.Model, ModelText.Names);
    private readonly Option<int> embedding = OptionKinds.Whole("--embedding", "Width of the embedding; of a gpt, its channels.",
        defaults.Recurrent.EmbeddingSize, 1, Most);
    private readonly Option<int> hidden = OptionKinds.Whole("--hidden", "Units of each recurrent layer.",
        defaults.Recurrent.HiddenSize, 1, Most);
    private readonly Option<int> layers = OptionKinds.Whole("--layers", "Recurrent layers, or blocks of a gpt.",
        defaults.Recurrent.Layers, 1, 64);
    private readonly Option<int> heads = OptionKinds.Whole("--heads", "Attention heads in each block of a gpt.",
        TrainingSettings.ForGpt.Gpt!.HeadCount, 1, Most);
    private readonly Option<float> dropout = OptionKinds.Real("--dropout", "Probability of dropout.", defaults.Recurrent.Dropout,
        "from 0, below 1", p => p is >= 0 and < 1);
    private readonly Option<int> sequence = OptionKinds.Whole("--sequence",
        "Characters in a window; a gpt can look back on no more.", defaults.Sequence, 1, Most);
    private readonly Option<string> windows = OptionKinds.Choice("--windows",
        "Windows from anywhere, or streams that carry the state on.", defaults.Windows, "random", "stream");
    private readonly Option<int> logLayers = OptionKinds.Whole("--log-layers",
        "Steps between records of every layer's gradient norm and update-to-weight ratio in metrics.jsonl; 0 for none.",
        defaults.LogLayers, 0, 1_000_000_000);

    private readonly Option<string?> from = OptionKinds.Path("--from",
        "A model's file, checkpoint or folder: training starts from its weights, with its sizes and characters.", "MODEL");
    private readonly RunOptions run = new(defaults.Run, "Windows");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [model, embedding, hidden, layers, heads, dropout, sequence, windows, logLayers, from];
        foreach (var option in all)
            command.Options.Add(option);
        run.AddTo(command);
    }

    private static string GptDefaults
    {
        get
        {
            var (d, o) = (TrainingSettings.ForGpt, TrainingSettings.ForGpt.Gpt!);
            return FormattableString.Invariant($"{o.Layers} layers, {o.HeadCount} heads, {o.ModelSize} channels, ")
                + FormattableString.Invariant($"{d.Run.Iterations} iterations of {d.Run.Batch} x {d.Sequence} characters, ")
                + FormattableString.Invariant($"learning rate {d.Run.LearningRate} ({d.Run.Schedule}, warm-up {d.Run.Warmup}), ")
                + FormattableString.Invariant($"weight decay {d.Run.WeightDecay}, beta2 {d.Run.Beta2}.");
        }
    }

    /// <summary>The values given, or the defaults of the kind of model.</summary>
    /// <exception cref="UserException">An option that this kind does not have, or sizes that do not fit one another.</exception>
    public TrainingSettings Read(ParseResult result)
    {
        var kind = result.GetValue(model)!;
        var own = kind == ModelText.Gpt ? TrainingSettings.ForGpt : defaults;
        var settings = own with
        {
            Recurrent = defaults.Recurrent with
            {
                Kind = kind switch { "rnn" => RecurrentKind.Rnn, "gru" => RecurrentKind.Gru, _ => RecurrentKind.Lstm },
                EmbeddingSize = result.GetValue(embedding),
                HiddenSize = result.GetValue(hidden),
                Layers = result.GetValue(layers),
                Dropout = result.GetValue(dropout),
            },
            Gpt = own.Gpt is not { } gpt ? null : gpt with
            {
                ModelSize = OptionKinds.Given(result, embedding, gpt.ModelSize),
                Layers = OptionKinds.Given(result, layers, gpt.Layers),
                HeadCount = OptionKinds.Given(result, heads, gpt.HeadCount),
                Dropout = OptionKinds.Given(result, dropout, gpt.Dropout),
            },
            Sequence = OptionKinds.Given(result, sequence, own.Sequence),
            Windows = OptionKinds.Given(result, windows, own.Windows),
            LogLayers = OptionKinds.Given(result, logLayers, own.LogLayers),
            From = result.GetValue(from),
            Run = run.Read(result, own.Run),
        };
        if (settings.From is not null)
        {
            OptionKinds.Refuse(result, "--from", "the sizes are those of the model", model, embedding, hidden, layers,
                heads, dropout);
        }

        if (settings.Gpt is { } sizes)
            CheckGpt(settings, sizes, result);
        else if (OptionKinds.IsGiven(result, heads))
        {
            throw new UserException($"--heads: {(kind == "gru" ? "a" : "an")} {kind} has no attention heads;"
                + " leave it out, or choose --model gpt.", isUsage: true);
        }

        return settings;
    }

    private void CheckGpt(TrainingSettings settings, GptOptions sizes, ParseResult result)
    {
        if (OptionKinds.IsGiven(result, hidden))
            throw new UserException("--hidden: a gpt has no recurrent units; --embedding sets its channels.", isUsage: true);
        if (settings.Windows == "stream")
        {
            throw new UserException("--windows stream: a gpt has no state to carry from one window to the next; leave it out.",
                isUsage: true);
        }

        if (sizes.ModelSize % sizes.HeadCount != 0)
        {
            throw new UserException("--heads should divide --embedding;"
                + $" got {sizes.HeadCount} heads and {sizes.ModelSize} channels.", isUsage: true);
        }
    }
}
