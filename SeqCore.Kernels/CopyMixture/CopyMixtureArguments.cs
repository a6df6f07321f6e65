namespace SeqCore.Kernels;

/// <summary>The operands of the mixture of generating a token and copying one from the source.</summary>
public readonly struct CopyMixtureArguments
{
    /// <summary>The number of sources, B.</summary>
    public required int Batch { get; init; }

    /// <summary>The number of steps of each target, T.</summary>
    public required int Steps { get; init; }

    /// <summary>The number of different tokens, V.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>The number of positions of each source, S.</summary>
    public required int SourceLength { get; init; }

    /// <summary>The logits x of generating each token, shape (B, T, V).</summary>
    public required DeviceSpan<float> Logits { get; init; }

    /// <summary>The probability a of copying from each position, shape (B, T, S); not read past a source's length.</summary>
    public required DeviceSpan<float> Weights { get; init; }

    /// <summary>The token at each position of the sources, shape (B, S), in [0, V); not read past a source's length.</summary>
    public required DeviceSpan<int> Tokens { get; init; }

    /// <summary>The length of each source, shape (B), in [0, S]; or absent for S.</summary>
    public DeviceSpan<int> Lengths { get; init; }

    /// <summary>The logit g of the probability p of generating, shape (B, T).</summary>
    public required DeviceSpan<float> Gates { get; init; }

    /// <summary>The log probabilities y, shape (B, T, V): output of the forward pass, which the gradient reads.</summary>
    public required DeviceSpan<float> LogProbabilities { get; init; }

    /// <summary>
    /// For each row of logits the maximum and the logarithm of the sum of exponentials below it, shape (B, T, 2): output of the
    /// forward pass, which the gradient reads.
    /// </summary>
    public required DeviceSpan<float> Normalizers { get; init; }

    /// <summary>The number of rows of logits, B T.</summary>
    internal int Rows => Batch * Steps;

    /// <summary>Throws if an operand does not have its shape; the values of tokens and lengths are not checked.</summary>
    internal void Check(string operation)
    {
        if (Vocabulary < 1)
            throw new ArgumentException($"{operation}: there should be at least 1 token in the vocabulary; got {Vocabulary}.");
        var rows = SizeLimitException.Product($"{operation}: the rows of logits", Batch, Steps);
        RowChecks.Check(operation, "logits", Logits, rows, Vocabulary);
        RowChecks.Check(operation, "weights", Weights, rows, SourceLength);
        RowChecks.Check(operation, "tokens", Tokens, Batch, SourceLength);
        RowChecks.CheckOptional(operation, "lengths", Lengths, Batch, 1);
        RowChecks.Check(operation, "gates", Gates, rows, 1);
        RowChecks.Check(operation, "logProbabilities", LogProbabilities, rows, Vocabulary);
        RowChecks.Check(operation, "normalizers", Normalizers, rows, 2);
    }
}

/// <summary>The gradients of such a mixture; those that are absent are not computed.</summary>
public readonly struct CopyMixtureGradients
{
    /// <summary>The gradient of the log probabilities, dY, shape (B, T, V).</summary>
    public required DeviceSpan<float> DLogProbabilities { get; init; }

    /// <summary>Output: the gradient of the logits, shape (B, T, V); or absent.</summary>
    public DeviceSpan<float> DLogits { get; init; }

    /// <summary>Output: the gradient of the weights, shape (B, T, S); or absent.</summary>
    public DeviceSpan<float> DWeights { get; init; }

    /// <summary>Output: the gradient of the gates' logits, shape (B, T); or absent.</summary>
    public DeviceSpan<float> DGates { get; init; }

    internal void Check(string operation, in CopyMixtureArguments arguments)
    {
        RowChecks.Check(operation, "dLogProbabilities", DLogProbabilities, arguments.Rows, arguments.Vocabulary);
        RowChecks.CheckOptional(operation, "dLogits", DLogits, arguments.Rows, arguments.Vocabulary);
        RowChecks.CheckOptional(operation, "dWeights", DWeights, arguments.Rows, arguments.SourceLength);
        RowChecks.CheckOptional(operation, "dGates", DGates, arguments.Rows, 1);
    }
}
