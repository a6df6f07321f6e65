using SeqCore.Kernels.Cells;
using SeqCore.Kernels.Recurrent;

namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// Returns the number of floats that <see cref="RecurrentForward{TCell}"/> saves for <see cref="RecurrentBackward{TCell}"/>.
    /// </summary>
    /// <typeparam name="TCell">The cell.</typeparam>
    /// <param name="shape">The sizes of the layer.</param>
    /// <exception cref="SizeLimitException">The number is more than 2^31 - 1.</exception>
    public static int RecurrentWorkspace<TCell>(RecurrentShape shape) where TCell : struct, IRecurrentCell =>
        RecurrentPlan.For<TCell>(shape).Workspace(TCell.HasCell);

    /// <summary>
    /// Runs one layer of recurrent cells in one direction over whole sequences: for each step t it computes the gates' sums a =
    /// W_ih x_t + b_ih + W_hh h + b_hh and applies the equations of the cell to them.
    /// </summary>
    /// <typeparam name="TCell">The cell, for example <see cref="LstmCell{TGate, TState}"/>.</typeparam>
    /// <param name="arguments">The sizes, inputs, weights, initial state, lengths, zoneout and direction.</param>
    /// <param name="outputs">The memory for the results.</param>
    /// <exception cref="ArgumentException">The memory of an argument does not fit the sizes; the message names it.</exception>
    public void RecurrentForward<TCell>(in RecurrentArguments arguments, in RecurrentOutputs outputs)
        where TCell : struct, IRecurrentCell
    {
        var plan = RecurrentPlan.For<TCell>(arguments.Shape);
        RecurrentChecks.Forward<TCell>(CellName<TCell>.Forward, plan, arguments, outputs);
        using var dense = DenseWeights(plan, arguments, out var operands);
        RunRecurrentForward<TCell>(plan, operands, outputs);
        KeepAlive(arguments);
        KeepAlive(outputs);
    }

    /// <summary>Back-propagates <see cref="RecurrentForward{TCell}"/> through time; overwrites the workspace.</summary>
    /// <typeparam name="TCell">The cell.</typeparam>
    /// <param name="arguments">The arguments of the forward pass, with the workspace that it filled.</param>
    /// <param name="gradients">The gradients of the results, and the memory for the gradients of the inputs.</param>
    /// <exception cref="ArgumentException">The memory of an argument does not fit the sizes; the message names it.</exception>
    public void RecurrentBackward<TCell>(in RecurrentArguments arguments, in RecurrentGradients gradients)
        where TCell : struct, IRecurrentCell
    {
        var plan = RecurrentPlan.For<TCell>(arguments.Shape);
        RecurrentChecks.Backward<TCell>(CellName<TCell>.Backward, plan, arguments, gradients);
        using var dense = DenseWeights(plan, arguments, out var operands);
        var weights = gradients.Weights.WeightHh;
        if (dense is null || weights.IsAbsent)
        {
            RunRecurrentBackward<TCell>(plan, operands, gradients);
        }
        else
        {
            using var buffer = Rent((long)plan.DenseSize * sizeof(float));
            var all = new DeviceSpan<float>(buffer, 0, plan.DenseSize);
            RunRecurrentBackward<TCell>(plan, operands, gradients with { Weights = gradients.Weights with { WeightHh = all } });
            Copy(plan.Diagonal(all), plan.BlocksOf(weights));
        }

        KeepAlive(arguments);
        KeepAlive(gradients);
    }

    private protected abstract void RunRecurrentForward<TCell>(in RecurrentPlan plan, in RecurrentArguments arguments,
        in RecurrentOutputs outputs) where TCell : struct, IRecurrentCell;

    private protected abstract void RunRecurrentBackward<TCell>(in RecurrentPlan plan, in RecurrentArguments arguments,
        in RecurrentGradients gradients) where TCell : struct, IRecurrentCell;

    // Returns recurrent weights in blocks as a matrix with zeros around them; without blocks null and the unchanged arguments.
    private DeviceBuffer? DenseWeights(in RecurrentPlan plan, in RecurrentArguments arguments, out RecurrentArguments dense)
    {
        dense = arguments;
        if (plan.DiagonalBlocks == 1 || plan.DenseSize == 0)
            return null;
        var buffer = Rent((long)plan.DenseSize * sizeof(float));
        var all = new DeviceSpan<float>(buffer, 0, plan.DenseSize);
        Fill(new StridedSpan(all, Layout.Contiguous([plan.DenseSize])), 0f);
        Copy(plan.BlocksOf(arguments.Weights.WeightHh), plan.Diagonal(all));
        dense = arguments with { Weights = arguments.Weights with { WeightHh = all } };
        return buffer;
    }
}
