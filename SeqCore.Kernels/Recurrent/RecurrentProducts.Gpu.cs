using ILGPU;
using SeqCore.Kernels.Cells;
using SeqCore.Kernels.Recurrent;

namespace SeqCore.Kernels;

/// <summary>The products over all steps: of the inputs before the steps, of the gradients after them.</summary>
public sealed partial class GpuBackend
{
    // Gates of some steps = x W_ih' + b_ih, for rows in time-first order.
    private void MultiplyInputs(in RecurrentPlan plan, in RecurrentArguments a, int start, int steps, DeviceSpan<float> gates)
    {
        using var copy = TimeFirst(a.X, plan.Batch, start, steps, plan.InputSize, out var x);
        MatMul(new MatMulArguments
        {
            M = steps * plan.Batch,
            N = plan.Gates * plan.HiddenSize,
            K = plan.InputSize,
            A = new Matrix(x, plan.InputSize),
            B = new Matrix(a.Weights.WeightIh, plan.InputSize, Transposed: true),
            C = new Matrix(gates, plan.Saved * plan.HiddenSize),
            Bias = a.Weights.BiasIh,
        });
    }

    // dX = dA W_ih, dW_ih = dA' X.
    private void InputGradients(in RecurrentPlan plan, in RecurrentArguments a, in RecurrentGradients g,
        in RecurrentMemory memory)
    {
        int rows = plan.Steps * plan.Batch, inputs = plan.InputSize, side = plan.Gates * plan.HiddenSize,
            gatesRow = plan.Saved * plan.HiddenSize;
        if (!g.DX.Data.IsAbsent)
        {
            var dX = g.DX.Data;
            var inPlace = IsTimeFirst(g.DX, plan.Batch, plan.Steps, inputs);
            using var buffer = inPlace ? null : Scratch((long)rows * inputs, out dX);
            MatMul(new MatMulArguments
            {
                M = rows,
                N = inputs,
                K = side,
                A = new Matrix(memory.AllGates, gatesRow),
                B = new Matrix(a.Weights.WeightIh, inputs),
                C = new Matrix(dX, inputs),
            });
            if (!inPlace)
            {
                Copy(new StridedSpan(dX, Layout.Contiguous([plan.Steps, plan.Batch, inputs])),
                    Strided(g.DX, plan.Batch, 0, plan.Steps, inputs));
            }
        }

        if (g.Weights.WeightIh.IsAbsent)
            return;
        using var copy = a.Lengths.IsAbsent
            ? TimeFirst(a.X, plan.Batch, 0, plan.Steps, inputs, out var x)
            : TimeFirst(a.X, plan, a.Lengths, out x);
        WeightGradient(memory.AllGates, gatesRow, side, rows, x, inputs, inputs, g.Weights.WeightIh);
    }

    // dW_hh = dA' H, with the hidden side of the last gate if it differs (GRU).
    private void HiddenGradients<TCell>(in RecurrentPlan plan, in RecurrentArguments a, in RecurrentGradients g,
        in RecurrentMemory memory) where TCell : struct, IRecurrentCell
    {
        if (g.Weights.WeightHh.IsAbsent)
            return;
        int h = plan.HiddenSize, rows = plan.Steps * plan.Batch, side = plan.Gates * h, gatesRow = plan.Saved * h;
        var resets = TCell.ResetBlock >= 0;
        var shared = resets || RecurrentPlan.SplitsLastGate<TCell>() ? side - h : side;
        var apart = TCell.LastHiddenBlock * h;
        var gates = memory.AllGates;

        // The separate gates start inside the first row; without rows there is nothing to skip.
        var last = shared == side || rows == 0 ? gates : gates.Slice(apart, gates.Length - apart);

        // The states before each step, in the order of time, are one matrix that starts at the first or second slot.
        var before = memory.AllHidden.Slice(a.Reverse ? plan.StateSize : 0, rows * h);
        var to = g.Weights.WeightHh;
        WeightGradient(gates, gatesRow, shared, rows, before, h, h, to.Slice(0, shared * h));
        if (shared == side)
            return;
        var kept = TCell.ResetBlock * h;
        var x = !resets ? before : rows == 0 ? gates : gates.Slice(kept, gates.Length - kept);
        WeightGradient(last, gatesRow, h, rows, x, resets ? gatesRow : h, h, to.Slice(shared * h, h * h));
    }

    // db_ih = sum dA over all steps and sequences; db_hh likewise, with the hidden side of the last gate if it differs.
    private void BiasGradients<TCell>(in RecurrentPlan plan, in RecurrentGradients g, DeviceSpan<float> gates)
        where TCell : struct, IRecurrentCell
    {
        DeviceSpan<float> inputs = g.Weights.BiasIh, hidden = g.Weights.BiasHh;
        if (inputs.IsAbsent && hidden.IsAbsent)
            return;
        int h = plan.HiddenSize, side = plan.Gates * h, width = plan.Saved * h;
        using var buffer = Scratch(width, out var sums);
        SumRows(gates, plan.Steps * plan.Batch, width, sums);
        CopyState(sums.Slice(0, side), inputs);
        if (hidden.IsAbsent)
            return;
        CopyState(sums.Slice(0, side - h), hidden.Slice(0, side - h));
        CopyState(sums.Slice(TCell.LastHiddenBlock * h, h), hidden.Slice(side - h, h));
    }

    // If there are many rows, in two passes, so that runs of rows are summed in parallel; the runs depend on the sizes.
    private void SumRows(DeviceSpan<float> gates, int rows, int width, DeviceSpan<float> sums)
    {
        const int RowsOfGroup = 256;
        var groups = (width + GateSums.Columns - 1) / GateSums.Columns;
        var runs = (int)Math.Min(65535, (rows + (long)RowsOfGroup - 1) / RowsOfGroup);
        if (runs <= 1)
        {
            Launch(new GateSums { Gates = View(gates), Rows = rows, RowsOfGroup = rows, Width = width, Sums = View(sums) },
                groups);
            return;
        }

        var each = (rows + runs - 1) / runs;
        using var buffer = Scratch((long)runs * width, out var partial);
        Launch(new GateSums { Gates = View(gates), Rows = rows, RowsOfGroup = each, Width = width, Sums = View(partial) },
            new Index3D(groups, runs, 1));
        SumRows(partial, runs, width, sums);
    }

    // dW = dA' X: sums over all steps and sequences of outer products.
    private void WeightGradient(DeviceSpan<float> dA, int stride, int outputs, int rows, DeviceSpan<float> x,
        int xStride, int inputs, DeviceSpan<float> dW) =>
        MatMul(new MatMulArguments
        {
            M = outputs,
            N = inputs,
            K = rows,
            A = new Matrix(dA, stride, Transposed: true),
            B = new Matrix(x, xStride),
            C = new Matrix(dW, inputs),
        });

    // Returns steps of a sequence as a matrix of rows t B + b: the memory itself if it has this layout, otherwise a copy.
    private DeviceBuffer? TimeFirst(in SequenceSpan x, int batch, int start, int steps, int width, out DeviceSpan<float> rows)
    {
        if (IsTimeFirst(x, batch, steps, width))
        {
            rows = x.Data.Slice(start * x.StepStride, steps * batch * width);
            return null;
        }

        var buffer = Scratch((long)steps * batch * width, out rows);
        Copy(Strided(x, batch, start, steps, width), new StridedSpan(rows, Layout.Contiguous([steps, batch, width])));
        return buffer;
    }

    // Returns all steps as such a matrix, with 0 past the lengths: a row that is multiplied by a gradient of 0 must not hold NaN.
    private DeviceBuffer TimeFirst(in SequenceSpan x, in RecurrentPlan plan, DeviceSpan<int> lengths, out DeviceSpan<float> rows)
    {
        var count = (long)plan.Steps * plan.Batch * plan.InputSize;
        var buffer = Scratch(count, out rows);
        if (count > 0)
        {
            Launch(
                new RecurrentInputs
                {
                    X = View(x.Data),
                    BatchStride = x.BatchStride,
                    StepStride = x.StepStride,
                    Batch = plan.Batch,
                    Width = plan.InputSize,
                    Lengths = View(lengths),
                    Rows = View(rows),
                },
                (int)((count + 255) / 256));
        }

        return buffer;
    }

    private static StridedSpan Strided(in SequenceSpan x, int batch, int start, int steps, int width) => new(
        x.Data.Slice(start * x.StepStride, x.Data.Length - (start * x.StepStride)),
        new Layout([steps, batch, width], [x.StepStride, x.BatchStride, 1]));

    private static bool IsTimeFirst(in SequenceSpan x, int batch, int steps, int width) =>
        (batch <= 1 || x.BatchStride == width) && (steps <= 1 || x.StepStride == batch * width);
}
