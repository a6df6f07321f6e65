namespace SeqCore.Kernels;

/// <summary>Weights of the softmax cross-entropy; those that are absent are 1.</summary>
/// <param name="Tokens">Shape (rows): u, the weight of each token.</param>
/// <param name="Classes">Shape (classes): w, the weight of each class.</param>
/// <param name="MeanOfClasses">
/// Shape (1): mean_k w_k, on the device; needed where there are weights of classes and label smoothing.
/// </param>
public readonly record struct CrossEntropyWeights(DeviceSpan<float> Tokens, DeviceSpan<float> Classes = default,
    DeviceSpan<float> MeanOfClasses = default)
{
    /// <summary>Weights of tokens alone.</summary>
    public static implicit operator CrossEntropyWeights(DeviceSpan<float> tokens) => new(tokens);
}
