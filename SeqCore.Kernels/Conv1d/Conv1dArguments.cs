namespace SeqCore.Kernels;

/// <summary>The operands of a convolution and of its gradients.</summary>
public readonly struct Conv1dArguments
{
    /// <summary>The sizes and options.</summary>
    public required Conv1dShape Shape { get; init; }

    /// <summary>The inputs, shape (B, T, I); absent if only gradients of inputs and bias are computed.</summary>
    public DeviceSpan<float> X { get; init; }

    /// <summary>The weight, shape (O, I / groups, K); absent if only gradients of weight and bias are computed.</summary>
    public DeviceSpan<float> Weight { get; init; }

    /// <summary>The bias, shape (O); or absent.</summary>
    public DeviceSpan<float> Bias { get; init; }

    /// <summary>The length of each sequence, shape (B), in [0, T]; or absent for T.</summary>
    public DeviceSpan<int> Lengths { get; init; }

    /// <summary>Output of the forward pass: the results, shape (B, T', O); they must not overlap the operands.</summary>
    public DeviceSpan<float> Y { get; init; }
}

/// <summary>The gradients of a convolution; those that are absent are not computed.</summary>
public readonly struct Conv1dGradients
{
    /// <summary>The gradient of the outputs, shape (B, T', O).</summary>
    public required DeviceSpan<float> DY { get; init; }

    /// <summary>Output: the gradient of the inputs, shape (B, T, I); or absent.</summary>
    public DeviceSpan<float> DX { get; init; }

    /// <summary>Output: the gradient of the weight, shape (O, I / groups, K); or absent.</summary>
    public DeviceSpan<float> DWeight { get; init; }

    /// <summary>Output: the gradient of the bias, shape (O); or absent.</summary>
    public DeviceSpan<float> DBias { get; init; }
}
