using System.CommandLine;
using System.Globalization;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.DetectAnomalies;

/// <summary>The options of detectors; their defaults are those of the library.</summary>
internal sealed record DetectorSettings
{
    private const int Most = 65_536;

    // The mean over the last ten or so values.
    private const double UsualSmoothing = 0.1;

    /// <summary>The points for which false alarms are counted where a series has no times.</summary>
    private const double PointsWithoutTimes = 10_000;

    // Where a week has few points, one false alarm a week would be many of them.
    private const double UsualFalseAlarms = 1, MostOfDefault = 0.01, MostOfPoints = 0.1;

    private static readonly RecurrentDetectorOptions recurrent = new();
    private static readonly AutoencoderDetectorOptions autoencoder = new();

    /// <summary>The wanted false alarms a week; null for the default, which suits the step of a series.</summary>
    private double? FalseAlarms { get; init; }

    /// <summary>The seed of networks.</summary>
    public ulong Seed { get; init; } = 1;

    private AlarmOptions Alarm { get; init; } = new();

    private LikelihoodOptions Likelihood { get; init; } = new();

    private DetectorTrainingOptions Training { get; init; } = new();

    private int? Hidden { get; init; }

    private int Layers { get; init; } = recurrent.Layers;

    private int Sequence { get; init; } = recurrent.SequenceLength;

    private int Window { get; init; } = autoencoder.Window;

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.StartGroup("Alarms");
        command.Add(OptionKinds.Text("--false-alarms",
            "Wanted false alarms a week, by which the normal data choose the threshold; in 10,000 points where rows"
                + " have no times. [default: 1, or one in 100 points where a week has fewer than 100]", "X"));
        command.Add(OptionKinds.Whole("--quiet", "Steps for which a score silences lower ones.", Alarm.QuietSteps, 0, Most));
        command.Add(OptionKinds.Real("--held-out", "Fraction of the normal data that chooses the threshold and the weights.",
            (float)Alarm.HeldOut, "above 0, below 1", x => x is > 0 and < 1));
        command.Add(OptionKinds.Whole("--error-window", "Earlier errors that say what is usual.", Likelihood.Window, 10,
            1_000_000));
        command.Add(OptionKinds.Whole("--short-term", "Newest errors whose mean is judged.", Likelihood.ShortTerm, 1, Most));
        command.StartGroup("Network");
        command.Add(OptionKinds.Whole("--hidden",
            $"Hidden units; 0 takes {recurrent.HiddenSize}, or {autoencoder.HiddenSize} for an autoencoder.", 0, 0, Most));
        command.Add(OptionKinds.Whole("--layers", "Recurrent layers of lstm and gru.", Layers, 1, 64));
        command.Add(OptionKinds.Whole("--sequence", "Steps through which lstm and gru are trained.", Sequence, 16, Most));
        command.Add(OptionKinds.Whole("--window", "Steps that an autoencoder reconstructs.", Window, 2, Most));
        command.Add(OptionKinds.Whole("--epochs", "Largest number of passes over the normal data.", Training.Epochs, 1, Most));
        command.Add(OptionKinds.Whole("--batch", "Windows in a training step.", Training.BatchSize, 1, Most));
        command.Add(OptionKinds.Real("--learning-rate", "Learning rate of Adam.", Training.LearningRate, "above 0",
            x => x > 0 && float.IsFinite(x)));
        command.Add(OptionKinds.Whole("--patience", "Passes without a better evaluation that end the training.",
            Training.Patience, 1, Most));
        command.Add(OptionKinds.Seed("--seed", "Random seed; the same command with the same seed gives the same bits.", Seed));
    }

    /// <summary>Reads the options.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="kinds">The detectors that are made; an option that none of them has is refused.</param>
    /// <exception cref="UserException">An option has no meaning for these detectors.</exception>
    public DetectorSettings Read(ParseResult result, IReadOnlyList<DetectorKind> kinds)
    {
        RefuseUnused(result, kinds);
        var seed = result.Given("--seed", Seed);
        return this with
        {
            FalseAlarms = ReadFalseAlarms(result.GetValue<string?>("--false-alarms")),
            Seed = seed,
            Alarm = Alarm with
            {
                QuietSteps = result.Given("--quiet", Alarm.QuietSteps),
                HeldOut = Decimal(result.Given("--held-out", (float)Alarm.HeldOut)),
            },
            Likelihood = new LikelihoodOptions
            {
                Window = result.Given("--error-window", Likelihood.Window),
                ShortTerm = result.Given("--short-term", Likelihood.ShortTerm),
            },
            Hidden = result.Given("--hidden", 0) is > 0 and var hidden ? hidden : null,
            Layers = result.Given("--layers", Layers),
            Sequence = result.Given("--sequence", Sequence),
            Window = result.Given("--window", Window),
            Training = new DetectorTrainingOptions
            {
                Epochs = result.Given("--epochs", Training.Epochs),
                BatchSize = result.Given("--batch", Training.BatchSize),
                LearningRate = result.Given("--learning-rate", Training.LearningRate),
                Patience = result.Given("--patience", Training.Patience),
                Seed = seed,
            },
        };
    }

    /// <summary>Makes a detector, which is to be fitted.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="channels">The number of channels of the series.</param>
    /// <param name="step">The time between two steps; null if there is none.</param>
    public AnomalyDetector New(DetectorKind kind, int channels, TimeSpan? step)
    {
        var alarm = Alarm with { FalseAlarmRate = FalseAlarmsFor(step) * OneAlarm(step) };
        return kind.Name switch
        {
            "gaussian" => new WindowedGaussianDetector(channels, new WindowedGaussianOptions { Alarm = alarm }),
            "last" => new SmoothingDetector(channels, new SmoothingDetectorOptions { Alarm = alarm, Likelihood = Likelihood }),
            "average" => new SmoothingDetector(channels, new SmoothingDetectorOptions
            {
                Smoothing = UsualSmoothing,
                Alarm = alarm,
                Likelihood = Likelihood,
            }),
            "autoencoder" => new AutoencoderDetector(channels, new AutoencoderDetectorOptions
            {
                Window = Window,
                HiddenSize = Hidden ?? autoencoder.HiddenSize,
                Training = Training,
                Likelihood = Likelihood,
                Alarm = alarm,
            }, new RandomGenerator(Seed)),
            _ => new RecurrentDetector(channels, new RecurrentDetectorOptions
            {
                Cell = kind.Name == "lstm" ? RecurrentKind.Lstm : RecurrentKind.Gru,
                HiddenSize = Hidden ?? recurrent.HiddenSize,
                Layers = Layers,
                SequenceLength = Sequence,
                Training = Training,
                Likelihood = Likelihood,
                Alarm = alarm,
            }, new RandomGenerator(Seed)),
        };
    }

    /// <summary>The same settings with another seed.</summary>
    public DetectorSettings With(ulong seed) => this with { Seed = seed, Training = Training with { Seed = seed } };

    /// <summary>The wanted false alarms a week, or in 10,000 points without times.</summary>
    /// <param name="step">The time between two steps; null if there is none.</param>
    /// <exception cref="UserException">They are more than a detector can be asked for.</exception>
    public double FalseAlarmsFor(TimeSpan? step)
    {
        var one = OneAlarm(step);
        var wanted = FalseAlarms ?? Math.Min(UsualFalseAlarms, MostOfDefault / one);
        return wanted * one <= MostOfPoints
            ? wanted
            : throw new UserException($"--false-alarms {wanted} {Unit(step)} is more than one point in ten of this series;"
                + $" give at most {(float)(MostOfPoints / one):0.####}.", isUsage: true);
    }

    /// <summary>The wanted false alarms in words.</summary>
    public string FalseAlarmsText(TimeSpan? step) => FalseAlarmsFor(step) is 1 and var one
        ? $"{one:0} false alarm {Unit(step)}"
        : string.Create(CultureInfo.InvariantCulture, $"{FalseAlarmsFor(step):G3} false alarms {Unit(step)}");

    /// <summary>The number of normal rows that are not held out.</summary>
    public int TrainingRows(int normal) => normal - Math.Max(1, (int)Math.Round(Alarm.HeldOut * normal));

    /// <summary>What is wrong with normal rows that are too few for a detector, and what to do.</summary>
    public string TooFew(DetectorKind kind, int needed, int rows) =>
        $"{kind.Name} needs at least {needed} normal rows, and {rows}"
        + " are taken as normal. Give a larger --normal or a longer file"
        + (kind.IsRecurrent ? $", or a --sequence below {Sequence}." : kind.IsNetwork ? $", or a --window below {Window}." : ".");

    /// <summary>What a result depends on, of a kind of detector.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="steps">The time between two steps of each series.</param>
    public IEnumerable<(string Name, object? Value)> Configuration(DetectorKind kind, params IEnumerable<TimeSpan?> steps) =>
    [
        ("false_alarms", string.Join(' ', steps.Select(s => Decimal(FalseAlarmsFor(s))).Distinct())),
        ("quiet", Alarm.QuietSteps), ("held_out", Alarm.HeldOut),
        .. kind.HasLikelihood
            ? new (string, object?)[] { ("error_window", Likelihood.Window), ("short_term", Likelihood.ShortTerm) }
            : [],
        .. kind.IsNetwork
            ? new (string, object?)[]
            {
                ("hidden", Hidden ?? (kind.IsRecurrent ? recurrent.HiddenSize : autoencoder.HiddenSize)),
                ("epochs", Training.Epochs), ("batch", Training.BatchSize), ("patience", Training.Patience),
                ("learning_rate", Decimal(Training.LearningRate)),
                kind.IsRecurrent ? ("sequence", Sequence) : ("window", Window),
            }
            : [],
        .. kind.IsRecurrent ? new (string, object?)[] { ("layers", Layers) } : [],
    ];

    /// <summary>The part of the points that one false alarm a week, or in 10,000 points, is.</summary>
    private static double OneAlarm(TimeSpan? step) =>
        step is { } time ? AlarmThreshold.RatePerWeek(1, time) : 1 / PointsWithoutTimes;

    private static string Unit(TimeSpan? step) => step is null ? "in 10,000 points" : "a week";

    private static double? ReadFalseAlarms(string? text) => text is null ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var wanted) && wanted > 0
            && double.IsFinite(wanted)
            ? wanted
            : throw new UserException($"--false-alarms should be a number above 0; got '{text}'.", isUsage: true);

    private static void RefuseUnused(ParseResult result, IReadOnlyList<DetectorKind> kinds)
    {
        var names = string.Join(", ", kinds.Select(k => k.Name));
        Refuse(k => k.IsNetwork, "--hidden", "--epochs", "--batch", "--learning-rate", "--patience", "--seed");
        Refuse(k => k.IsRecurrent, "--layers", "--sequence");
        Refuse(k => k.Name == "autoencoder", "--window");
        Refuse(k => k.HasLikelihood, "--error-window", "--short-term");

        void Refuse(Func<DetectorKind, bool> has, params string[] options)
        {
            if (!kinds.Any(has))
                result.Refuse(o => $"{o} means nothing for {names}; leave it out.", options);
        }
    }

    /// <summary>The number with the digits of float32: 0.2 for 0.2f.</summary>
    private static double Decimal(double value) =>
        double.Parse(((float)value).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
