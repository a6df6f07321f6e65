namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The extent of the study: all its lengths, limits and seeds in one place.</summary>
/// <param name="Name">short or full, and whether anything was left out.</param>
/// <param name="Speed">The settings for speed.</param>
/// <param name="MemoryLengths">The lengths of whole sequences, and the numbers of tokens that a stream has read.</param>
/// <param name="Recall">The settings for learning.</param>
/// <param name="Gradients">The settings for gradients.</param>
internal sealed record StudyPreset(string Name, SpeedSettings Speed, int[] MemoryLengths, RecallSettings Recall,
    GradientSettings Gradients)
{
    private static readonly Experiment[] shortExperiments =
    [
        new(TaskKind.RememberFirst, 10, 1000), new(TaskKind.RememberFirst, 30, 600), new(TaskKind.RememberFirst, 100, 400),
        new(TaskKind.Copy, 20, 1000), new(TaskKind.Adding, 20, 1000), new(TaskKind.AssociativeRecall, 9, 2000),
        new(TaskKind.Positions, 20, 300),
    ];

    private static readonly Experiment[] fullExperiments =
    [
        new(TaskKind.RememberFirst, 10, 4000), new(TaskKind.RememberFirst, 30, 4000), new(TaskKind.RememberFirst, 100, 2500),
        new(TaskKind.RememberFirst, 300, 1000), new(TaskKind.RememberFirst, 1000, 700),
        new(TaskKind.Copy, 30, 3000), new(TaskKind.Copy, 100, 1500),
        new(TaskKind.Adding, 30, 4000), new(TaskKind.Adding, 100, 2000),
        new(TaskKind.AssociativeRecall, 9, 6000), new(TaskKind.AssociativeRecall, 17, 6000),
        new(TaskKind.Positions, 50, 1000),
    ];

    /// <summary>The smallest limit of the lengths with which each of some parts still has something to measure.</summary>
    internal int LeastLimit(Parts parts)
    {
        (Parts Part, int Length)[] shortest =
        [
            (Parts.Speed, Speed.Lengths.Min()), (Parts.Memory, MemoryLengths.Min()),
            (Parts.Recall, Recall.Experiments.Min(e => e.Length)), (Parts.Gradients, GradientSettings.LeastSteps),
        ];
        return shortest.Where(s => parts.HasFlag(s.Part)).Max(s => s.Length);
    }

    /// <summary>The short preset takes one to three minutes on two cores, the full one about twenty-five minutes.</summary>
    /// <param name="isFull">Whether to measure everything.</param>
    /// <param name="longest">Lengths above it are left out; 0 for no limit.</param>
    /// <param name="steps">Training steps of each run at most; 0 for no limit.</param>
    /// <param name="seeds">Runs of each model; 0 for the preset's.</param>
    internal static StudyPreset Create(bool isFull, int longest = 0, int steps = 0, int seeds = 0)
    {
        var name = isFull ? "full" : "short";
        var limit = longest == 0 ? int.MaxValue : longest;
        return new StudyPreset(
            longest == 0 && steps == 0 && seeds == 0 ? name : $"{name}, limited",
            isFull
                ? new SpeedSettings(Below(16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192),
                    Below(32, 64, 128, 256, 512, 1024, 2048), Math.Min(8192, limit), Math.Min(2048, limit), 5, new(0.3, 0.6, 5))
                : new SpeedSettings(Below(16, 32, 64, 128, 256, 512, 1024, 2048), Below(64, 256, 1024), Math.Min(1024, limit),
                    Math.Min(1024, limit), 3, new(0.05, 0.05, 3)),
            isFull ? Below(64, 128, 256, 512, 1024, 2048, 4096, 8192) : Below(64, 256, 1024, 2048),
            new RecallSettings(new LearningSettings { Seeds = seeds > 0 ? seeds : isFull ? 3 : 2 },
                [.. (isFull ? fullExperiments : shortExperiments).Where(e => e.Length <= limit)
                    .Select(e => e with { Cap = steps == 0 ? e.Cap : Math.Min(steps, e.Cap) })]),
            new GradientSettings(Math.Min(isFull ? 1000 : 300, limit), 16, seeds > 0 ? seeds : isFull ? 5 : 3));

        int[] Below(params int[] lengths) => [.. lengths.Where(l => l <= limit)];
    }
}
