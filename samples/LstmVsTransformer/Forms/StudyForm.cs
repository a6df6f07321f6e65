namespace SeqCore.Samples.LstmVsTransformer.Forms;

/// <summary>How much is measured: all sizes, lengths and limits of the study in one place.</summary>
internal sealed record StudyForm(string Name, SpeedForm Speed, MemoryForm Memory, RecallForm Recall, GradientForm Gradients)
{
    /// <summary>About a minute on two cores.</summary>
    internal static StudyForm Short { get; } = new("short", SpeedForm.Short, MemoryForm.Short,
        RecallForm.Short, GradientForm.Short);

    /// <summary>About twenty-five minutes on two cores.</summary>
    internal static StudyForm Full { get; } = new("full", SpeedForm.Full, MemoryForm.Full, RecallForm.Full, GradientForm.Full);

    /// <summary>The same without what is beyond some limits.</summary>
    /// <param name="longest">Lengths above it are left out; 0 for no limit.</param>
    /// <param name="steps">Training steps of each run at most; 0 for no limit.</param>
    /// <param name="seeds">Seeds; 0 for the form's.</param>
    internal StudyForm Limit(int longest, int steps, int seeds)
    {
        if (longest == 0 && steps == 0 && seeds == 0)
            return this;
        var limit = longest == 0 ? int.MaxValue : longest;
        return new StudyForm(
            $"{Name}, limited",
            Speed with
            {
                Lengths = Below(Speed.Lengths, limit),
                TrainingLengths = Below(Speed.TrainingLengths, limit),
                Positions = Math.Min(Speed.Positions, limit),
                CoresLength = Math.Min(Speed.CoresLength, limit),
            },
            Memory with { Lengths = Below(Memory.Lengths, limit) },
            Recall with
            {
                Seeds = seeds == 0 ? Recall.Seeds : seeds,
                Experiments = [.. Recall.Experiments.Where(e => e.Length <= limit)
                    .Select(e => e with { Cap = steps == 0 ? e.Cap : Math.Min(steps, e.Cap) })],
            },
            Gradients with { Steps = Math.Min(Gradients.Steps, limit), Seeds = seeds == 0 ? Gradients.Seeds : seeds });
    }

    private static int[] Below(int[] lengths, int limit) => [.. lengths.Where(l => l <= limit)];
}
