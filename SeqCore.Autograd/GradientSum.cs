namespace SeqCore;

/// <summary>
/// Adds up gradients that arrive one after the other, without a copy as long as nothing else refers to their memory.
/// </summary>
internal static class GradientSum
{
    /// <summary>Returns sum + gradient, or the gradient itself if it is the first. Takes over both.</summary>
    internal static Tensor Add(Tensor? sum, Tensor gradient)
    {
        if (sum is null)
            return gradient;
        if (sum.SharesMemory && !gradient.SharesMemory)
            (sum, gradient) = (gradient, sum);
        sum = Own(sum);
        sum.AddInPlace(gradient);
        gradient.Dispose();
        return sum;
    }

    /// <summary>
    /// Returns the sum with the gradient added to a part of it; if it is the first, the rest is zeros. Takes over both.
    /// </summary>
    internal static Tensor AddPart(Tensor? sum, Shape shape, Tensor gradient, GradientPart part)
    {
        sum = sum is null ? Tensor.Zeros(shape, gradient.Backend) : Own(sum);
        part.Add(gradient, sum);
        gradient.Dispose();
        return sum;
    }

    /// <summary>Returns the tensor itself if no other view shares its memory, else a copy.</summary>
    internal static Tensor Own(Tensor tensor)
    {
        if (!tensor.SharesMemory)
            return tensor;
        var own = tensor.Copy();
        tensor.Dispose();
        return own;
    }

    /// <summary>Returns another tensor over the same memory, which can be disposed separately.</summary>
    internal static Tensor Alias(this Tensor tensor) => tensor.Reshape(tensor.Shape);
}
