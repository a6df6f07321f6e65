namespace SeqCore;

/// <summary>The part of an input that a function passes to <see cref="Function.AddGradient"/>.</summary>
/// <param name="function">The name of the function, for errors.</param>
/// <param name="part">Makes a view of a tensor of the input's shape.</param>
internal sealed class GradientPart(string function, Func<Tensor, Tensor> part)
{
    /// <summary>Adds the gradient of the part to that of the whole input.</summary>
    internal void Add(Tensor gradient, Tensor sum)
    {
        var view = part(sum);
        if (view is null || !ReferenceEquals(view.Strided.Data.Buffer, sum.Strided.Data.Buffer))
        {
            throw new ArgumentException($"{function}: the part of AddGradient should return a view of the tensor that it gets, of"
                + $" shape {sum.Shape}, but it returned {(view is null ? "null" : $"another tensor of shape {view.Shape}")}, so"
                + " the gradient would be lost. Hint: take a view, as in p => p[..2], p.Slice(...) or p.Transpose(); Copy, and"
                + " Contiguous and Reshape of a transposed tensor, make another.", nameof(part));
        }

        if (!gradient.Shape.Equals(view.Shape))
        {
            throw ShapeException.Wrong(function, "the gradient from Backward", view.Shape.ToString(), gradient.Shape,
                "that is the shape of its part");
        }

        view.AddInPlace(gradient);
        if (!ReferenceEquals(view, sum))
            view.Dispose();
    }
}
