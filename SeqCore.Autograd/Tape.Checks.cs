using SeqCore.Kernels;

namespace SeqCore;

/// <content>What a tape refuses: lost gradients, numbers that are not finite, and memory that changed.</content>
public sealed partial class Tape
{
    /// <summary>
    /// Rejects inputs whose gradient would be lost: results of a closed tape, or of an open one that this execution context has
    /// not inherited. If the tape is paused, collects the inputs for the code that asked for them.
    /// </summary>
    /// <param name="tape">The current tape, or null.</param>
    /// <param name="function">The function that is about to be applied.</param>
    /// <param name="isRecorded">Whether the function will be recorded.</param>
    internal static void CheckInputs(Tape? tape, Function function, bool isRecorded)
    {
        for (var i = 0; i < function.Inputs.Length; i++)
        {
            if (function.Inputs[i].Creator is not { Tape: { } own } creator)
                continue;
            if (isRecorded && !own.IsOpen)
            {
                throw new InvalidOperationException(
                    $"{function.Name}: input {i}, of shape {function.Inputs[i].Shape}, was recorded on a tape that is closed. "
                    + "To continue from its value, keep it with Tape.Keep and use Detach(), as RecurrentState.Keep does.");
            }

            if (own == tape)
            {
                if (!isRecorded)
                    TapeFrame.NoteUse(Top.Value, creator);
            }
            else if (own.IsOpen && !own.used && !TapeFrame.Contains(Top.Value, own))
            {
                throw new InvalidOperationException(
                    $"{function.Name}: input {i}, of shape {function.Inputs[i].Shape}, was recorded on a tape that is open "
                    + "elsewhere, and this thread did not inherit it, so that the gradient would be lost. Start the work in a "
                    + "task or thread while the tape is open, enter it with Tape.Enter(), or take Detach() for the value alone.");
            }
        }
    }

    /// <summary>Notifies every pause that asked for it if a variable is the result of a recorded function.</summary>
    internal static void NoteUse(Variable variable)
    {
        if (variable.Creator is { Tape.IsOpen: true } creator)
            TapeFrame.NoteUse(Top.Value, creator);
    }

    internal void CheckForward(Function function, params ReadOnlySpan<Tensor> values)
    {
        Tensor? bad = null;
        for (var i = 0; detectAnomalies && bad is null && i < values.Length; i++)
            bad = function.IsSound(values[i]) ? null : values[i];
        if (bad is null)
            return;
        for (var i = 0; i < function.Inputs.Length; i++)
        {
            if (!function.Inputs[i].Value.IsFinite())
            {
                throw new AnomalyException(function.Name, "forward", bad.Shape,
                    $"Its input {i}, of shape {function.Inputs[i].Shape}, held some already.");
            }
        }

        throw new AnomalyException(function.Name, "forward", bad.Shape, null);
    }

    private InvalidOperationException Stale(string shape, string writer) => new(
        $"{running!.Name}: its backward pass needs a tensor of shape {shape} as it was in the forward pass, but {writer} has "
        + "changed it, or memory that it is a view of, since. Run Backward before the change, or give the operation a Copy() of "
        + "the tensor.");

    private InvalidOperationException? RefuseWrite(DeviceBuffer buffer, string writer) => running!.GotGradientIn(buffer)
        ? new($"{running.Name}: {writer} in its Backward wrote to dY, which other functions read too. Hint: write to a Copy().")
        : null;
}
