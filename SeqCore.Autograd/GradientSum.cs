namespace SeqCore;

/// <summary>Adds up gradients that arrive one after the other, without a copy as long as nobody else sees the memory.</summary>
internal static class GradientSum
{
    /// <summary>sum + gradient, or the gradient itself where it is the first. Takes both over.</summary>
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

    /// <summary>sum with the gradient added to a part of it; zeros elsewhere where it is the first. Takes both over.</summary>
    internal static Tensor AddPart(Tensor? sum, Shape shape, Tensor gradient, Func<Tensor, Tensor> part)
    {
        sum = sum is null ? Tensor.Zeros(shape, gradient.Backend) : Own(sum);
        using (var view = part(sum))
            view.AddInPlace(gradient);
        gradient.Dispose();
        return sum;
    }

    /// <summary>The tensor itself where no other view shares its memory, else a copy in its place.</summary>
    internal static Tensor Own(Tensor tensor)
    {
        if (!tensor.SharesMemory)
            return tensor;
        var own = tensor.Copy();
        tensor.Dispose();
        return own;
    }

    /// <summary>Another tensor over the same memory, which can be disposed by itself.</summary>
    internal static Tensor Alias(this Tensor tensor) => tensor.Reshape(tensor.Shape);
}
