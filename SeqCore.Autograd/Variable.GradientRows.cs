using System.Runtime.CompilerServices;

namespace SeqCore;

public partial class Variable
{
    private RowGradient? rowGradient;

    /// <summary>
    /// The only rows of <see cref="Gradient"/> that may differ from 0, in ascending order, if it comes from lookups with a sparse
    /// gradient alone (<see cref="Embedding"/>). Null if all rows may: if another gradient was added, or the gradient was written
    /// to by anything but <see cref="ChangeGradient"/>. Also null without a gradient.
    /// </summary>
    /// <remarks>
    /// The list is valid until the next backward pass or <see cref="ZeroGradient"/>. A custom kernel that writes to the gradient
    /// reports it (<see cref="Tensor.NoteWrite"/>), or the optimizers would not see the other rows.
    /// </remarks>
    public IReadOnlyList<int>? GradientRows => rowGradient?.Describes(Gradient) == true ? rowGradient.Rows : null;

    /// <summary>
    /// Clears the gradient and releases its memory, and what <see cref="ZeroGradient"/> keeps for the next backward pass.
    /// </summary>
    public void ReleaseGradient()
    {
        rowGradient?.Release();
        rowGradient = null;
        ZeroGradient();
    }

    /// <summary>
    /// Changes the gradient in place, such as by a factor; does nothing without a gradient. If there are
    /// <see cref="GradientRows"/>, only these rows change, and they stay the only ones.
    /// </summary>
    /// <param name="change">
    /// Changes the tensor that it gets: the whole gradient, or a copy of the rows, shape (rows, D), which is then written back.
    /// </param>
    public void ChangeGradient(Action<Tensor> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (Gradient is not { } gradient)
            return;
        if (GradientRows is null)
            change(gradient);
        else
            rowGradient!.Change(gradient, change);
    }

    /// <summary>
    /// Adds rows to the gradient of this leaf, which is a table: row i of the source to the row that index i names.
    /// </summary>
    /// <param name="source">The rows, contiguous, shape (indices..., D).</param>
    /// <param name="indices">The indices.</param>
    /// <param name="padding">The index of a row that gets no gradient, or null.</param>
    /// <param name="tape">The tape that runs backward.</param>
    /// <param name="check">Checks the sum of the rows before it is added; or null.</param>
    internal void AccumulateRows(Tensor source, IndexTensor indices, int? padding, Tape tape, Action<Tensor>? check)
    {
        lock (Locks[(uint)RuntimeHelpers.GetHashCode(this) % Locks.Length])
        {
            rowGradient ??= new RowGradient(Shape[0]);
            if (Gradient is null && check is null)
            {
                Gradient = rowGradient.Begin(Shape, source.Backend);
                rowGradient.AddFirst(Gradient, source, indices, padding);
                return;
            }

            var (rows, sums) = rowGradient.Sum(source, indices, padding);
            using (rows)
            using (sums)
            {
                check?.Invoke(sums);
                Gradient ??= rowGradient.Begin(Shape, source.Backend);
                var isSparse = rowGradient.Describes(Gradient);
                tape.NoteChange(Gradient);
                Gradient = tape.Keep(GradientSum.Own(Gradient));
                if (isSparse)
                    rowGradient.Add(Gradient, rows, sums, padding);
                else
                    Gradient.ScatterAddInPlace(rows, sums);
            }
        }
    }
}
