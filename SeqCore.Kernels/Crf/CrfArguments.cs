namespace SeqCore.Kernels;

/// <summary>The operands of a conditional random field over batches of sequences.</summary>
public readonly struct CrfArguments
{
    /// <summary>The number of sequences, B.</summary>
    public required int Batch { get; init; }

    /// <summary>The number of steps, T.</summary>
    public required int Steps { get; init; }

    /// <summary>The number of tags, K.</summary>
    public required int Tags { get; init; }

    /// <summary>The score of each tag at each step, shape (B, T, K).</summary>
    public required DeviceSpan<float> Emissions { get; init; }

    /// <summary>The score of tag j after tag i at (i, j), shape (K, K).</summary>
    public required DeviceSpan<float> Transitions { get; init; }

    /// <summary>The score of each tag at the first step, shape (K).</summary>
    public required DeviceSpan<float> Start { get; init; }

    /// <summary>The score of each tag at the last step, shape (K).</summary>
    public required DeviceSpan<float> End { get; init; }

    /// <summary>The tags of the targets, shape (B, T), of which those past a row's length are not read; or absent.</summary>
    public DeviceSpan<int> Targets { get; init; }

    /// <summary>The length of each sequence, shape (B), in [0, T]; or absent for T.</summary>
    public DeviceSpan<int> Lengths { get; init; }

    /// <summary>The factor of each row's gradient, shape (B), or of all, shape (1); or absent for 1.</summary>
    public DeviceSpan<float> Scales { get; init; }

    /// <summary>One more factor of all gradients, 1 by default.</summary>
    public float Scale { get; init; } = 1f;

    /// <summary>Output: the losses, shape (B); optional where gradients are computed.</summary>
    public DeviceSpan<float> Losses { get; init; }

    /// <summary>Makes operands whose gradients have the factor 1.</summary>
    public CrfArguments()
    {
    }

    /// <summary>Throws if an operand does not have its shape; the values of targets and lengths are not checked.</summary>
    internal void Check(string operation)
    {
        if (Tags < 1)
            throw new ArgumentException($"{operation}: there should be at least 1 tag; got {Tags}.");
        RowChecks.Check(operation, "emissions", Emissions, Batch,
            SizeLimitException.Product($"{operation}: the scores of a row", Steps, Tags));
        RowChecks.Check(operation, "transitions", Transitions, Tags, Tags);
        RowChecks.Check(operation, "start", Start, 1, Tags);
        RowChecks.Check(operation, "end", End, 1, Tags);
        RowChecks.CheckOptional(operation, "targets", Targets, Batch, Steps);
        RowChecks.CheckOptional(operation, "lengths", Lengths, Batch, 1);
        if (Scales.Length != 1)
            RowChecks.CheckOptional(operation, "scales", Scales, Batch, 1);
    }
}

/// <summary>The gradients of a conditional random field; those that are absent are not computed.</summary>
public readonly struct CrfGradients
{
    /// <summary>Output: the gradient of the emissions, shape (B, T, K); or absent.</summary>
    public DeviceSpan<float> DEmissions { get; init; }

    /// <summary>Output: the gradient of the transitions, shape (K, K); or absent.</summary>
    public DeviceSpan<float> DTransitions { get; init; }

    /// <summary>Output: the gradient of the scores of the first tag, shape (K); or absent.</summary>
    public DeviceSpan<float> DStart { get; init; }

    /// <summary>Output: the gradient of the scores of the last tag, shape (K); or absent.</summary>
    public DeviceSpan<float> DEnd { get; init; }

    internal bool AreWanted => !DEmissions.IsAbsent || AreSumsWanted;

    /// <summary>Whether any gradient is a sum over the batch.</summary>
    internal bool AreSumsWanted => !DTransitions.IsAbsent || !DStart.IsAbsent || !DEnd.IsAbsent;

    internal void Check(string operation, in CrfArguments arguments)
    {
        RowChecks.CheckOptional(operation, "dEmissions", DEmissions, arguments.Batch, arguments.Steps * arguments.Tags);
        RowChecks.CheckOptional(operation, "dTransitions", DTransitions, arguments.Tags, arguments.Tags);
        RowChecks.CheckOptional(operation, "dStart", DStart, 1, arguments.Tags);
        RowChecks.CheckOptional(operation, "dEnd", DEnd, 1, arguments.Tags);
    }
}
