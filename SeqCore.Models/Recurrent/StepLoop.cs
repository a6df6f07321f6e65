namespace SeqCore.Models;

/// <summary>
/// The loop over time of a layer that is composed step by step on the tape, with lengths and zoneout: <see cref="CellLayer"/>,
/// and an <see cref="Lstm"/> with a projection.
/// </summary>
internal static class StepLoop
{
    /// <summary>Computes one time step from its projected inputs, shape (B, ...), and the state before it.</summary>
    internal delegate IReadOnlyList<Variable> Step(Variable x, IReadOnlyList<Variable> state);

    /// <summary>Runs one layer in one direction over whole sequences.</summary>
    /// <param name="owner">The name of the layer in errors.</param>
    /// <param name="x">The inputs, shape (B, T, I).</param>
    /// <param name="state">The state before the first step.</param>
    /// <param name="pass">The direction, the lengths and the zoneout.</param>
    /// <param name="project">Computes what the steps need of the inputs, for all steps at once.</param>
    /// <param name="step">Computes one step.</param>
    /// <returns>The output, shape (B, T, width of the first variable of the state), and then the state at the end.</returns>
    internal static Variable[] Run(string owner, Variable x, IReadOnlyList<Variable> state, RecurrentPass pass,
        Func<Variable, Variable> project, Step step)
    {
        var steps = x.Shape[1];
        Variable zero = Tensor.Zeros(Shape.Scalar, x.Value.Backend);
        var exists = pass.Lengths is null ? null : Exists(owner, pass.Lengths, x.Shape);

        // The contents of the padding affect nothing, not even as 0 times NaN.
        var inputs = project(exists is null ? x : Variable.Where(exists.Unsqueeze(2), x, zero));
        var outputs = new Variable[steps];
        for (var i = 0; i < steps; i++)
        {
            var t = pass.Reverse ? steps - 1 - i : i;
            var next = Keep(step(inputs.Select(1, t), state), state, pass, t);
            outputs[t] = next[0];
            if (exists is not null)
            {
                var isStep = exists.Slice(1, t, 1);
                next = [.. next.Select((after, p) => Variable.Where(Spread(isStep, after.Shape), after, state[p]))];
                outputs[t] = Variable.Where(isStep, outputs[t], zero);
            }

            state = next;
        }

        return [Variable.Stack(outputs, 1), .. state];
    }

    /// <summary>Applies zoneout: each unit of the hidden and cell state keeps a fraction of its previous value.</summary>
    private static IReadOnlyList<Variable> Keep(IReadOnlyList<Variable> after, IReadOnlyList<Variable> before,
        RecurrentPass pass, int t)
    {
        if (pass is { KeepHidden: null, KeepCell: null })
            return after;
        var kept = after.ToArray();
        Mix(0, pass.KeepHidden);
        Mix(1, pass.KeepCell);
        return kept;

        void Mix(int part, Tensor? share)
        {
            if (share?.Select(0, t) is { } keep)
                kept[part] = (before[part] * keep) + (after[part] * (1f - keep));
        }
    }

    /// <summary>Makes a mask that is true where a step lies within its sequence, shape (B, T), on the device.</summary>
    private static BoolTensor Exists(string owner, IndexTensor lengths, Shape x)
    {
        if (lengths.Shape.Rank != 1 || lengths.Shape[0] != x[0])
            throw ShapeException.Wrong(owner, nameof(lengths), $"(B,) = ({x[0]},)", lengths.Shape, $"x is {x}");
        return BoolTensor.LengthMask(lengths, x[1]);
    }

    /// <summary>Reshapes a mask of shape (B, 1) to as many axes as a variable of the state.</summary>
    private static BoolTensor Spread(BoolTensor isStep, Shape shape) =>
        isStep.Reshape(new Shape([shape[0], .. Enumerable.Repeat(1, shape.Rank - 1)]));
}
