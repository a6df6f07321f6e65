using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>A variable that training changes: a leaf that requires a gradient and belongs to a <see cref="Module"/>.</summary>
public sealed class Parameter : Variable
{
    /// <summary>Makes a parameter from a value, which it takes over: the tensor leaves the scope that owned it.</summary>
    /// <param name="value">The initial value, contiguous and of any shape.</param>
    /// <exception cref="ArgumentException">The tensor is a view with gaps; optimizers need contiguous elements.</exception>
    public Parameter(Tensor value) : base(value, requiresGradient: true)
    {
        if (!value.IsContiguous)
        {
            throw new ArgumentException($"Parameter: the value of shape {value.Shape} is a view that is not contiguous."
                + " Hint: pass value.Copy().", nameof(value));
        }

        TensorScope.Current?.Keep(value);
    }

    /// <summary>
    /// Whether the parameter is trained; true by default. If it is false, no gradient is computed for it, optimizers skip it, and
    /// it does not count in the norm of gradient clipping. Setting it to false clears the gradient.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Operations are recorded on an open tape, whose backward pass has not run yet and relies on the old value.
    /// </exception>
    public new bool RequiresGradient
    {
        get => base.RequiresGradient;
        set
        {
            if (value == base.RequiresGradient)
                return;
            RequireNothingRecorded("Parameter.RequiresGradient");
            if (!value)
                ReleaseGradient();
            base.RequiresGradient = value;
        }
    }

    /// <summary>
    /// The number of rows of each tensor that is packed into this one, which other programs may name separately (see
    /// <see cref="WeightNames"/>); null if there is only one.
    /// </summary>
    internal IReadOnlyList<int>? Parts { get; set; }

    /// <summary>The module that registered the parameter first, and its name there; null for one that no module has.</summary>
    internal (Module Module, string Name)? Owner { get; set; }

    /// <summary>Whether an optimizer was made for this parameter.</summary>
    internal bool HasOptimizer { get; set; }

    /// <summary>Whether this is no parameter for a training, but a buffer that is saved with them.</summary>
    internal bool IsBuffer { get; init; }

    /// <summary>
    /// Throws if an open tape, or one outside it, has recorded operations that may read parameters in their backward pass.
    /// </summary>
    internal static void RequireNothingRecorded(string operation)
    {
        if (Tape.AllOpen.FirstOrDefault(t => t is { HasRunBackward: false, Count: > 0 }) is not { } tape)
            return;
        throw new InvalidOperationException($"{operation}: {tape.Count} operations are recorded on "
            + (tape == Tape.Current ? "the open tape." : "an open tape outside this one.") + " Hint: change parameters between"
            + " steps, before a step's first operation or after its backward pass.");
    }

    /// <summary>Copies the value to another backend, outside every scope.</summary>
    internal Tensor CopyTo(Backend backend)
    {
        using var suspension = TensorScope.Suspend();
        var copy = Tensor.Uninitialized(Shape, backend);
        TensorCopy.Into(Value, copy);
        return copy;
    }

    /// <summary>Takes over a value of the same shape, releases the memory of the old one, and clears the gradient.</summary>
    internal void Replace(Tensor value)
    {
        ReleaseGradient();
        Value.Dispose();
        Value = value;
    }
}
