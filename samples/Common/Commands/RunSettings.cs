using System.Globalization;
using SeqCore.Models;

namespace SeqCore.Samples.Common;

/// <summary>How long and how to train, whatever the model.</summary>
public sealed record RunSettings
{
    /// <summary>Training steps.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Examples in a batch.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Step size of the optimizer.</summary>
    public float LearningRate { get; init; } = 0.002f;

    /// <summary>constant, linear or cosine.</summary>
    public string Schedule { get; init; } = "constant";

    /// <summary>Steps during which the learning rate rises.</summary>
    public int Warmup { get; init; }

    /// <summary>Share of each matrix taken off per unit of learning rate; 0 for none.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Decay of Adam's mean of squared gradients.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Global norm that gradients are clipped to; 0 for none.</summary>
    public float Clip { get; init; } = 1;

    /// <summary>Decides everything random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Steps between evaluations; 0 for a tenth of the iterations.</summary>
    public int EvalEvery { get; init; }

    /// <summary>Steps between checkpoints; 0 for a tenth of the iterations.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Where checkpoints, metrics and the loss curve go; null for a new folder under runs.</summary>
    public string? Out { get; init; }

    /// <summary>Whether to go on from the newest checkpoint.</summary>
    public bool Resume { get; init; }

    /// <summary>The optimizer for a model.</summary>
    public Adam NewOptimizer(Module model) => WeightDecay > 0
        ? new AdamW(ParameterGroup.DecayMatricesOnly(model.Parameters()), LearningRate, beta2: Beta2, weightDecay: WeightDecay)
        : new Adam(model.Parameters(), LearningRate, beta2: Beta2);

    /// <summary>The learning rate's course.</summary>
    public LearningRateSchedule NewSchedule()
    {
        var steps = Math.Max(1, Iterations - Warmup);
        LearningRateSchedule after = Schedule switch
        {
            "linear" => new LinearSchedule(steps, 1, 0.1),
            "cosine" => new CosineSchedule(steps, 0.1),
            _ => new ConstantSchedule(),
        };
        return Warmup > 0 ? new WarmUpSchedule(Warmup, after) : after;
    }

    /// <summary>What the trainer is told.</summary>
    /// <param name="folder">For checkpoints and metrics.</param>
    /// <param name="configuration">The data and whatever else decides the result; what these settings decide is added.</param>
    public TrainerOptions NewOptions(string folder, IDictionary<string, string> configuration)
    {
        var tenth = Math.Max(1, Iterations / 10);
        return new TrainerOptions
        {
            Steps = Iterations,
            ClipNorm = Clip > 0 ? Clip : null,
            EvaluateEvery = EvalEvery > 0 ? EvalEvery : tenth,
            CheckpointEvery = CheckpointEvery > 0 ? CheckpointEvery : tenth,
            Folder = folder,
            RestoreBest = true,
            Configuration = Complete(configuration),
        };
    }

    /// <summary>A number as configurations hold it.</summary>
    public static string Text(IFormattable value) => value.ToString(value is float ? "R" : null, CultureInfo.InvariantCulture);

    /// <summary>All that decides the weights at a step; the number of steps only where the learning rate depends on it.</summary>
    private SortedDictionary<string, string> Complete(IDictionary<string, string> configuration)
    {
        var given = configuration.Where(c => c.Value.Length > 0).ToDictionary();
        var all = new SortedDictionary<string, string>(given, StringComparer.Ordinal)
        {
            ["batch"] = Text(Batch),
            ["learning_rate"] = Text(LearningRate),
            ["schedule"] = Schedule == "constant" ? Schedule : $"{Schedule} over {Text(Iterations)}",
            ["warmup"] = Text(Warmup),
            ["clip"] = Text(Clip),
            ["seed"] = Text(Seed),
        };
        if (WeightDecay > 0)
            all["weight_decay"] = Text(WeightDecay);
        if (Beta2 != new RunSettings().Beta2)
            all["beta2"] = Text(Beta2);
        return all;
    }
}
