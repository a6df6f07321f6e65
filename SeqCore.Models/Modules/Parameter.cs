using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>A variable that training changes: a leaf that asks for its gradient and belongs to a <see cref="Module"/>.</summary>
public sealed class Parameter : Variable
{
    /// <summary>Makes a parameter with this value, which it takes over: the tensor leaves the scope that owned it.</summary>
    /// <param name="value">Contiguous; any shape.</param>
    /// <exception cref="ArgumentException">The tensor is a view with gaps; optimizers need one run of elements.</exception>
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
    /// Whether the parameter is trained; true at first. Where it is false, no gradient is computed for it, optimizers skip it,
    /// and it does not count in the norm that clipping bounds. Setting it to false forgets the gradient that is there.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Operations are recorded on an open tape, whose backward pass is still to come and relies on the value before.
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
                ZeroGradient();
            base.RequiresGradient = value;
        }
    }

    /// <summary>
    /// Rows of each of the tensors that are packed into this one, which other programs may name apart (see
    /// <see cref="WeightNames"/>); null for one.
    /// </summary>
    internal IReadOnlyList<int>? Parts { get; set; }

    /// <summary>
    /// Throws where an open tape, or one outside it, has recorded operations that may read parameters in their backward pass.
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

    /// <summary>
    /// Takes a value of the same shape over in place of the old one, whose memory goes back, and forgets the gradient.
    /// </summary>
    internal void Replace(Tensor value)
    {
        ZeroGradient();
        Value.Dispose();
        Value = value;
    }
}
