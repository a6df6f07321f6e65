namespace SeqCore.Kernels;

/// <summary>The weights of the softmax cross-entropy; absent weights are 1.</summary>
/// <param name="Tokens">The weight u of each token, shape (rows).</param>
/// <param name="Classes">The weight w of each class, shape (classes).</param>
/// <param name="MeanOfClasses">
/// The mean of the class weights on the device, shape (1); needed for class weights with label smoothing.
/// </param>
public readonly record struct CrossEntropyWeights(DeviceSpan<float> Tokens, DeviceSpan<float> Classes = default,
    DeviceSpan<float> MeanOfClasses = default)
{
    /// <summary>Converts weights of tokens, without class weights.</summary>
    public static implicit operator CrossEntropyWeights(DeviceSpan<float> tokens) => new(tokens);
}
