namespace SeqCore.Models;

/// <summary>A variable that training changes: a leaf that asks for its gradient and belongs to a <see cref="Module"/>.</summary>
public sealed class Parameter : Variable
{
    /// <summary>A parameter with this value, which it takes over: the tensor leaves the scope that owned it.</summary>
    /// <param name="value">Contiguous; any shape.</param>
    /// <exception cref="ArgumentException">The tensor is a view with gaps; optimizers need one run of elements.</exception>
    public Parameter(Tensor value) : base(value, requiresGradient: true)
    {
        if (!value.IsContiguous)
            throw new ArgumentException($"Parameter: the value of shape {value.Shape} is a view that is not contiguous. Hint: pass value.Copy().", nameof(value));
        TensorScope.Current?.Keep(value);
    }
}
