using System.Runtime.InteropServices;
using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Keeps the losses and gradient norms of the last steps on the device, one row for each step, so that no step has to wait; when
/// a value is read, or no row is free, all rows are read at once. On the CPU every value is known as soon as it is computed.
/// </summary>
internal sealed class StepLog : IDisposable
{
    internal const int Capacity = 16;
    private readonly int batches;
    private readonly float? maxNorm;
    private readonly Tensor rows;
    private readonly Tensor[] factors;
    private readonly List<StepValues> unread = new(Capacity);
    private readonly List<DeviceSpan<float>> gradients = [];
    private readonly double[] seconds = new double[Capacity];
    private double waited;
    private int timed;
    private int before = -1;
    private int row = -1;

    /// <param name="backend">The backend that computes the losses.</param>
    /// <param name="batches">The number of batches whose gradients a step averages.</param>
    /// <param name="maxNorm">The norm that gradients are clipped to, or null.</param>
    internal StepLog(Backend backend, int batches, float? maxNorm)
    {
        (this.batches, this.maxNorm) = (batches, maxNorm);
        using var suspension = TensorScope.Suspend();
        var width = SizeLimitException.Check($"Trainer: a row of the losses of {batches} batches and two norms", batches + 2L,
            "Make Accumulation smaller.");
        rows = Tensor.Zeros([Capacity, width], backend);
        factors = [.. Enumerable.Range(0, Capacity).Select(i => rows.Select(0, i).Slice(0, batches + 1, 1))];
        IsImmediate = backend.Device.Kind == DeviceKind.Cpu;
    }

    /// <summary>Whether operations have run when they return, so that reading does not wait.</summary>
    internal bool IsImmediate { get; }

    /// <summary>Whether the next step would overwrite a row that has not been read.</summary>
    internal bool IsFull => unread.Count == Capacity;

    /// <summary>The factor of the gradients in the current step, shape (1,).</summary>
    internal Tensor Factor => factors[row];

    /// <summary>Takes the next row for a step.</summary>
    internal StepValues Begin(long step)
    {
        (before, row) = (row, (row + 1) % Capacity);
        var values = new StepValues(this, step, maxNorm is not null);
        unread.Add(values);
        return values;
    }

    /// <summary>Records the loss of one batch.</summary>
    /// <exception cref="InvalidOperationException">The loss is not one number.</exception>
    internal void PutLoss(int batch, Tensor loss)
    {
        if (loss.ElementCount != 1)
        {
            throw new InvalidOperationException("Trainer.Run: the loss of a batch should be one number; the task returned one of"
                + $" shape {loss.Shape}. Reduce it with Mean() or Sum().");
        }

        rows.Backend.Copy(loss.Strided, new StridedSpan(Row(row).Slice(batch, 1), loss.Strided.Layout));
    }

    /// <summary>
    /// Computes the norm and the factor; if nothing is clipped, a factor that disables the step if a loss or a gradient is not
    /// finite.
    /// </summary>
    internal void Clip(Parameter[] parameters)
    {
        var result = Row(row).Slice(batches, 2);
        var earlier = before < 0 ? default : Row(before).Slice(batches + 1, 1);
        gradients.Clear();
        if (maxNorm is null)
            gradients.Add(Row(row).Slice(0, batches));
        GradientClip.AddGradients(parameters, gradients);
        rows.Backend.ClipFactor(CollectionsMarshal.AsSpan(gradients), maxNorm ?? float.PositiveInfinity, result, earlier);
        gradients.Clear();
    }

    /// <summary>Reads all rows that have not been read; waits for the device.</summary>
    internal void Read()
    {
        var table = rows.ToArray();
        var width = batches + 2;
        for (var i = 0; i < unread.Count; i++)
        {
            var at = (row - unread.Count + 1 + i + Capacity) % Capacity;
            unread[i].Read(table.AsSpan(at * width, width));
        }

        unread.Clear();
    }

    /// <summary>Records the time of a step, including waits.</summary>
    /// <returns>The seconds per step: of this step on the CPU, or the mean of the last steps on an asynchronous device.</returns>
    internal double SecondsPerStep(double ofThisStep)
    {
        if (IsImmediate)
            return ofThisStep;
        seconds[timed++ % Capacity] = ofThisStep;
        return seconds.Sum() / Math.Min(timed, Capacity);
    }

    /// <summary>Adds a wait to the time of the last step.</summary>
    internal void AddWait(double secondsWaited)
    {
        seconds[(timed + Capacity - 1) % Capacity] += secondsWaited;
        waited += secondsWaited;
    }

    /// <summary>Returns the waits since the last call.</summary>
    internal double TakeWaits()
    {
        var result = waited;
        waited = 0;
        return result;
    }

    public void Dispose()
    {
        Array.ForEach(factors, f => f.Dispose());
        rows.Dispose();
    }

    private DeviceSpan<float> Row(int index) => rows.Span.Slice(index * (batches + 2), batches + 2);
}
