namespace SeqCore.Kernels;

/// <summary>Operands of the softmax cross-entropy and of its gradient.</summary>
public readonly struct CrossEntropyArguments
{
    /// <summary>Number of tokens.</summary>
    public required int Rows { get; init; }

    /// <summary>Number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>Shape (rows, classes).</summary>
    public required DeviceSpan<float> Logits { get; init; }

    /// <summary>Shape (rows): a class in [0, classes) or the ignored index.</summary>
    public required DeviceSpan<int> Targets { get; init; }

    /// <summary>u of tokens and w of classes; what is absent is 1.</summary>
    public CrossEntropyWeights Weights { get; init; }

    /// <summary>Ignored index and label smoothing.</summary>
    public CrossEntropyOptions Options { get; init; }

    /// <summary>Shape (rows): out; not of the gradient alone.</summary>
    public DeviceSpan<float> Losses { get; init; }

    /// <summary>Shape (rows): written by the forward pass, read by the gradient alone.</summary>
    public DeviceSpan<float> LogSumExp { get; init; }

    /// <summary>
    /// Shape (rows) or (1): the gradient of each row's loss, or of all. With forward and gradient at once (1), or absent for 1.
    /// </summary>
    public DeviceSpan<float> Scales { get; init; }

    /// <summary>Shape (rows, classes): out, where there is a gradient; may be the logits.</summary>
    public DeviceSpan<float> DLogits { get; init; }

    /// <summary>Throws where an operand does not have its shape; the values of targets are not looked at.</summary>
    internal void Check(string operation, CrossEntropyKind kind)
    {
        if (kind != CrossEntropyKind.Gradient)
            RowChecks.Check(operation, "losses", Losses, Rows, 1);
        if (kind != CrossEntropyKind.Both)
            RowChecks.Check(operation, "logSumExp", LogSumExp, Rows, 1);
        if (kind == CrossEntropyKind.Gradient)
            RowChecks.Check(operation, "scales", Scales, Scales.Length == 1 ? 1 : Rows, 1);
        if (kind != CrossEntropyKind.Forward)
            RowChecks.Check(operation, "dLogits", DLogits, Rows, Classes);
        RowChecks.Check(operation, "logits", Logits, Rows, Classes);
        RowChecks.Check(operation, "targets", Targets, Rows, 1);
        RowChecks.CheckOptional(operation, "weights", Weights.Tokens, Rows, 1);
        RowChecks.CheckOptional(operation, "Classes", Weights.Classes, 1, Classes);
        if (!Weights.Classes.IsAbsent && Options.LabelSmoothing > 0f)
            RowChecks.Check(operation, "MeanOfClasses", Weights.MeanOfClasses, 1, 1);
        if (!(Options.LabelSmoothing >= 0f && Options.LabelSmoothing < 1f))
            throw new ArgumentException($"{operation}: label smoothing should be in [0, 1); got {Options.LabelSmoothing}.");
    }
}
