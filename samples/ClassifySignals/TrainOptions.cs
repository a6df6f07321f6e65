using System.CommandLine;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifySignals;

/// <summary>The options of the model and its training.</summary>
internal sealed record TrainOptions : TrainingOptions
{
    private static readonly string[] poolings = ["last", "mean", "max", "attention"];
    private static readonly string[] scalings = ["none", "standard", "min-max", "mean-absolute"];

    /// <summary>The defaults, which suit the built-in gestures and ecg5000.</summary>
    public TrainOptions() =>
        (Iterations, Epochs, Batch, LearningRate, Schedule, FinalRate) = (0, 60, 16, 0.005f, "cosine", 0);

    /// <summary>Passes over the series where the number of steps is not given.</summary>
    public int Epochs { get; init; }

    /// <summary>The options of the model; labels and channels are those of the data.</summary>
    public SeriesClassifierOptions Model { get; init; } = new()
    {
        Labels = [],
    };

    /// <summary>The number of layers on the command line; 0 where it depends on their kind.</summary>
    public int GivenLayers { get; init; }

    /// <summary>Whether a label counts the more in the loss the rarer it is, so that all count the same.</summary>
    public bool IsBalanced { get; init; }

    /// <summary>The name of the kind of model on the command line.</summary>
    public string Kind => ModelText.NameOf(Model.Encoder);

    /// <summary>What a comparison records of the options that only this program has.</summary>
    public IEnumerable<(string Name, object? Value)> Recorded =>
    [
        ("iterations", Iterations), ("hidden", Model.HiddenSize), ("layers", Model.Layers), ("kernel", Model.KernelSize),
        ("bidirectional", Model.Bidirectional), ("pooling", Model.Pooling), ("scaling", Model.Scaling),
        ("scale_each", Model.ScalesEachSeries), ("dropout", Model.Dropout), ("balanced", IsBalanced),
    ];

    /// <inheritdoc/>
    protected override string Examples => "Series";

    /// <inheritdoc/>
    protected override string Units => "labels";

    /// <inheritdoc/>
    protected override string IterationsHelp => "Number of training steps; 0 for as many as --epochs take.";

    /// <inheritdoc/>
    protected override int LeastIterations => 0;

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.StartGroup("Model");
        command.Add(OptionKinds.Choice("--model", "Recurrent layers, or dilated convolutions.", Kind, ModelText.Names));
        command.Add(OptionKinds.Whole("--hidden",
            "Units of each recurrent layer and direction, or channels of the convolutions.", Model.HiddenSize, 1, Most));
        command.Add(OptionKinds.Whole("--layers",
            "Number of recurrent layers, or of blocks of two convolutions; 0 for 1 layer or 4 blocks.", GivenLayers, 0, 64));
        command.Add(OptionKinds.Whole("--kernel", "Taps of a convolution; 0 for 3. Recurrent layers have none.", 0, 0, 1024));
        command.Add(OptionKinds.Flag("--bidirectional",
            "See later steps too: both directions, or convolutions to both sides; --bidirectional false turns it off.",
            Model.Bidirectional));
        command.Add(OptionKinds.Choice("--pooling", "How the steps become one vector; last needs --bidirectional false.",
            poolings[(int)Model.Pooling], poolings));
        command.Add(OptionKinds.Choice("--scaling", "How channels are scaled, by the series for training.",
            scalings[(int)Model.Scaling], scalings));
        command.Add(OptionKinds.Flag("--scale-each", "Scale each series by its own values instead, so that its level and range"
            + " do not matter.", Model.ScalesEachSeries));
        command.Add(Dropout(Model.Dropout));
        command.Add(OptionKinds.Flag("--balanced", "Let rare labels count more, so that all count the same.", IsBalanced));
        base.AddTo(command);
        command.Add(OptionKinds.Whole("--epochs", "Passes over the series, if --iterations is not given.", Epochs, 1, 1_000_000));
    }

    /// <inheritdoc/>
    public override TrainOptions Read(ParseResult result)
    {
        if (result.IsGiven("--from"))
        {
            result.Refuse(
                o => $"{o} and --from were both given; the sizes and the kind of scaling are those of the model, so leave {o}"
                    + " out.", "--model", "--hidden", "--layers", "--kernel", "--bidirectional", "--pooling", "--scaling",
                "--scale-each", "--dropout", "--balanced");
        }

        var taps = result.Given("--kernel", 0);
        var options = (TrainOptions)base.Read(result) with
        {
            Epochs = result.Given("--epochs", Epochs),
            IsBalanced = result.Given("--balanced", IsBalanced),
            GivenLayers = result.Given("--layers", GivenLayers),
            Model = Model with
            {
                HiddenSize = result.Given("--hidden", Model.HiddenSize),
                KernelSize = taps > 0 ? taps : null,
                Bidirectional = result.Given("--bidirectional", Model.Bidirectional),
                Pooling = (TimePoolingKind)Array.IndexOf(poolings, result.Given("--pooling", poolings[(int)Model.Pooling])),
                Scaling = (ScalingKind)Array.IndexOf(scalings, result.Given("--scaling", scalings[(int)Model.Scaling])),
                ScalesEachSeries = result.Given("--scale-each", Model.ScalesEachSeries),
                Dropout = result.Given("--dropout", Model.Dropout),
            },
        };
        options = options.With(ModelText.KindOf(result.Given("--model", Kind)), options.Model.KernelSize);
        if (options.Model is { Pooling: TimePoolingKind.Last, Bidirectional: true })
        {
            throw new UserException("--pooling last needs --bidirectional false: at the last step, the other direction has read"
                + " nothing but that step.", isUsage: true);
        }

        return options.Model is { ScalesEachSeries: true, Scaling: ScalingKind.None }
            ? throw new UserException("--scale-each needs a --scaling other than none.", isUsage: true)
            : options;
    }

    /// <summary>Makes sure that --kernel is given for convolutions only.</summary>
    /// <exception cref="UserException">It is given for recurrent layers.</exception>
    public TrainOptions RequireKernelFits() => Model is { KernelSize: not null, Encoder: not SeriesEncoderKind.Convolution }
        ? throw new UserException($"--kernel is for --model tcn; {Kind} has no convolutions. Leave it out.", isUsage: true)
        : this;

    /// <summary>These options with another kind of layers; recurrent ones have no kernel.</summary>
    public TrainOptions With(SeriesEncoderKind kind) =>
        With(kind, kind == SeriesEncoderKind.Convolution ? Model.KernelSize : null);

    private TrainOptions With(SeriesEncoderKind kind, int? kernelSize)
    {
        var usual = kind == SeriesEncoderKind.Convolution ? 4 : 1;
        return this with
        {
            Model = Model with
            {
                Encoder = kind,
                KernelSize = kernelSize,
                Layers = GivenLayers > 0 ? GivenLayers : usual,
            },
        };
    }

    /// <summary>These options for a number of series, with the number of steps if it was not given.</summary>
    public TrainOptions For(int series) => Iterations > 0 ? this : this with
    {
        Iterations = checked((int)Math.Min(int.MaxValue, (long)Epochs * ((series + Batch - 1) / Batch))),
    };

    /// <summary>Makes a model for series, and refuses sizes that this machine's memory cannot hold.</summary>
    /// <param name="training">The series to train on.</param>
    /// <param name="labels">The different labels.</param>
    /// <param name="random">Draws the initial weights and the masks of dropout.</param>
    /// <exception cref="UserException">Training would take more memory than there is.</exception>
    public SeriesClassifier NewModel(IReadOnlyList<LabelledSeries> training, IReadOnlyList<string> labels, RandomGenerator random)
    {
        CheckMemory(training);
        var counts = labels.Select(l => training.Count(s => s.Label == l));
        return new SeriesClassifier(Model with
        {
            Labels = labels,
            Channels = training[0].Series.Channels,
            LabelWeights = IsBalanced
                ? [.. counts.Select(c => (float)training.Count / (labels.Count * Math.Max(1, c)))]
                : null,
        }, random);
    }

    private void CheckMemory(IReadOnlyList<LabelledSeries> training)
    {
        // Batches need not be of the longest series: half of all are at least this long.
        var middle = training.Select(s => s.Series.Length).Order().ElementAt(training.Count / 2);
        var (memory, channels) = (new MemoryEstimate(), training[0].Series.ChannelCount);
        if (Model.Encoder == SeriesEncoderKind.Convolution)
        {
            memory.Weights((double)(Model.KernelSize ?? 3) * Model.HiddenSize, Model.HiddenSize, 2 * Model.Layers);
            memory.Keeps((double)Batch * middle * Model.HiddenSize * 2 * Model.Layers);
        }
        else
        {
            var directions = Model.Bidirectional ? 2 : 1;
            memory.RecurrentLayers(Model.Encoder == SeriesEncoderKind.Gru ? RecurrentKind.Gru : RecurrentKind.Lstm,
                Model.Layers, Batch, middle, channels, directions * Model.HiddenSize, directions);
        }

        memory.Check("--batch, --hidden or --layers");
    }
}
