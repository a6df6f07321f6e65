using System.Runtime.CompilerServices;

namespace SeqCore;

/// <summary>A tensor that may have a gradient: an input or a parameter (a leaf), or the result of a recorded function.</summary>
/// <example>
/// <code>
/// using var tape = new Tape();
/// var w = new Variable(Tensor.FromArray([1f, 2f, 3f]), requiresGradient: true);
/// var sum = (w * w).Sum();
/// tape.Backward(sum);
/// Console.WriteLine(sum.Value.Item());           // 14
/// Console.WriteLine(w.Gradient![2].Item());      // 6
/// </code>
/// </example>
public partial class Variable
{
    private static readonly Lock[] Locks = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    /// <summary>Makes a leaf.</summary>
    /// <param name="value">The tensor, which the caller owns.</param>
    /// <param name="requiresGradient">Whether a backward pass stores its gradient in <see cref="Gradient"/>.</param>
    public Variable(Tensor value, bool requiresGradient = false)
    {
        ArgumentNullException.ThrowIfNull(value);
        Value = value;
        RequiresGradient = requiresGradient;
    }

    internal Variable(Tensor value, Function creator, int index)
    {
        Value = value;
        RequiresGradient = true;
        Creator = creator;
        CreatorOutput = index;
    }

    /// <summary>
    /// The value of the variable. A derived leaf may replace it by one of the same shape while nothing is recorded on a tape.
    /// </summary>
    public Tensor Value { get; protected set; }

    /// <summary>The shape of the value.</summary>
    public Shape Shape => Value.Shape;

    /// <summary>
    /// Whether gradients flow to or through this variable. A derived leaf may change it while nothing is recorded on a tape.
    /// </summary>
    public bool RequiresGradient { get; protected set; }

    /// <summary>Whether this is an input or parameter, not the result of a recorded function.</summary>
    public bool IsLeaf => Creator is null;

    /// <summary>
    /// The sum of the gradients of the backward passes since <see cref="ZeroGradient"/>; null before the first. Only leaves have
    /// one.
    /// </summary>
    public Tensor? Gradient { get; private set; }

    internal Function? Creator { get; }

    internal int CreatorOutput { get; }

    /// <summary>
    /// Clears the gradient and releases its memory. If it has <see cref="GradientRows"/>, the memory is kept for the next
    /// backward pass, and only these rows are cleared; <see cref="ReleaseGradient"/> keeps nothing.
    /// </summary>
    public void ZeroGradient()
    {
        if (Gradient is not { } gradient)
            return;
        Gradient = null;
        rowGradient?.End(gradient);
        gradient.Dispose();
    }

    /// <summary>Returns the same value as a leaf through which no gradient flows.</summary>
    public Variable Detach() => new(Value);

    /// <summary>Wraps a tensor as a constant.</summary>
    public static implicit operator Variable(Tensor value) => new(value);

    /// <summary>Adds to the gradient, which for a result waits at its creator; takes over the tensor.</summary>
    /// <param name="gradient">The gradient, contiguous and of the value's shape; or of the part's shape in any layout.</param>
    /// <param name="part">The part of the value that the gradient belongs to; null for the whole.</param>
    /// <param name="tape">The tape that runs backward. A gradient that outlives it is taken out of its scope.</param>
    internal void Accumulate(Tensor gradient, GradientPart? part = null, Tape? tape = null)
    {
        if (Creator is not null && Creator.Tape == tape)
        {
            Creator.ArrivedGradient(this) = Sum(Creator.ArrivedGradient(this), gradient, part, tape);
            return;
        }

        // Tapes of other threads may add to the same leaf, or to a result of a tape that encloses both.
        lock (Locks[(uint)RuntimeHelpers.GetHashCode(this) % Locks.Length])
        {
            var before = Creator is null ? Gradient : Creator.ArrivedGradient(this);
            var sum = Sum(before, gradient, part, tape);
            tape?.Keep(sum);
            if (Creator is null)
            {
                Gradient = sum;
                rowGradient?.Forget();
            }
            else
            {
                Creator.ArrivedGradient(this) = sum;
            }
        }
    }

    /// <summary>
    /// Ends a backward pass: the gradient gets its own memory. Most intermediate gradients have been released by now, so a leaf
    /// that shared memory with them rarely needs a copy.
    /// </summary>
    internal void OwnGradient(Tape tape)
    {
        lock (Locks[(uint)RuntimeHelpers.GetHashCode(this) % Locks.Length])
        {
            // A gradient of rows has its own memory from the start.
            if (GradientRows is null)
                Gradient = tape.Keep(GradientSum.Own(Gradient!));
        }
    }

    private Tensor Sum(Tensor? before, Tensor gradient, GradientPart? part, Tape? tape)
    {
        if (before is not null)
            tape?.NoteChange(before);
        return part is null ? GradientSum.Add(before, gradient) : GradientSum.AddPart(before, Shape, gradient, part);
    }
}
