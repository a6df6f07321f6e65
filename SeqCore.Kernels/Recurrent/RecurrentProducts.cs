using SeqCore.Kernels.Cells;
using SeqCore.Kernels.MatMul;

namespace SeqCore.Kernels.Recurrent;

/// <summary>The products over all steps after back-propagation through time, and the copies between orders of axes.</summary>
internal static unsafe class RecurrentProducts
{
    /// <summary>Computes the gradients of the inputs, the weights and the biases from the gates' gradients.</summary>
    internal static void Gradients<TCell>(CpuBackend backend, in RecurrentPlan plan, in BackwardSteps<TCell> run,
        in RecurrentArguments arguments, in RecurrentGradients gradients) where TCell : struct, IRecurrentCell
    {
        var order = run.Forward.Order;
        int h = plan.HiddenSize, inputs = plan.InputSize, rows = (int)order.Start(plan.Steps), gatesRow = plan.Saved * h,
            side = plan.Gates * h;
        var gates = run.Forward.Gates;
        if (!gradients.DX.Data.IsAbsent)
        {
            var to = gradients.DX;
            var inPlace = AreRows(to, plan.Batch, order, plan.Steps, inputs);
            using var buffer = inPlace ? default : backend.Take((long)rows * inputs * sizeof(float));
            var dX = inPlace ? to.Data.Pointer() : buffer.Pointer;
            backend.Multiply(
                new Product
                {
                    M = rows, N = inputs, K = side,
                    A = gates, ARowStride = gatesRow, AColumnStride = 1,
                    B = arguments.Weights.WeightIh.Pointer(), BRowStride = inputs, BColumnStride = 1,
                    C = dX, CStride = inputs, Alpha = 1f,
                },
                backend.Workers);
            if (!inPlace)
                Copy(backend, dX, to, plan.Batch, order, 0, plan.Steps, inputs, toSequence: true);
        }

        if (!gradients.Weights.WeightIh.IsAbsent)
        {
            using var copy = Rows(backend, arguments.X, plan.Batch, order, 0, plan.Steps, inputs, out var x);
            Weights(backend, gates, gatesRow, side, rows, x, inputs, inputs, gradients.Weights.WeightIh.Pointer(), inputs);
        }

        if (!gradients.Weights.WeightHh.IsAbsent)
        {
            // The states before each step, in the order of time, are one matrix that starts at the first or second slot, and has
            // gaps where sequences are over.
            var before = run.Forward.Hidden + (run.Forward.Reverse ? plan.StateSize : 0);
            using var packed = order.IsPacked ? backend.Take((long)rows * h * sizeof(float)) : default;
            if (order.IsPacked)
            {
                var from = before;
                before = packed.Pointer;
                for (var t = 0; t < plan.Steps; t++)
                {
                    new Span<float>(from + ((nint)t * plan.StateSize), order.Active(t) * h)
                        .CopyTo(new Span<float>(before + (order.Start(t) * h), order.Active(t) * h));
                }
            }

            var to = gradients.Weights.WeightHh.Pointer();
            var resets = TCell.ResetBlock >= 0;
            var shared = resets || RecurrentPlan.SplitsLastGate<TCell>() ? side - h : side;
            var own = gates + (TCell.LastHiddenBlock * h);
            var seen = resets ? gates + (TCell.ResetBlock * h) : before;
            var seenRow = resets ? gatesRow : h;
            if (plan.DiagonalBlocks == 1)
            {
                Weights(backend, gates, gatesRow, shared, rows, before, h, h, to, h);
                if (shared < side)
                    Weights(backend, own, gatesRow, h, rows, seen, seenRow, h, to + ((nint)shared * h), h);
            }

            // Only the blocks are read afterwards, whatever the memory around them holds.
            for (int d = plan.DiagonalSize, i = 0; i < side && d < h; i += d)
            {
                var (column, isOwn) = (i % h, i >= shared);
                Weights(backend, isOwn ? own + column : gates + i, gatesRow, d, rows, (isOwn ? seen : before) + column,
                    isOwn ? seenRow : h, d, to + ((nint)i * h) + column, h);
            }
        }

        Biases<TCell>(plan, run.DBias, gradients.Weights.BiasIh, hidden: false);
        Biases<TCell>(plan, run.DBias, gradients.Weights.BiasHh, hidden: true);
    }

    /// <summary>
    /// Returns the rows of some steps in the given order as a matrix: the memory itself if it has this layout, otherwise a copy.
    /// </summary>
    internal static Scratch Rows(CpuBackend backend, in SequenceSpan x, int batch, in SequenceOrder order, int start,
        int steps, int width, out float* rows)
    {
        if (AreRows(x, batch, order, steps, width))
        {
            rows = x.Data.Pointer() + ((nint)start * x.StepStride);
            return default;
        }

        var copy = backend.Take((order.Start(start + steps) - order.Start(start)) * (long)width * sizeof(float));
        rows = copy.Pointer;
        Copy(backend, rows, x, batch, order, start, steps, width, toSequence: false);
        return copy;
    }

    private static bool AreRows(in SequenceSpan x, int batch, in SequenceOrder order, int steps, int width) => !order.IsPacked
        && (batch <= 1 || x.BatchStride == width) && (steps <= 1 || x.StepStride == batch * width);

    // dW = dA' X: sums over all steps and sequences of outer products.
    private static void Weights(CpuBackend backend, float* dA, nint stride, int outputs, int rows, float* x, nint xStride,
        int inputs, float* dW, nint dWStride) =>
        backend.Multiply(
            new Product
            {
                M = outputs, N = inputs, K = rows,
                A = dA, ARowStride = 1, AColumnStride = stride,
                B = x, BRowStride = xStride, BColumnStride = 1,
                C = dW, CStride = dWStride, Alpha = 1f,
            },
            backend.Workers);

    // The hidden side of the last gate may have a gradient of its own.
    private static void Biases<TCell>(in RecurrentPlan plan, float* sums, DeviceSpan<float> to, bool hidden)
        where TCell : struct, IRecurrentCell
    {
        if (to.IsAbsent)
            return;
        int h = plan.HiddenSize, shared = (plan.Gates - 1) * h;
        var all = to.AsHostSpan();
        all.Clear();
        for (var i = 0; i < plan.BiasSums; i++)
        {
            var from = sums + ((nint)i * plan.Saved * h);
            Add(from, all[..shared]);
            Add(from + ((hidden ? TCell.LastHiddenBlock : plan.Gates - 1) * h), all[shared..]);
        }
    }

    private static void Add(float* from, Span<float> to)
    {
        for (var i = 0; i < to.Length; i++)
            to[i] += from[i];
    }

    private static void Copy(CpuBackend backend, float* rows, in SequenceSpan x, int batch, in SequenceOrder order, int start,
        int steps, int width, bool toSequence)
    {
        var copies = new StepCopies
        {
            Rows = rows - (order.Start(start) * width),
            Sequence = x.Data.Pointer(),
            BatchStride = x.BatchStride,
            StepStride = x.StepStride,
            Batch = batch,
            Width = width,
            ToSequence = toSequence,
            Order = order,
            Start = start,
        };
        if ((long)steps * batch * width >= 1 << 16)
        {
            backend.Workers.For(steps, ref copies);
            return;
        }

        for (var i = 0; i < steps; i++)
            copies.Invoke(i);
    }

    private struct StepCopies : IChunks
    {
        /// <summary>The rows from time 0 on, of which those of some steps exist.</summary>
        internal float* Rows;
        internal float* Sequence;
        internal nint BatchStride;
        internal nint StepStride;
        internal int Batch;
        internal int Width;
        internal bool ToSequence;
        internal SequenceOrder Order;

        /// <summary>The time of chunk 0.</summary>
        internal int Start;

        public readonly void Invoke(int chunk)
        {
            int time = Start + chunk, active = Order.Active(time);
            for (var b = 0; b < Batch; b++)
            {
                var vector = new Span<float>(Sequence + (time * StepStride) + (Order.Sequence(b) * BatchStride), Width);
                var row = b < active ? new Span<float>(Rows + ((Order.Start(time) + b) * Width), Width) : default;
                if (!ToSequence)
                    vector[..row.Length].CopyTo(row);
                else if (b < active)
                    row.CopyTo(vector);
                else
                    vector.Clear();
            }
        }
    }
}
