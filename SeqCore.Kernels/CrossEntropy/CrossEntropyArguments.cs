using SeqCore.Kernels.CrossEntropy;

namespace SeqCore.Kernels;

/// <summary>The arguments of the softmax cross-entropy and of its gradient.</summary>
public readonly struct CrossEntropyArguments
{
    /// <summary>The number of tokens.</summary>
    public required int Rows { get; init; }

    /// <summary>The number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>The logits, shape (rows, classes).</summary>
    public required DeviceSpan<float> Logits { get; init; }

    /// <summary>The targets, shape (rows): a class in [0, classes) or the ignored index.</summary>
    public required DeviceSpan<int> Targets { get; init; }

    /// <summary>The weights u of tokens and w of classes; absent weights are 1.</summary>
    public CrossEntropyWeights Weights { get; init; }

    /// <summary>The ignored index and the label smoothing.</summary>
    public CrossEntropyOptions Options { get; init; }

    /// <summary>Output: the losses, shape (rows); not written by the gradient alone.</summary>
    public DeviceSpan<float> Losses { get; init; }

    /// <summary>
    /// The log of the sum of exponentials, shape (rows): written by the forward pass, read by the gradient alone.
    /// </summary>
    public DeviceSpan<float> LogSumExp { get; init; }

    /// <summary>
    /// The gradient of each row's loss, shape (rows), or one gradient for all rows, shape (1). Loss and gradient together take
    /// shape (1), or absent for 1.
    /// </summary>
    public DeviceSpan<float> Scales { get; init; }

    /// <summary>
    /// Output: the gradient of the logits, shape (rows, classes), where it is computed; may be the logits' memory.
    /// </summary>
    public DeviceSpan<float> DLogits { get; init; }

    /// <summary>Throws if an operand does not have its shape; the values of the targets are not checked.</summary>
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
